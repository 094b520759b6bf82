package io.millrace.remote;

import io.millrace.files.UserDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How an executor runs: immutable, made by a builder, printed in full. */
public final class ExecutorConfig {
    /** Where executors accept links. */
    public static final int DEFAULT_PORT = 53293;

    private final Builder values;

    private ExecutorConfig(Builder values) {
        this.values = values.copy();
    }

    /** @param machineId what dataflow files name this machine by; one executor of a cluster has it at a time */
    public static Builder builder(String machineId) {
        return new Builder(machineId);
    }

    public String machineId() {
        return values.machineId;
    }

    public String cluster() {
        return values.cluster;
    }

    /** Where its masters are, any of them, in the order in which they are tried. */
    public List<HostPort> masters() {
        return values.masters;
    }

    /** Where it accepts links from other executors and clients: {@code 127.0.0.1:53293} unless said. */
    public HostPort address() {
        return values.address;
    }

    /** Where others reach it; empty for the address it is bound to, or, if that is every address, the one by which it reaches its masters. */
    public Optional<HostPort> advertiseAddress() {
        return Optional.ofNullable(values.advertiseAddress);
    }

    /** What it offers; nodes ask for it with {@code deploy.labels}. */
    public Map<String, String> labels() {
        return values.labels;
    }

    /** The base directory: relative working directories are seen from it, and what belongs to jobs is kept below. */
    public Path workingDirectory() {
        return values.workingDirectory;
    }

    /** Where node classes come from that no {@code classpath} gives; empty for the context loader of the starting thread. */
    public Optional<ClassLoader> classLoader() {
        return Optional.ofNullable(values.classLoader);
    }

    /** Whether a node that is not local must have a {@code working_dir}: false unless said. */
    public boolean requireWorkingDir() {
        return values.requireWorkingDir;
    }

    /** Whether nodes may run shell command lines: false unless said. */
    public boolean allowShell() {
        return values.allowShell;
    }

    /** How long what the masters take away may go on: 2 s unless said. */
    public Duration dropGrace() {
        return values.dropGrace;
    }

    /** Where it answers probes and collectors by HTTP, in the clear: {@code /healthz}, {@code /readyz} (when it is registered), {@code /metrics}. Empty for nowhere. */
    public Optional<HostPort> httpAddress() {
        return Optional.ofNullable(values.httpAddress);
    }

    public Optional<TlsFiles> tls() {
        return Optional.ofNullable(values.tls);
    }

    /** Whether it speaks in the clear beyond this machine. */
    public boolean isInsecure() {
        return values.isInsecure;
    }

    /** What is dialled in place of an address: itself unless said. */
    public UnaryOperator<HostPort> route() {
        return values.route;
    }

    /**
     * The directory in which it shares memory with other executors of this host and user, for edges between them: empty, and so off, unless said. All of them have to name the same one, in memory rather
     * than on a disk.
     */
    public Optional<Path> sharedMemory() {
        return Optional.ofNullable(values.sharedMemory);
    }

    @Override
    public String toString() {
        return "ExecutorConfig[machineId=" + values.machineId + ", cluster=" + values.cluster + ", masters="
                + values.masters + ", address=" + values.address + ", advertiseAddress=" + values.advertiseAddress
                + ", labels=" + values.labels + ", workingDirectory=" + values.workingDirectory + ", classLoader="
                + values.classLoader + ", requireWorkingDir=" + values.requireWorkingDir + ", allowShell="
                + values.allowShell + ", dropGrace=" + values.dropGrace
                + ", httpAddress=" + values.httpAddress + ", tls=" + values.tls + ", insecure="
                + values.isInsecure + ", sharedMemory=" + values.sharedMemory + "]";
    }

