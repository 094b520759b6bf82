package io.millrace.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A histogram of nanoseconds up to two minutes, with three digits. It is counted in by one thread for every message, and nothing that another thread looks at meanwhile is to share a
 * cache line with it: {@link io.millrace.layout.Padding} says why.
 */
@SuppressWarnings({"unused", "MultipleVariableDeclarations"})
public final class OwnHistogram extends Histogram {
    private static final long serialVersionUID = 1;

    private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

    public OwnHistogram() {
        super(TimeUnit.MINUTES.toNanos(2), 3);
    }
}
