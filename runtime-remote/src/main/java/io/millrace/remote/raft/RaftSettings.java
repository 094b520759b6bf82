package io.millrace.remote.raft;

import io.millrace.remote.tls.CredentialFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that a member of the log needs to know; made by {@link #builder}. */
public final class RaftSettings {
    /** After so long without a word from the leader, at the most, the others elect another. */
    public static final Duration DEFAULT_ELECTION_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration SHORTEST_ELECTION_TIMEOUT = Duration.ofMillis(200);

    private final String cluster;
    private final String name;
    private final SortedMap<String, InetSocketAddress> peers;
    private final InetSocketAddress bindAddress;
    private final Path folder;
    private final @Nullable CredentialFiles security;
    private final int snapshotEvery;
    private final long snapshotBytes;
    private final long segmentBytes;
    private final Duration electionTimeout;
    private final Duration appendTimeout;
    private final int pendingBytes;

    private RaftSettings(Builder builder) {
        cluster = builder.cluster;
        name = builder.name;
        folder = builder.folder.toAbsolutePath().normalize();
        peers = new TreeMap<>(builder.peers);
        InetSocketAddress own = peers.get(name);
        if (own == null) {
            throw new IllegalArgumentException("member '" + name + "' is not among the masters " + peers.keySet()
                    + ": list it there under its own name");
        }
        if (peers.size() == 2) {
            throw new IllegalArgumentException("two masters " + peers.keySet()
                    + " are less available than one, since neither goes on alone: use one, or three");
        }
        bindAddress = builder.bindAddress == null ? own : builder.bindAddress;
        security = builder.security;
        snapshotEvery = builder.snapshotEvery;
        snapshotBytes = builder.snapshotBytes;
        segmentBytes = builder.segmentBytes;
        electionTimeout = builder.electionTimeout;
        appendTimeout = builder.appendTimeout;
        pendingBytes = builder.pendingBytes;
    }

    /** Settings of the member of that name in that cluster, which keeps what it stores in that folder. */
    public static Builder builder(String cluster, String name, Path folder) {
        return new Builder(cluster, name, folder);
    }

    /** The cluster's name. */
    public String cluster() {
        return cluster;
    }

    /** This member's name. */
    public String name() {
        return name;
    }

    /** Where each member is reached by the others, this one included, by its name. */
    public Map<String, InetSocketAddress> peers() {
        return Map.copyOf(peers);
    }

    /** Where this member listens. */
    public InetSocketAddress bindAddress() {
        return bindAddress;
    }

    /** The folder, absolute. */
    public Path folder() {
        return folder;
    }

    /** What members prove their identity with, if they do. */
    public Optional<CredentialFiles> security() {
        return Optional.ofNullable(security);
    }

    /** After how long without a word from the leader, at the most, the others elect another; and a leader without a majority gives up. */
    public Duration electionTimeout() {
        return electionTimeout;
    }

    /** After how long an append is given up, with an outcome that is not known. */
    public Duration appendTimeout() {
        return appendTimeout;
    }

    int snapshotEvery() {
        return snapshotEvery;
    }

    long snapshotBytes() {
        return snapshotBytes;
    }

    long segmentBytes() {
        return segmentBytes;
    }

    int pendingBytes() {
        return pendingBytes;
    }

    SortedMap<String, InetSocketAddress> sortedPeers() {
        return peers;
    }

    /** An address as an authority in a URI has it, with an IPv6 address in brackets. */
    static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    boolean isAlone() {
        return peers.size() == 1;
    }

    @Override
    public String toString() {
        return "RaftSettings[cluster=" + cluster + ", name=" + name + ", peers=" + peers + ", bindAddress="
                + bindAddress
                + ", folder=" + folder + ", security=" + security + ", snapshotEvery=" + snapshotEvery
                + ", snapshotBytes=" + snapshotBytes + ", electionTimeout=" + electionTimeout + ", appendTimeout="
                + appendTimeout + ", pendingBytes=" + pendingBytes + "]";
    }

    /** Makes {@link RaftSettings}. */
    public static final class Builder {
        private final String cluster;
        private final String name;
        private final Path folder;
        private final SortedMap<String, InetSocketAddress> peers = new TreeMap<>();
        private @Nullable InetSocketAddress bindAddress;
        private @Nullable CredentialFiles security;
        private int snapshotEvery = 10_000;
        private long snapshotBytes = 256L << 20;
        private long segmentBytes = 8L << 20;
        private Duration electionTimeout = DEFAULT_ELECTION_TIMEOUT;
        private Duration appendTimeout = Duration.ofSeconds(10);
        private int pendingBytes = 32 << 20;

        private Builder(String cluster, String name, Path folder) {
            this.cluster = cluster;
            this.name = name;
            this.folder = folder;
        }

        /**
         * A member and where the others reach it; of the member itself as well. One in all, or three and more.
         *
         * @throws IllegalArgumentException if the address has no host or no port
         */
        public Builder peer(String peer, InetSocketAddress address) {
            peers.put(peer, complete(address));
            return this;
        }

        /**
         * Where to listen, if not where the others reach it.
         *
         * @throws IllegalArgumentException if the address has no host or no port
         */
        public Builder bindAddress(InetSocketAddress address) {
            bindAddress = complete(address);
            return this;
        }

        private static InetSocketAddress complete(InetSocketAddress address) {
            String host = address.getHostString();
            if (host.isBlank()) {
                throw new IllegalArgumentException("an address without a host: give host:port");
            }
            if (address.getPort() == 0) {
                throw new IllegalArgumentException("port 0 of host '" + host + "': give one from 1 to 65535");
            }
            return address;
        }

        /**
         * Has members prove who they are to each other, by mutual TLS, and encrypts what they say. One of the subject alternative names of each one's certificate is the URI
         * {@code millrace://CLUSTER/master/NAME}; the host's name is not looked at.
         */
        public Builder security(CredentialFiles security) {
            this.security = security;
            return this;
        }

        /** After how many entries a snapshot is taken, and the log before it dropped; 10,000 unless said. */
        public Builder snapshotEvery(int entries) {
            snapshotEvery = atLeast(1, entries, "snapshotEvery");
            return this;
        }

        /** After how many bytes of entries a snapshot is taken, also if they are fewer; 256 MiB unless said. */
        public Builder snapshotBytes(long bytes) {
            snapshotBytes = atLeast(1, bytes, "snapshotBytes");
            return this;
        }

        /** How long a file of the log gets: only whole files are dropped. 8 MiB unless said. */
        public Builder segmentBytes(long bytes) {
            segmentBytes = atLeast(1024, bytes, "segmentBytes");
            return this;
        }

        /** {@link RaftSettings#electionTimeout()}; elections begin after half of it at the earliest. */
        public Builder electionTimeout(Duration timeout) {
            if (timeout.compareTo(SHORTEST_ELECTION_TIMEOUT) < 0) {
                throw new IllegalArgumentException(
                        "an election timeout of " + timeout + ": at least " + SHORTEST_ELECTION_TIMEOUT + " is needed");
            }
            electionTimeout = timeout;
            return this;
        }

        /** {@link RaftSettings#appendTimeout()}; ten seconds unless said. */
        public Builder appendTimeout(Duration timeout) {
            appendTimeout = timeout;
            return this;
        }

        /** How many bytes of entries may wait for a majority before further appends are refused; 32 MiB unless said. */
        public Builder pendingBytes(int bytes) {
            pendingBytes = atLeast(1, bytes, "pendingBytes");
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if they contradict each other
         */
        public RaftSettings build() {
            return new RaftSettings(this);
        }

        private static <T extends Number> T atLeast(long least, T value, String what) {
            if (value.longValue() < least) {
                throw new IllegalArgumentException(what + " is " + value + ": at least " + least + " is needed");
            }
            return value;
        }
    }
}
