package io.millrace.remote;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How a client reaches a cluster: immutable, made by a builder, printed in full. */
public final class ClusterConfig {
    private final String cluster;
    private final String name;
    private final List<HostPort> masters;
    private final Duration timeout;
    private final Duration closeTimeout;
    private final Duration lostExecutorTimeout;
    private final Duration placementTimeout;
    private final boolean requireWorkingDir;
    private final UnaryOperator<HostPort> route;
    private final @Nullable TlsFiles tls;
    private final boolean isInsecure;

    private ClusterConfig(Builder builder) {
        cluster = builder.cluster;
        name = builder.name;
        masters = builder.masters;
        timeout = builder.timeout;
        closeTimeout = builder.closeTimeout;
        lostExecutorTimeout = builder.lostExecutorTimeout;
        placementTimeout = builder.placementTimeout;
        requireWorkingDir = builder.requireWorkingDir;
        route = builder.route;
        tls = builder.tls;
        isInsecure = builder.isInsecure;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The cluster whose master listens on this machine, where nothing else is said. */
    public static ClusterConfig local() {
        return builder().build();
    }

    public String cluster() {
        return cluster;
    }

    /** The client's own, which its certificate must carry. */
    public String name() {
        return name;
    }

    /** Any of them, in the order in which they are tried. */
    public List<HostPort> masters() {
        return masters;
    }

    /** For how long a call waits for a leading master: 30 s unless said. */
    public Duration timeout() {
        return timeout;
    }

    /** For how long {@link Cluster#close} waits until what the application has published has arrived: 5 s unless said. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** For how long a job waits for a lost executor that has nodes pinned to it, before it fails: 10 min unless said. */
    public Duration lostExecutorTimeout() {
        return lostExecutorTimeout;
    }

    /**
     * For how long a dataflow that is handed in waits for an executor, where no one that is there can take some of its nodes and one that is not there yet could: 10 s unless
     * said. After that it is refused, with what is missing machine by machine.
     */
    public Duration placementTimeout() {
        return placementTimeout;
    }

    /** Whether a node that is not local must have a {@code working_dir}: false unless said. */
    public boolean requireWorkingDir() {
        return requireWorkingDir;
    }

    public Optional<TlsFiles> tls() {
        return Optional.ofNullable(tls);
    }

    /** Whether it speaks in the clear beyond this machine. */
    public boolean isInsecure() {
        return isInsecure;
    }

    /** What is dialled in place of an address: itself unless said. */
    public UnaryOperator<HostPort> route() {
        return route;
    }

    @Override
    public String toString() {
        return "ClusterConfig[cluster=" + cluster + ", name=" + name + ", masters=" + masters + ", timeout=" + timeout
                + ", closeTimeout=" + closeTimeout + ", lostExecutorTimeout=" + lostExecutorTimeout
                + ", placementTimeout=" + placementTimeout + ", requireWorkingDir=" + requireWorkingDir + ", tls="
                + tls + ", insecure=" + isInsecure + "]";
    }

    /** Not safe to share between threads. */
    public static final class Builder {
        private String cluster = "millrace";
        private String name = "client";
        private List<HostPort> masters = List.of(new HostPort("127.0.0.1", MasterPorts.CONTROL));
        private Duration timeout = Duration.ofSeconds(30);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration lostExecutorTimeout = Duration.ofMinutes(10);
        private Duration placementTimeout = Duration.ofSeconds(10);
        private boolean requireWorkingDir;
        private UnaryOperator<HostPort> route = UnaryOperator.identity();
        private @Nullable TlsFiles tls;
        private boolean isInsecure;

        private Builder() {}

        /** {@code millrace} unless said. */
        public Builder cluster(String value) {
            cluster = Names.checked("cluster", value);
            return this;
        }

        /** {@code client} unless said. */
        public Builder name(String value) {
            name = Names.checked("client's name", value);
            return this;
        }

        /** @throws IllegalArgumentException if there is none */
        public Builder masters(List<HostPort> addresses) {
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("a client needs the address of at least one master, found none");
            }
            masters = List.copyOf(addresses);
            return this;
        }

        public Builder timeout(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("timeout must be positive, found " + value);
            }
            timeout = value;
            return this;
        }

        /** 0 for not at all. */
        public Builder closeTimeout(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("close timeout must not be negative, found " + value);
            }
            closeTimeout = value;
            return this;
        }

        public Builder lostExecutorTimeout(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("lost executor timeout must not be negative, found " + value);
            }
            lostExecutorTimeout = value;
            return this;
        }

        /** 0 for a refusal at once. */
        public Builder placementTimeout(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("placement timeout must not be negative, found " + value);
            }
            placementTimeout = value;
            return this;
        }

        public Builder requireWorkingDir(boolean require) {
            requireWorkingDir = require;
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

        public Builder tls(TlsFiles files) {
            tls = files;
            return this;
        }

        /** To speak in the clear beyond this machine. */
        public Builder insecure(boolean clear) {
            isInsecure = clear;
            return this;
        }

        public ClusterConfig build() {
            return new ClusterConfig(this);
        }
    }
}
