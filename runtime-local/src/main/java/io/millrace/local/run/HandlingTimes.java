package io.millrace.local.run;

import io.millrace.node.Clock;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long a node takes for a message: samples, recorded by the node's thread and read by any.
 *
 * <p>The first {@value #ALL_UNTIL} callbacks are all measured, later ones one in {@value #INTERVAL}, for a measurement reads the clock twice. A batch counts as
 * so many messages of its mean time.
 */
final class HandlingTimes {
    private static final int ALL_UNTIL = 1024;
    private static final int INTERVAL = 64;
    private static final int DIGITS = 2;
    /** What takes longer counts as this: with a bound the recorder never grows, which would allocate between two messages. */
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);

    private static final long NOT_MEASURED = Long.MIN_VALUE;

    private final Clock clock;
    private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, LONGEST_NS, DIGITS);
    private final Histogram total = new Histogram(DIGITS);
    private long callbacks;

    HandlingTimes(Clock clock) {
        this.clock = clock;
        total.setAutoResize(true);
    }

    /** The node's thread, before a callback. */
    long begin() {
        callbacks++;
        return callbacks <= ALL_UNTIL || callbacks % INTERVAL == 0 ? clock.nanoTime() : NOT_MEASURED;
    }

    /** The node's thread, after it. */
    void end(long beginNs, int messages) {
        if (beginNs == NOT_MEASURED || messages == 0) {
            return;
        }
        long meanNs = Math.max(0, clock.nanoTime() - beginNs) / messages;
        recorder.recordValueWithCount(Math.min(meanNs, LONGEST_NS), messages);
    }

    /** Any thread. Nanoseconds at the percentile; 0 without samples. */
    long[] percentilesNs(double... percentiles) {
        synchronized (total) {
            total.add(recorder.getIntervalHistogram());
            long[] values = new long[percentiles.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = total.getTotalCount() == 0 ? 0 : total.getValueAtPercentile(percentiles[i]);
            }
            return values;
        }
    }
}
