package io.millrace.remote.link;

import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Keeps an event loop awake for a moment after it has had something to do, so that what follows at once need not wake it: where messages come close behind each other, and for the answer to a question.
 * Other threads have the core first whenever they want it.
 *
 * <p>One for each loop, used on its thread.
 */
final class Spinning implements SelectStrategy {
    /** About what it costs to wake a thread whose core sleeps. */
    static final long SPIN_NS = 30_000;

    /** Between looks, each of which is a call of the system. */
    private static final int PAUSES = 16;

    private final LongSupplier nanoTime;
    private long busyNs;
    private boolean isBusy = true;

    Spinning(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** For the loops of one network; where there is one core only, they sleep at once. */
    static SelectStrategyFactory factory(int cores) {
        return cores > 1 ? () -> new Spinning(System::nanoTime) : () -> Spinning::selectAtOnce;
    }

    private static int selectAtOnce(IntSupplier selectNow, boolean hasTasks) throws Exception {
        return hasTasks ? selectNow.get() : SELECT;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        int found = selectNow.get();
        if (hasTasks || found > 0) {
            isBusy = true;
            return found;
        }
        long nowNs = nanoTime.getAsLong();
        if (isBusy) {
            isBusy = false;
            busyNs = nowNs;
        } else if (nowNs - busyNs > SPIN_NS) {
            return SELECT;
        }
        giveWay();
        return CONTINUE;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is asked for throughput, not for correctness
    private static void giveWay() {
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
        }
        Thread.yield();
    }
}
