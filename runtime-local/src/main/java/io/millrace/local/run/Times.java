package io.millrace.local.run;

import java.time.Duration;

/** Durations as nanoseconds. */
final class Times {
    private Times() {}

    /** Saturates at both ends of a long. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
