package io.millrace.samples.marine;

import io.millrace.node.Clock;

/** When the lines of a log are due, if it is replayed faster or slower than it was written. */
final class Pace {
    private final double speed;
    private final LogTime logTime = new LogTime();
    private long originNanoTime;
    private long originLogMs;

    /** @param speed log seconds a second */
    Pace(double speed) {
        this.speed = speed;
    }

    /** When what stands behind this time in the log is due. Counts from the first time, and again from any that is earlier than the one before it. */
    long dueNanoTime(int timeOfDayMs, Clock clock) {
        long beforeMs = logTime.now();
        long logMs = logTime.update(timeOfDayMs);
        if (beforeMs == LogTime.UNKNOWN || logMs < beforeMs) {
            originNanoTime = clock.nanoTime();
            originLogMs = logMs;
        }
        return originNanoTime + (long) ((logMs - originLogMs) / speed * 1e6);
    }
}
