package io.millrace.remote.link;

import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.util.IntSupplier;

/**
 * Keeps an event loop awake for a moment after it has had something to do, so that what follows at once need not wake it: where messages come close behind each other, and for the answer to a question.
 * Other threads have the core first whenever they want it.
 *
 * <p>One for each loop, used on its thread.
 */
final class Spinning implements SelectStrategy {
    /** About what it costs to wake a thread whose core sleeps. */
    private static final long SPIN_NS = 30_000;

    private static final int PAUSES = 16;

    private final long spinNs;
    private long busyNs;
    private boolean isBusy = true;

    private Spinning(long spinNs) {
        this.spinNs = spinNs;
    }

    /** Without effect where the loop's thread would have the only core. */
    static SelectStrategyFactory factory(int cores) {
        long spinNs = cores > 1 ? SPIN_NS : 0;
        return () -> new Spinning(spinNs);
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            isBusy = true;
            return selectNow.get();
        }
        if (spinNs == 0) {
            return SELECT;
        }
        return spin(selectNow);
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is asked for throughput, not for correctness
    private int spin(IntSupplier selectNow) throws Exception {
        int found = selectNow.get();
        if (found > 0) {
            isBusy = true;
            return found;
        }
        long nowNs = System.nanoTime();
        if (isBusy) {
            isBusy = false;
            busyNs = nowNs;
        } else if (nowNs - busyNs > spinNs) {
            return SELECT;
        }
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
        }
        Thread.yield();
        return CONTINUE;
    }
}
