package io.millrace.benchmarks.peers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** The first message after a silence: everybody sleeps, then one value is sent. */
final class WakeUp {
    private static final long SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private WakeUp() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        int warmup = arguments.number("warmups");
        Histogram nanoseconds = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
        Pipes.create(arguments)
                .run(
                        new AfterSilence(warmup + arguments.number("messages")),
                        new FixedRate.Latency(warmup, nanoseconds));
        FixedRate.report(nanoseconds, figures);
    }

    private static final class AfterSilence implements Schedule {
        private int left;

        AfterSilence(int count) {
            left = count;
        }

        @Override
        public long next() {
            if (left == 0) {
                return END;
            }
            left--;
            long beginNs = System.nanoTime();
            for (long restNs = SILENCE_NS; restNs > 0; restNs = SILENCE_NS - (System.nanoTime() - beginNs)) {
                LockSupport.parkNanos(restNs);
            }
            return System.nanoTime();
        }
    }
}
