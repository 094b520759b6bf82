package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import io.millrace.benchmarks.OwnHistogram;
import io.millrace.layout.Padding;
import org.HdrHistogram.Histogram;

/**
 * Latency at a fixed rate, open loop: a message is due whether or not the one before has arrived, and its time counts from when it was due, so that a pause shows in all
 * messages that it held up.
 */
final class FixedRate {
    private FixedRate() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        double rate = arguments.decimal("rate");
        long warmup = (long) (rate * arguments.decimal("warmup"));
        long total = warmup + (long) (rate * arguments.decimal("seconds"));
        Histogram nanoseconds = new OwnHistogram();
        Latency latency = new PaddedLatency(warmup, nanoseconds);
        Pipes.create(arguments).run(new PaddedPaced(rate, total), latency);
        if (latency.seen != total) {
            throw new IllegalStateException("sent " + total + " messages, received " + latency.seen);
        }
        report(nanoseconds, figures);
    }

    static void report(Histogram nanoseconds, Figures figures) {
        figures.add("p50", nanoseconds.getValueAtPercentile(50) / 1e3);
        figures.add("p90", nanoseconds.getValueAtPercentile(90) / 1e3);
        figures.add("p99", nanoseconds.getValueAtPercentile(99) / 1e3);
        figures.add("p99.9", nanoseconds.getValueAtPercentile(99.9) / 1e3);
        figures.add("most", nanoseconds.getMaxValue() / 1e3);
        figures.add("samples", (double) nanoseconds.getTotalCount());
    }

    /** Values are the times at which they are due. */
    private static class Paced extends Padding implements Schedule {
        private final double intervalNs;
        private final long total;
        private long beginNs;
        private long count;
        private long dueNs;

        Paced(double rate, long total) {
            this.intervalNs = 1e9 / rate;
            this.total = total;
        }

        @Override
        public long next() {
            if (count == total) {
                return END;
            }
            long nowNs = System.nanoTime();
            if (count == 0) {
                beginNs = nowNs;
                dueNs = nowNs;
            }
            if (nowNs - dueNs < 0) {
                return NOT_YET;
            }
            long due = dueNs;
            count++;
            dueNs = beginNs + (long) (count * intervalNs);
            return due;
        }
    }

    /**
     * From the time in the value until now. Those of the first messages, which only warm up, are recorded likewise, elsewhere and without a branch: code that ran for the first time when the measurement begins
     * would be compiled just then, beside three threads that need that core.
     */
    static class Latency extends Padding implements Sink {
        private final long warmup;
        private final Histogram[] nanoseconds;
        private long seen;

        Latency(long warmup, Histogram measured) {
            this.warmup = warmup;
            this.nanoseconds = new Histogram[] {new OwnHistogram(), measured};
        }

        @Override
        public void onValue(long dueNs) {
            seen++;
            int isMeasured = (int) (warmup - seen >>> 63);
            nanoseconds[isMeasured].recordValue(Math.max(0, System.nanoTime() - dueNs));
        }
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    private static final class PaddedPaced extends Paced {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        PaddedPaced(double rate, long total) {
            super(rate, total);
        }
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class PaddedLatency extends Latency {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        PaddedLatency(long warmup, Histogram nanoseconds) {
            super(warmup, nanoseconds);
        }
    }
}
