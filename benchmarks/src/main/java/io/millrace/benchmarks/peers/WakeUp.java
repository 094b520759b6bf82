package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import io.millrace.benchmarks.OwnHistogram;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The first message after a silence: everybody sleeps, then one value is sent.
 *
 * <p>So many values after short silences come before, that what is measured is the waking and not the interpreter of the JVM, which would run all code that is used no more than a hundred times.
 */
final class WakeUp {
    private static final long SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SHORT_SILENCE_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private WakeUp() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        int shortOnes = arguments.number("hot");
        int warmup = shortOnes + arguments.number("warmups");
        Histogram nanoseconds = new OwnHistogram();
        Pipes.create(arguments)
                .run(
                        new AfterSilence(shortOnes, warmup + arguments.number("messages")),
                        new FixedRate.PaddedLatency(warmup, nanoseconds));
        FixedRate.report(nanoseconds, figures);
    }

    private static final class AfterSilence implements Schedule {
        private final int lastShort;
        private int left;

        AfterSilence(int shortOnes, int count) {
            lastShort = count - shortOnes;
            left = count;
        }

        @Override
        public long next() {
            if (left == 0) {
                return END;
            }
            left--;
            long silenceNs = left >= lastShort ? SHORT_SILENCE_NS : SILENCE_NS;
            long beginNs = System.nanoTime();
            for (long restNs = silenceNs; restNs > 0; restNs = silenceNs - (System.nanoTime() - beginNs)) {
                LockSupport.parkNanos(restNs);
            }
            return System.nanoTime();
        }
    }
}
