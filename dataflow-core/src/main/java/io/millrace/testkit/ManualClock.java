package io.millrace.testkit;

import io.millrace.node.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is moved. Any thread.
 *
 * <p>Its monotonic time begins half a second before {@code long} overflows, so that code which compares instants of {@link #nanoTime()} without
 * subtracting them is found out.
 */
public final class ManualClock implements Clock {
    /** Where the wall clock stands unless said. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long NANO_TIME_ORIGIN = Long.MAX_VALUE - 500_000_000L;

    private final long startEpochNs;
    private final AtomicLong elapsedNs = new AtomicLong();

    public ManualClock() {
        this(DEFAULT_START);
    }

    /** @param start where the wall clock stands */
    public ManualClock(Instant start) {
        startEpochNs = Math.addExact(Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L), start.getNano());
    }

    @Override
    public long nanoTime() {
        return NANO_TIME_ORIGIN + elapsedNs.get();
    }

    @Override
    public long epochNanos() {
        return startEpochNs + elapsedNs.get();
    }

    /** How far it was moved since it was made. */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNs.get());
    }

    /** @throws IllegalArgumentException if {@code step} is negative */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("a clock moves forward only, found " + step);
        }
        elapsedNs.addAndGet(step.toNanos());
    }

    long elapsedNanos() {
        return elapsedNs.get();
    }

    void moveTo(long elapsedNanos) {
        elapsedNs.accumulateAndGet(elapsedNanos, Math::max);
    }

    @Override
    public String toString() {
        return "manual clock at " + instant();
    }
}
