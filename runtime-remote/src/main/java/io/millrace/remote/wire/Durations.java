package io.millrace.remote.wire;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Durations as numbers. There are some that stand for ever: none overflows. */
public final class Durations {
    /** The longest that masters wait for anything: 366 days. */
    public static final Duration LONGEST_WAIT = Duration.ofDays(366);

    private Durations() {}

    /** Saturates at both ends of a long. */
    public static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Likewise. */
    public static long millis(Duration duration) {
        return TimeUnit.MILLISECONDS.convert(duration);
    }

    /** As masters take it: from 0 to {@link #LONGEST_WAIT}. */
    public static long waitMs(Duration duration) {
        return Math.max(0, Math.min(LONGEST_WAIT.toMillis(), millis(duration)));
    }

    /**
     * As masters are given it.
     *
     * @param name for people
     * @throws IllegalArgumentException if it is shorter than a millisecond, or longer than {@link #LONGEST_WAIT}
     */
    public static Duration checkedWait(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ": expected a millisecond to a year");
        }
        return value;
    }

    /** Of two that are not negative; at most some 292 years. */
    public static Duration sum(Duration one, Duration other) {
        long first = nanos(one);
        return Duration.ofNanos(first + Math.min(Long.MAX_VALUE - first, nanos(other)));
    }
}
