package io.millrace.remote;

import io.millrace.remote.master.LeaseSettings;
import io.millrace.remote.wire.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How a master runs: immutable, made by a builder, checked as a whole, printed in full. */
public final class MasterConfig {
    private static final Duration BELIEF_MARGIN = Duration.ofMillis(500);
    private static final HostPort LONE_RAFT_ADDRESS = new HostPort("127.0.0.1", MasterPorts.RAFT);

    private final Builder values;
    private final LeaseSettings leases;

    private MasterConfig(Builder values) {
        this.values = values.copy();
        this.leases = new LeaseSettings(values.lease, values.stopGrace, values.drift, values.renewEvery);
        leases.requireBeyond(belief());
    }

    /**
     * @param name of the master among the masters
     * @param dataDirectory where it keeps what it must not forget
     */
    public static Builder builder(String name, Path dataDirectory) {
        return new Builder(name, dataDirectory);
    }

    public String name() {
        return values.name;
    }

    public Path dataDirectory() {
        return values.dataDirectory;
    }

    public String cluster() {
        return values.cluster;
    }

    /** Where it accepts executors and clients: {@code 127.0.0.1:53290} unless said. */
    public HostPort address() {
        return values.address;
    }

    /** Where executors and clients reach it; empty for the address it is bound to. */
    public Optional<HostPort> advertiseAddress() {
        return Optional.ofNullable(values.advertiseAddress);
    }

    /** Where it accepts other masters: unless said, where {@link #peers} has it, and without any {@code 127.0.0.1:53292}. */
    public HostPort raftAddress() {
        HostPort said = values.raftAddress;
        return said != null ? said : ownPeer().map(MasterPeer::raftAddress).orElse(LONE_RAFT_ADDRESS);
    }

    /** All masters, itself among them; empty where it is the only one. */
    public List<MasterPeer> peers() {
        return values.peers;
    }

    /** Itself among the peers. */
    Optional<MasterPeer> ownPeer() {
        return values.peers.stream()
                .filter(peer -> peer.name().equals(values.name))
                .findFirst();
    }

    /** How long an executor goes without word before it stops its movable nodes: 10 s unless said. */
    public Duration lease() {
        return values.lease;
    }

    /** In which it stops them: 5 s unless said. */
    public Duration stopGrace() {
        return values.stopGrace;
    }

    /** What is waited beyond both, for clocks that do not run alike and for a master that does not know yet that it leads no more: 4 s unless said. */
    public Duration drift() {
        return values.drift;
    }

    /** How often executors renew their lease: 2 s unless said. */
    public Duration renewEvery() {
        return values.renewEvery;
    }

    /** After how long without word from the leader the others elect another: 2 s unless said. */
    public Duration electionTimeout() {
        return values.electionTimeout;
    }

    /** Where it answers probes and collectors by HTTP, in the clear: {@code /healthz}, {@code /readyz} (when it leads or knows who does), {@code /metrics}. Empty for nowhere. */
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

    LongSupplier wallClockMs() {
        return values.wallClockMs;
    }

    LeaseSettings leases() {
        return leases;
    }

    /** For how long a link between executors may be down before its edges are closed, and the job is degraded: 30 s unless said. Executors go by what their leading master says. */
    public Duration linkTimeout() {
        return values.linkTimeout;
    }

    /** For how long it may believe that it leads while another one does: until it finds that the others are silent, and looks. */
    Duration belief() {
        return values.electionTimeout.plus(BELIEF_MARGIN);
    }

    @Override
    public String toString() {
        return "MasterConfig[name=" + values.name + ", cluster=" + values.cluster + ", dataDirectory="
                + values.dataDirectory + ", address=" + values.address + ", advertiseAddress="
                + values.advertiseAddress + ", raftAddress=" + raftAddress() + ", peers=" + values.peers
                + ", lease=" + values.lease + ", stopGrace=" + values.stopGrace + ", drift=" + values.drift
                + ", renewEvery=" + values.renewEvery + ", linkTimeout=" + values.linkTimeout + ", electionTimeout="
                + values.electionTimeout + ", httpAddress=" + values.httpAddress
                + ", tls=" + values.tls + ", insecure=" + values.isInsecure + "]";
    }

