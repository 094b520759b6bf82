package io.millrace.benchmarks.links;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How a yardstick's thread waits: as nodes do by default, which spin for a moment, yield, and park until they are woken. */
final class Sleeper {
    private static final int SPIN_CYCLES = 200;
    private static final int YIELD_CYCLES = 3;

    private volatile @Nullable Thread asleep;

    /** Its owner: returns when the condition holds, or perhaps a moment too early. */
    @SuppressWarnings("ThreadPriorityCheck") // as nodes do
    void await(BooleanSupplier isReady) throws InterruptedException {
        for (int i = 0; i < SPIN_CYCLES + YIELD_CYCLES; i++) {
            if (isReady.getAsBoolean()) {
                return;
            }
            if (i < SPIN_CYCLES) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        asleep = Thread.currentThread();
        VarHandle.fullFence(); // whoever publishes from now on sees it; partner: wake()
        if (!isReady.getAsBoolean()) {
            LockSupport.park(this);
        }
        asleep = null;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Any thread, when it has published. */
    void wake() {
        VarHandle.fullFence(); // what was published is out before the look; partner: await()
        Thread thread = asleep;
        if (thread != null) {
            asleep = null;
            LockSupport.unpark(thread);
        }
    }
}
