package io.millrace.node;

import java.time.Instant;

/** The time by which a node lives. Any thread. */
public interface Clock {

    /** Monotonic time in nanoseconds from some arbitrary origin, for durations: compare by subtraction. Does not allocate. */
    long nanoTime();

    /** May allocate: wall-clock time in nanoseconds since 1970-01-01T00:00Z. */
    long epochNanos();

    /** Allocates: wall-clock time. */
    default Instant instant() {
        long nanos = epochNanos();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** The clocks of this JVM. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