    /**
     * A master, as the others know it.
     *
     * @param address where executors and clients reach it
     * @param raftAddress where other masters reach it
     */
    public record MasterPeer(String name, HostPort address, HostPort raftAddress) {
        /**
         * Reads {@code name=host}, {@code name=host:port} or {@code name=host:port:raftPort}.
         *
         * @throws IllegalArgumentException saying what was found and expected
         */
        public static MasterPeer parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "a master is name=host, name=host:port or name=host:port:raftPort, found '" + text + "'");
            }
            String name = Names.checked("master's name", text.substring(0, equals));
            String rest = text.substring(equals + 1);
            int last = rest.lastIndexOf(':');
            boolean hasBoth = last > 0 && !rest.startsWith("[") && rest.indexOf(':') != last
                    || rest.startsWith("[")
                            && rest.substring(rest.indexOf(']') + 1)
                                            .chars()
                                            .filter(c -> c == ':')
                                            .count()
                                    == 2;
            HostPort address = HostPort.parse(hasBoth ? rest.substring(0, last) : rest, MasterPorts.CONTROL);
            int raftPort = hasBoth
                    ? HostPort.parse("raft:" + rest.substring(last + 1), MasterPorts.RAFT)
                            .port()
                    : MasterPorts.RAFT;
            return new MasterPeer(name, address, new HostPort(address.host(), raftPort));
        }
    }

    /** Not safe to share between threads. */
    public static final class Builder {
        private final String name;
        private final Path dataDirectory;
        private String cluster = "millrace";
        private HostPort address = new HostPort("127.0.0.1", MasterPorts.CONTROL);
        private @Nullable HostPort advertiseAddress;
        private @Nullable HostPort raftAddress;
        private List<MasterPeer> peers = List.of();
        private Duration lease = LeaseSettings.DEFAULT.lease();
        private Duration stopGrace = LeaseSettings.DEFAULT.stopGrace();
        private Duration drift = LeaseSettings.DEFAULT.drift();
        private Duration renewEvery = LeaseSettings.DEFAULT.renewEvery();
        private Duration linkTimeout = Duration.ofSeconds(30);
        private Duration electionTimeout = Duration.ofSeconds(2);
        private LongSupplier wallClockMs = System::currentTimeMillis;
        private @Nullable HostPort httpAddress;
        private @Nullable TlsFiles tls;
        private boolean isInsecure;

        private Builder(String name, Path dataDirectory) {
            this.name = Names.checked("master's name", name);
            this.dataDirectory = dataDirectory.toAbsolutePath();
        }

        /** {@code millrace} unless said. */
        public Builder cluster(String value) {
            cluster = Names.checked("cluster", value);
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

        public Builder raftAddress(HostPort bound) {
            raftAddress = Objects.requireNonNull(bound, "raft address");
            return this;
        }

        /** @param all masters, this one among them */
        public Builder peers(List<MasterPeer> all) {
            peers = List.copyOf(all);
            return this;
        }

        public Builder lease(Duration value) {
            lease = value;
            return this;
        }

        public Builder stopGrace(Duration value) {
            stopGrace = value;
            return this;
        }

        public Builder drift(Duration value) {
            drift = value;
            return this;
        }

        public Builder renewEvery(Duration value) {
            renewEvery = value;
            return this;
        }

        /** The same for all masters. */
        public Builder linkTimeout(Duration value) {
            linkTimeout = Durations.checkedWait("linkTimeout", value);
            return this;
        }

        public Builder electionTimeout(Duration value) {
            electionTimeout = Durations.checkedWait("electionTimeout", value);
            return this;
        }

        /** Where it reads the time of day. */
        Builder wallClockMs(LongSupplier clock) {
            wallClockMs = clock;
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

        /** To speak in the clear beyond this machine. */
        public Builder insecure(boolean clear) {
            isInsecure = clear;
            return this;
        }

        /** @throws IllegalArgumentException if the times do not fit each other, saying which and how */
        public MasterConfig build() {
            return new MasterConfig(this);
        }

        private Builder copy() {
            Builder copy = new Builder(name, dataDirectory);
            copy.cluster = cluster;
            copy.address = address;
            copy.advertiseAddress = advertiseAddress;
            copy.raftAddress = raftAddress;
            copy.peers = peers;
            copy.lease = lease;
            copy.stopGrace = stopGrace;
            copy.drift = drift;
            copy.renewEvery = renewEvery;
            copy.linkTimeout = linkTimeout;
            copy.electionTimeout = electionTimeout;
            copy.wallClockMs = wallClockMs;
            copy.httpAddress = httpAddress;
            copy.tls = tls;
            copy.isInsecure = isInsecure;
            return copy;
        }
    }
}
