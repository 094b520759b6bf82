package io.millrace.local.edge;

import io.millrace.runtime.DataflowMetrics.Times;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AtomicHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Times of one kind as a histogram: recorded by one thread at a time, read by any.
 *
 * <p>Its memory is made with the first sample, so that what is never used costs nothing, and never grows: {@value #FINE} digits take 30 KiB, {@value #COARSE} takes
 * 4 KiB. A reader looks at a copy, and disturbs nobody.
 */
public final class TimeSamples {
    /** Decimal digits that are exact. */
    public static final int FINE = 2;

    /** The same, where there are very many of these. */
    public static final int COARSE = 1;

    /** What takes longer counts as this. */
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);

    private final int digits;
    private volatile @Nullable AtomicHistogram histogram;

    /** @param digits {@link #FINE} or {@link #COARSE} */
    public TimeSamples(int digits) {
        this.digits = digits;
    }

    /** The recording thread. Allocates the first time. */
    public void record(long nanoseconds) {
        record(nanoseconds, 1);
    }

    /** So many of the same time. A negative one, of a clock that went back, counts as 0. */
    public void record(long nanoseconds, int count) {
        AtomicHistogram target = histogram;
        if (target == null) {
            target = new AtomicHistogram(1, LONGEST_NS, digits);
            histogram = target;
        }
        target.recordValueWithCount(Math.max(0, Math.min(nanoseconds, LONGEST_NS)), count);
    }

    /** Any thread. Allocates. */
    public Times read() {
        AtomicHistogram source = histogram;
        if (source == null) {
            return Times.NONE;
        }
        AtomicHistogram copy = source.copy(); // else a percentile could be less than a lower one that was read before
        return new Times(
                copy.getTotalCount(),
                copy.getValueAtPercentile(50),
                copy.getValueAtPercentile(90),
                copy.getValueAtPercentile(99),
                copy.getValueAtPercentile(99.9),
                copy.getMaxValue());
    }
}
