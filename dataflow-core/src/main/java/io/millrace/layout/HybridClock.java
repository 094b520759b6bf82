package io.millrace.layout;

import io.millrace.node.Clock;

/**
 * The hybrid logical clock of one node, in dora's form: NTP64 (upper 32 bits seconds since 1970, lower 32 bits their fraction), whose lowest four
 * bits count events. The seconds are without a sign, and so last from 1970 to 2106; timestamps are compared as unsigned numbers. Used by the node's thread only.
 *
 * <p>Kulkarni et al., "Logical Physical Clocks", 2014, as the Rust crate uhlc has it: a new timestamp is the physical time if that is larger than the last
 * one, else the last one plus 1; a received timestamp becomes the last one if it is larger, unless it is too far ahead.
 *
 * <p>The physical time is the wall clock, read once a second and carried on by the monotonic clock in between, so that a reading costs no allocation.
 */
public class HybridClock extends Padding {
    private static final long COUNTER_MASK = 0xF;
    private static final long ANCHOR_INTERVAL_NS = 1_000_000_000L;
    /** A timestamp further ahead than this is not followed: half a second. */
    private static final long MAX_AHEAD = 1L << 31;

    private final Clock clock;
    private long anchorNanoTime;
    private long anchorEpochNs;
    private long physical;
    private long last;

    public HybridClock(Clock clock) {
        this.clock = clock;
        anchor(clock.nanoTime());
    }

    /** Reads the time. Returns the monotonic time that was read. */
    public long update() {
        long nowNs = clock.nanoTime();
        long sinceNs = nowNs - anchorNanoTime;
        if (sinceNs >= ANCHOR_INTERVAL_NS) {
            anchor(nowNs);
        } else {
            advanceTo(anchorEpochNs + sinceNs);
        }
        return nowNs;
    }

    /** A timestamp for the next message, larger than every one before it. */
    public long next() {
        return ++last;
    }

    /** Takes note of a message's timestamp, so that what it causes is later. Reads the time only if the timestamp seems to be too far ahead of it. */
    public void receive(long timestamp) {
        if (Long.compareUnsigned(timestamp, last) <= 0) {
            return;
        }
        if (isTooFarAhead(timestamp)) {
            update();
        }
        if (!isTooFarAhead(timestamp)) {
            last = timestamp;
        }
    }

    private boolean isTooFarAhead(long timestamp) {
        return Long.compareUnsigned(timestamp, physical + MAX_AHEAD) >= 0;
    }

    private void anchor(long nowNs) {
        anchorNanoTime = nowNs;
        anchorEpochNs = clock.epochNanos();
        advanceTo(anchorEpochNs);
    }

    /** The next timestamp is the physical time, if that is larger than what would be next otherwise. */
    private void advanceTo(long epochNs) {
        physical = ntp64(epochNs) & ~COUNTER_MASK;
        if (Long.compareUnsigned(physical, last) > 0) {
            last = physical - 1;
        }
    }

    /** Nanoseconds since 1970 as NTP64; a time before 1970 as 0. */
    public static long ntp64(long epochNs) {
        long since1970Ns = Math.max(0, epochNs);
        long seconds = since1970Ns / 1_000_000_000L;
        long nanos = since1970Ns % 1_000_000_000L;
        return seconds << 32 | (nanos << 32) / 1_000_000_000L;
    }

    /** NTP64 as nanoseconds since 1970, rounded down. */
    public static long epochNanos(long ntp64) {
        return (ntp64 >>> 32) * 1_000_000_000L + ((ntp64 & 0xFFFF_FFFFL) * 1_000_000_000L >>> 32);
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends HybridClock {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(Clock clock) {
            super(clock);
        }
    }
}
