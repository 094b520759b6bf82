package io.millrace.local.waiting;

import io.millrace.graph.Execution.Idle;
import io.millrace.local.edge.WakeSignal;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a thread of the runtime waits: by one of the {@link Idle} strategies, the longer idle the cheaper.
 *
 * <pre>
 *   park       spin while a core is spare, yield while there is much to do, park until signalled
 *   backoff    spin while a core is spare, yield, sleep 1 us, 2 us, 4 us ... 1 ms
 *   yield      yield
 *   busy-spin  spin
 * </pre>
 */
public final class ThreadWaiting implements Waiting {
    private static final int SPIN_CYCLES = 200;
    /**
     * A thread that had nothing to do so short a time ago gives its core away once before it parks: where there are more threads than cores, messages gather meanwhile, and a wake-up serves them all. One that is idle
     * more rarely has nothing to gain, and to give a core away costs its turn: it would wait behind whatever else runs there, for milliseconds.
     */
    private static final long DENSE_NS = 50_000;

    private static final int BACKOFF_YIELD_CYCLES = 10;
    private static final long SHORTEST_SLEEP_NS = 1_000;
    private static final int DOUBLINGS = 10;

    private final Idle idle;
    private final int spinCycles;
    private final @Nullable WakeSignal signal;
    private long lastIdleNs; // the waiting thread's

    private ThreadWaiting(Idle idle, int spinCycles) {
        this.idle = idle;
        this.spinCycles = spinCycles;
        this.signal = idle == Idle.PARK ? new WakeSignal() : null;
    }

    /** @param isCoreSpare whether a thread may spin for a while without taking a core from another */
    public static ThreadWaiting of(Idle idle, boolean isCoreSpare) {
        return new ThreadWaiting(idle, isCoreSpare ? SPIN_CYCLES : 0);
    }

    @Override
    public @Nullable WakeSignal signal() {
        return signal;
    }

    @Override
    public boolean keepsCore() {
        return idle == Idle.BUSY_SPIN || spinCycles > 0 && idle != Idle.YIELD;
    }

    @Override
    public void bind(Thread thread) {
        if (signal != null) {
            signal.bind(thread);
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is asked for throughput, not for correctness
    public boolean step(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
        if (idle == Idle.YIELD) {
            Thread.yield();
            return true;
        }
        if (idle == Idle.BUSY_SPIN || idleCycles < spinCycles) {
            Thread.onSpinWait();
            return false;
        }
        int cycles = idleCycles - spinCycles;
        if (signal == null) {
            return backOff(cycles, timeoutNs);
        }
        if (cycles == 0 && isDense()) {
            Thread.yield();
            return true;
        }
        return park(signal, timeoutNs, needsRoom, isOver);
    }

    /** Whether the thread was idle just before, too. */
    private boolean isDense() {
        long nowNs = System.nanoTime();
        long sinceNs = nowNs - lastIdleNs;
        lastIdleNs = nowNs;
        return sinceNs < DENSE_NS;
    }

    @SuppressWarnings("ThreadPriorityCheck") // as above
    private boolean backOff(int cycles, long timeoutNs) {
        if (cycles < BACKOFF_YIELD_CYCLES) {
            Thread.yield();
            return true;
        }
        long sleepNs = SHORTEST_SLEEP_NS << Math.min(cycles - BACKOFF_YIELD_CYCLES, DOUBLINGS);
        LockSupport.parkNanos(this, Math.max(1, Math.min(sleepNs, timeoutNs)));
        return true;
    }

    private static boolean park(WakeSignal signal, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
        signal.arm(needsRoom);
        if (isOver.getAsBoolean()) {
            signal.disarm();
            return false;
        }
        signal.park(timeoutNs == Long.MAX_VALUE ? 0 : Math.max(1, timeoutNs));
        return true;
    }
}
