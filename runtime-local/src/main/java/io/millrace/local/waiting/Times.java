package io.millrace.local.waiting;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Durations as nanoseconds. */
public final class Times {
    private Times() {}

    /** As {@link #nanos(Duration)}, where something is written. */
    public static long nanos(Optional<Duration> written, long otherwise) {
        return written.isPresent() ? nanos(written.get()) : otherwise;
    }

    /** Saturates at both ends of a long. */
    public static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
