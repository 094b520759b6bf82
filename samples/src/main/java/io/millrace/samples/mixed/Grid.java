package io.millrace.samples.mixed;

import java.util.function.Consumer;

/**
 * A signal whose samples come when they like, put on a grid of equal distances by straight lines between them, in blocks that may overlap.
 *
 * <p>Grid times are multiples of the interval. A sample that is not later than the one before it is left out. A gap that is too long is not bridged: the grid begins anew behind it, with a new
 * block. What does not fill a block is left out.
 */
final class Grid {
    private static final long NONE = -1;

    private final long intervalMs;
    private final int hop;
    private final long longestGapMs;
    private final Consumer<Block> onBlock;
    private final double[] samples;
    private int count;
    private long blocks;
    private long lastMs = NONE;
    private double last;
    private long nextMs;

    /** @param hop from the begin of one block to that of the next, in samples */
    Grid(long intervalMs, int blockLength, int hop, long longestGapMs, Consumer<Block> onBlock) {
        this.intervalMs = intervalMs;
        this.hop = hop;
        this.longestGapMs = longestGapMs;
        this.onBlock = onBlock;
        this.samples = new double[blockLength];
    }

    void add(long timeMs, double value) {
        if (timeMs <= lastMs) {
            return;
        }
        if (lastMs == NONE || timeMs - lastMs > longestGapMs) {
            count = 0;
            nextMs = Math.floorDiv(timeMs + intervalMs - 1, intervalMs) * intervalMs;
        }
        for (; nextMs < timeMs; nextMs += intervalMs) {
            put(last + (value - last) * (nextMs - lastMs) / (timeMs - lastMs));
        }
        lastMs = timeMs;
        last = value;
    }

    private void put(double sample) {
        samples[count++] = sample;
        if (count == samples.length) {
            long startMs = nextMs - (samples.length - 1) * intervalMs;
            onBlock.accept(new Block(blocks++, startMs, intervalMs / 1000.0, samples.clone()));
            System.arraycopy(samples, hop, samples, 0, samples.length - hop);
            count -= hop;
        }
    }
}
