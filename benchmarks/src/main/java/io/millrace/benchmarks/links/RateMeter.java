package io.millrace.benchmarks.links;

import java.util.Arrays;

/** Messages a second, as the median of windows of 100 ms behind a warm-up. One thread. */
final class RateMeter {
    private static final long WINDOW_NS = 100_000_000L;
    private static final int BETWEEN_LOOKS = 32;
    private static final int MOST_WINDOWS = 10_000;

    private final long warmupNs;
    private final double[] rates = new double[MOST_WINDOWS];
    private int windows;
    private long count;
    private long beginNs;
    private long windowNs;
    private long windowCount;

    RateMeter(double warmupSeconds) {
        this.warmupNs = (long) (warmupSeconds * 1e9);
    }

    void onMessage() {
        if (count++ % BETWEEN_LOOKS == 0) {
            look(System.nanoTime());
        }
    }

    private void look(long nowNs) {
        if (beginNs == 0) {
            beginNs = nowNs;
            windowNs = nowNs;
        }
        long passedNs = nowNs - windowNs;
        if (passedNs >= WINDOW_NS) {
            if (nowNs - beginNs > warmupNs && windows < MOST_WINDOWS) {
                rates[windows++] = (count - windowCount) * 1e9 / passedNs;
            }
            windowNs = nowNs;
            windowCount = count;
        }
    }

    long count() {
        return count;
    }

    void report() {
        if (windows == 0) {
            throw new IllegalStateException("the run was over within its warm-up: " + count + " messages");
        }
        double[] sorted = Arrays.copyOf(rates, windows);
        Arrays.sort(sorted);
        Figures.say("rate", sorted[windows / 2]);
        Figures.say("windows", windows);
    }
}
