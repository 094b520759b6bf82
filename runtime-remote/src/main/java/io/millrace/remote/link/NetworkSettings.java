package io.millrace.remote.link;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The limits of a {@link Network}, immutable. Both ends of a connection should have the same: a peer whose heartbeats are too rare for this end is refused. */
public final class NetworkSettings {
    private final int threads;
    private final int helloBytes;
    private final int controlFrameBytes;
    private final int linkFrameBytes;
    private final long sendBytes;
    private final int writeHighWaterBytes;
    private final int connectionsAtMost;
    private final Duration helloTimeout;
    private final Duration heartbeatInterval;
    private final Duration heartbeatTimeout;
    private final Duration closeTimeout;
    private final UnaryOperator<InetSocketAddress> route;

    private NetworkSettings(Builder builder) {
        threads = builder.threads;
        helloBytes = builder.helloBytes;
        controlFrameBytes = builder.controlFrameBytes;
        linkFrameBytes = builder.linkFrameBytes;
        sendBytes = builder.sendBytes;
        writeHighWaterBytes = builder.writeHighWaterBytes;
        connectionsAtMost = builder.connectionsAtMost;
        helloTimeout = builder.helloTimeout;
        heartbeatInterval = builder.heartbeatInterval;
        heartbeatTimeout = builder.heartbeatTimeout;
        closeTimeout = builder.closeTimeout;
        route = builder.route;
    }

    public static NetworkSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Event loops, each a thread. */
    public int threads() {
        return threads;
    }

    /** The largest hello, without its fixed head. */
    public int helloBytes() {
        return helloBytes;
    }

    /** The largest message on a control connection, either way. */
    public int controlFrameBytes() {
        return controlFrameBytes;
    }

    /** The largest frame on a link, either way. */
    public int linkFrameBytes() {
        return linkFrameBytes;
    }

    /** How much may wait on one control connection, sent but not written; one message may wait whatever its size. */
    public long sendBytes() {
        return sendBytes;
    }

    /** How much a channel takes before it says that it is not writable; it is again at half of it. */
    public int writeHighWaterBytes() {
        return writeHighWaterBytes;
    }

    /** Accepted connections at a time, over all listeners. */
    public int connectionsAtMost() {
        return connectionsAtMost;
    }

    /** From dialling, or accepting, until both hellos are there: names, TCP, TLS and all. */
    public Duration helloTimeout() {
        return helloTimeout;
    }

    /** How often each end of a control connection shows that it lives. */
    public Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    /** How long a peer may be silent before its connection is closed. */
    public Duration heartbeatTimeout() {
        return heartbeatTimeout;
    }

    /** How long a close waits for what has been sent to be written, and for threads to end. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** What is dialled in place of an address: itself unless said. Both unresolved. */
    public UnaryOperator<InetSocketAddress> route() {
        return route;
    }

    @Override
    public String toString() {
        return "NetworkSettings[threads=" + threads + ", helloBytes=" + helloBytes + ", controlFrameBytes="
                + controlFrameBytes + ", linkFrameBytes=" + linkFrameBytes + ", sendBytes=" + sendBytes
                + ", writeHighWaterBytes=" + writeHighWaterBytes + ", connectionsAtMost=" + connectionsAtMost
                + ", helloTimeout=" + helloTimeout + ", heartbeatInterval=" + heartbeatInterval + ", heartbeatTimeout="
                + heartbeatTimeout + ", closeTimeout=" + closeTimeout + "]";
    }

    /** Makes settings; each has a default. */
    public static final class Builder {
        private static final int KIB = 1 << 10;
        private static final int MIB = 1 << 20;
        /** So that lengths and their headers stay far from overflow. */
        private static final int MAX_FRAME = 256 * MIB;

        private static final int MAX_HELLO = 0xFFFF;
        private static final Duration LONGEST = Duration.ofHours(1);

        private int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
        private int helloBytes = 4 * KIB;
        private int controlFrameBytes = 16 * MIB;
        private int linkFrameBytes = MIB;
        private long sendBytes = 32L * MIB;
        private int writeHighWaterBytes = 256 * KIB;
        private int connectionsAtMost = 4096;
        private Duration helloTimeout = Duration.ofSeconds(10);
        private Duration heartbeatInterval = Duration.ofSeconds(1);
        private Duration heartbeatTimeout = Duration.ofSeconds(5);
        private Duration closeTimeout = Duration.ofSeconds(2);
        private UnaryOperator<InetSocketAddress> route = UnaryOperator.identity();

        private Builder() {}

        /** At most 4 by default, fewer on a machine with fewer processors. */
        public Builder threads(int value) {
            threads = inRange("threads", value, 1, 1024);
            return this;
        }

        /** 4 KiB by default. */
        public Builder helloBytes(int value) {
            helloBytes = inRange("helloBytes", value, 512, MAX_HELLO);
            return this;
        }

        /** 16 MiB by default. */
        public Builder controlFrameBytes(int value) {
            controlFrameBytes = inRange("controlFrameBytes", value, KIB, MAX_FRAME);
            return this;
        }

        /** 1 MiB by default. */
        public Builder linkFrameBytes(int value) {
            linkFrameBytes = inRange("linkFrameBytes", value, KIB, MAX_FRAME);
            return this;
        }

        /** 32 MiB by default. */
        public Builder sendBytes(long value) {
            if (value < 1) {
                throw new IllegalArgumentException("sendBytes is " + value + ": expected at least 1");
            }
            sendBytes = value;
            return this;
        }

        /** 256 KiB by default. */
        public Builder writeHighWaterBytes(int value) {
            writeHighWaterBytes = inRange("writeHighWaterBytes", value, KIB, MAX_FRAME);
            return this;
        }

        /** 4096 by default. */
        public Builder connectionsAtMost(int value) {
            connectionsAtMost = inRange("connectionsAtMost", value, 1, Integer.MAX_VALUE);
            return this;
        }

        /** 10 s by default. */
        public Builder helloTimeout(Duration value) {
            helloTimeout = positive("helloTimeout", value);
            return this;
        }

        /** 1 s by default. */
        public Builder heartbeatInterval(Duration value) {
            heartbeatInterval = positive("heartbeatInterval", value);
            return this;
        }

        /** 5 s by default. */
        public Builder heartbeatTimeout(Duration value) {
            heartbeatTimeout = positive("heartbeatTimeout", value);
            return this;
        }

        /** 2 s by default. */
        public Builder closeTimeout(Duration value) {
            closeTimeout = positive("closeTimeout", value);
            return this;
        }

        /** Each address goes through it before it is dialled; called by any thread, and must not block. */
        public Builder route(UnaryOperator<InetSocketAddress> value) {
            route = Objects.requireNonNull(value, "route");
            return this;
        }

        /** @throws IllegalArgumentException if the heartbeat timeout is less than twice the interval */
        public NetworkSettings build() {
            if (heartbeatTimeout.compareTo(heartbeatInterval.multipliedBy(2)) < 0) {
                throw new IllegalArgumentException("heartbeatTimeout is " + heartbeatTimeout.toMillis()
                        + " ms: expected at least twice the heartbeatInterval of " + heartbeatInterval.toMillis()
                        + " ms");
            }
            return new NetworkSettings(this);
        }

        private static int inRange(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " is " + value + ": expected from " + least + " to " + most);
            }
            return value;
        }

        private static Duration positive(String name, Duration value) {
            if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        name + " is " + value + ": expected from a millisecond to " + LONGEST.toHours() + " h");
            }
            return value;
        }
    }
}