    /** Not safe to share between threads. */
    public static final class Builder {
        private final String machineId;
        private String cluster = "millrace";
        private List<HostPort> masters = List.of(new HostPort("127.0.0.1", MasterPorts.CONTROL));
        private HostPort address = new HostPort("127.0.0.1", DEFAULT_PORT);
        private @Nullable HostPort advertiseAddress;
        private Map<String, String> labels = Map.of();
        private Path workingDirectory;
        private @Nullable ClassLoader classLoader;
        private boolean requireWorkingDir;
        private boolean allowShell;
        private Duration dropGrace = Duration.ofSeconds(2);
        private UnaryOperator<HostPort> route = UnaryOperator.identity();
        private @Nullable HostPort httpAddress;
        private @Nullable TlsFiles tls;
        private boolean isInsecure;
        private @Nullable Path sharedMemory;

        private Builder(String machineId) {
            this.machineId = Names.checked("machine id", machineId);
            this.workingDirectory = UserDirectory.path().resolve("executor-" + machineId);
        }

        /** {@code millrace} unless said. */
        public Builder cluster(String name) {
            cluster = Names.checked("cluster", name);
            return this;
        }

        /** @throws IllegalArgumentException if there is none */
        public Builder masters(List<HostPort> addresses) {
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("an executor needs the address of at least one master, found none");
            }
            masters = List.copyOf(addresses);
            return this;
        }

        public Builder address(HostPort bound) {
            address = Objects.requireNonNull(bound, "address");
            return this;
        }

        public Builder advertiseAddress(HostPort reachable) {
            advertiseAddress = Objects.requireNonNull(reachable, "advertise address");
            return this;
        }

        public Builder labels(Map<String, String> offered) {
            labels = Map.copyOf(new TreeMap<>(offered));
            return this;
        }

        public Builder workingDirectory(Path directory) {
            workingDirectory = directory.toAbsolutePath();
            return this;
        }

        public Builder classLoader(ClassLoader loader) {
            classLoader = loader;
            return this;
        }

        /** See {@link ExecutorConfig#sharedMemory}; {@code /dev/shm} on Linux. */
        public Builder sharedMemory(Path directory) {
            sharedMemory = directory.toAbsolutePath();
            return this;
        }

        public Builder requireWorkingDir(boolean require) {
            requireWorkingDir = require;
            return this;
        }

        public Builder allowShell(boolean allow) {
            allowShell = allow;
            return this;
        }

        public Builder dropGrace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("drop grace must not be negative, found " + grace);
            }
            dropGrace = grace;
            return this;
        }

        /**
         * Each address goes through it before it is dialled: for a network in which members reach each other at other addresses than those they tell, by forwarded
         * ports or in tests. Called by any thread, and must not block.
         */
        public Builder route(UnaryOperator<HostPort> value) {
            route = Objects.requireNonNull(value, "route");
            return this;
        }

        public Builder httpAddress(HostPort bound) {
            httpAddress = Objects.requireNonNull(bound, "http address");
            return this;
        }

        public Builder tls(TlsFiles files) {
            tls = files;
            return this;
        }

        /** To speak in the clear beyond this machine: whoever reaches it can then run anything on it. */
        public Builder insecure(boolean clear) {
            isInsecure = clear;
            return this;
        }

        public ExecutorConfig build() {
            return new ExecutorConfig(this);
        }

        private Builder copy() {
            Builder copy = new Builder(machineId);
            copy.cluster = cluster;
            copy.masters = new ArrayList<>(masters);
            copy.address = address;
            copy.advertiseAddress = advertiseAddress;
            copy.labels = labels;
            copy.workingDirectory = workingDirectory;
            copy.classLoader = classLoader;
            copy.requireWorkingDir = requireWorkingDir;
            copy.allowShell = allowShell;
            copy.dropGrace = dropGrace;
            copy.route = route;
            copy.httpAddress = httpAddress;
            copy.tls = tls;
            copy.isInsecure = isInsecure;
            copy.sharedMemory = sharedMemory;
            return copy;
        }
    }
}
