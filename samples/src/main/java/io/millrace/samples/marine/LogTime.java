package io.millrace.samples.marine;

import java.util.Locale;

/**
 * The time in a log, which says the time of day only: milliseconds since the midnight before its first time. Grows past midnight: a time of day more than twelve
 * hours before the last one is tomorrow's. Any smaller step back is a clock that was set, and taken as it is.
 */
final class LogTime {
    /** The stamp of what stands in the log before its first time. */
    static final long UNKNOWN = -1;

    private static final long DAY_MS = 24 * 60 * 60 * 1000L;

    private long dayStartMs;
    private long firstMs = UNKNOWN;
    private long lastMs = UNKNOWN;

    /** Takes note of a time of day and returns the log's time. */
    long update(int timeOfDayMs) {
        if (lastMs != UNKNOWN && dayStartMs + timeOfDayMs < lastMs - DAY_MS / 2) {
            dayStartMs += DAY_MS;
        }
        lastMs = dayStartMs + timeOfDayMs;
        if (firstMs == UNKNOWN) {
            firstMs = lastMs;
        }
        return lastMs;
    }

    /** The time of what stands in the log now, or {@link #UNKNOWN}. */
    long now() {
        return lastMs;
    }

    /** The first time in the log, or {@link #UNKNOWN}. */
    long first() {
        return firstMs;
    }

    /** {@code HH:MM:SS}. */
    static String format(long timeMs) {
        long second = Math.floorMod(timeMs, DAY_MS) / 1000;
        return String.format(Locale.ROOT, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
    }
}
