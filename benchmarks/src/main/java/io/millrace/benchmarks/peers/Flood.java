package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import io.millrace.benchmarks.OwnHistogram;
import io.millrace.layout.Padding;
import org.HdrHistogram.Histogram;

/** Throughput without loss: as fast as there is room. The median of chunks is what the machine's other work disturbs least. */
final class Flood {
    /** More than waits anywhere on the way: else a chunk could have been under way before its time began. */
    private static final int CHUNK = 100_000;

    private static final int FEWEST_CHUNKS = 5;
    private static final double MILLIONS_A_SECOND = 1_000; // is one in so many nanoseconds

    private Flood() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        long warmupNs = (long) (arguments.decimal("warmup") * 1e9);
        long measuredNs = (long) (arguments.decimal("seconds") * 1e9);
        long added = (long) arguments.number("added", 0) * (arguments.number("hops", 1) - 1);
        Ticker ticker = new PaddedTicker(warmupNs, added);
        Endless schedule = new PaddedEndless(warmupNs + measuredNs);
        Pipes.create(arguments).run(schedule, ticker);
        if (ticker.expected != schedule.sent()) {
            throw new IllegalStateException("sent " + schedule.sent() + " messages, received " + ticker.expected);
        }
        double mean = MILLIONS_A_SECOND / ticker.meanNs();
        boolean isMedianOfEnough = ticker.chunkNs.getTotalCount() >= FEWEST_CHUNKS;
        figures.add(
                "median",
                isMedianOfEnough ? MILLIONS_A_SECOND * CHUNK / ticker.chunkNs.getValueAtPercentile(50) : mean);
        figures.add("mean", mean);
        if (!Double.isNaN(ticker.allocatedAMessage)) {
            figures.add("bytes", ticker.allocatedAMessage);
        }
    }

    /** 0, 1, 2 and so on until the time is up. */
    static class Endless extends Padding implements Schedule {
        private static final int BETWEEN_LOOKS = 1024;

        private final long durationNs;
        private long beginNs;
        private long count;

        Endless(long durationNs) {
            this.durationNs = durationNs;
        }

        @Override
        public long next() {
            if (count % BETWEEN_LOOKS == 0) {
                long nowNs = System.nanoTime();
                if (count == 0) {
                    beginNs = nowNs;
                }
                if (nowNs - beginNs >= durationNs) {
                    return END;
                }
            }
            return count++;
        }

        /** When it has ended. */
        long sent() {
            return count;
        }
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class PaddedEndless extends Endless {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        PaddedEndless(long durationNs) {
            super(durationNs);
        }
    }

    /** Sees that nothing is missing, and takes the time: of all that comes after the warm-up, and of every chunk of it. */
    private static class Ticker extends Padding implements Sink {
        private static final int BETWEEN_LOOKS = 1_000;

        private final long warmupNs;
        private final long added;
        private final Histogram chunkNs = new OwnHistogram();
        private long expected;
        private long firstNs;
        // From the end of the warm-up to the last look.
        private long beginNs;
        private long beginCount;
        private long beginBytes;
        private long endNs;
        private long endCount;
        private double allocatedAMessage = Double.NaN; // as of the last look at it
        // Of the chunk under way.
        private long chunkBeginNs;
        private long chunkEndCount;
        private long looksAtBytes;

        Ticker(long warmupNs, long added) {
            this.warmupNs = warmupNs;
            this.added = added;
        }

        @Override
        public void onValue(long value) {
            if (value - added != expected) {
                throw new IllegalStateException("expected message " + expected + ", found " + (value - added));
            }
            if (expected % BETWEEN_LOOKS == 0) {
                look();
            }
            expected++;
        }

        private void look() {
            long nowNs = System.nanoTime();
            if (expected == 0) {
                firstNs = nowNs;
            } else if (beginCount == 0) {
                if (nowNs - firstNs > warmupNs) {
                    begin();
                }
            } else {
                endNs = nowNs;
                endCount = expected;
                if (expected == chunkEndCount) {
                    chunkNs.recordValue(nowNs - chunkBeginNs);
                    chunkBeginNs = nowNs;
                    chunkEndCount = expected + CHUNK;
                }
                lookAtBytes();
            }
        }

        private void begin() {
            beginBytes = Allocated.bytes();
            beginCount = expected;
            endCount = expected;
            beginNs = System.nanoTime();
            endNs = beginNs;
            chunkBeginNs = beginNs;
            chunkEndCount = expected + CHUNK;
        }

        /** At looks 1024, 2048, 4096 and so on only: this look allocates as well, and must not be what is seen. */
        private void lookAtBytes() {
            looksAtBytes++;
            if (looksAtBytes >= 1024 && Long.bitCount(looksAtBytes) == 1) {
                allocatedAMessage = (double) (Allocated.bytes() - beginBytes) / (expected - beginCount);
            }
        }

        double meanNs() {
            if (endCount == beginCount) {
                throw new IllegalStateException(
                        "fewer than " + BETWEEN_LOOKS + " messages after the warm-up: give it more time");
            }
            return (double) (endNs - beginNs) / (endCount - beginCount);
        }
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    private static final class PaddedTicker extends Ticker {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        PaddedTicker(long warmupNs, long added) {
            super(warmupNs, added);
        }
    }
}
