package io.millrace.local.waiting;

import io.millrace.local.edge.WakeSignal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the thread of a node with its own loop run only while it has its turn. The runner passes the baton and waits until it is back; the node gives it back
 * whenever its context is used, and says what it then waits for.
 *
 * <p>Whoever has the baton may use all that belongs to the node: that is how the runner looks whether what the node waits for is there.
 */
public final class Baton implements Waiting {
    private final LongSupplier nanoTime;
    private final WakeSignal signal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition passed = lock.newCondition();

    // Under the lock.
    private boolean isWithNode;
    private boolean isRetired;

    // Whoever has the baton.
    private @Nullable BooleanSupplier awaited;
    private long dueNs;
    private boolean isDue;

    /**
     * @param nanoTime the time by which nodes live
     * @param signal wakes the runner where that waits for what comes from elsewhere
     */
    public Baton(LongSupplier nanoTime, WakeSignal signal) {
        this.nanoTime = nanoTime;
        this.signal = signal;
    }

    @Override
    public WakeSignal signal() {
        return signal;
    }

    @Override
    public void bind(Thread thread) {}

    // The node's thread.

    /** Before anything else: waits for its first turn. */
    public void awaitFirst() {
        lock.lock();
        try {
            awaitTurn();
        } finally {
            lock.unlock();
        }
    }

    /** Lets others have their turn, and needs nothing to go on. */
    public void pause() {
        awaited = null;
        giveUp();
    }

    @Override
    public boolean step(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
        awaited = isOver;
        isDue = timeoutNs != Long.MAX_VALUE;
        dueNs = isDue ? nanoTime.getAsLong() + timeoutNs : 0;
        giveUp();
        awaited = null;
        return true;
    }

    private void giveUp() {
        lock.lock();
        try {
            isWithNode = false;
            passed.signalAll();
            awaitTurn();
        } finally {
            lock.unlock();
        }
    }

    private void awaitTurn() {
        while (!isWithNode && !isRetired) {
            passed.awaitUninterruptibly();
        }
    }

    /** The last of the node's life: the baton is not wanted any more. */
    public void finish() {
        lock.lock();
        try {
            isWithNode = false;
            isRetired = true;
            passed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // The runner's thread.

    /** Whether the node could go on: it waits for nothing, or for what is there, or long enough. The runner must have the baton. */
    public boolean canGoOn() {
        BooleanSupplier condition = awaited;
        return condition == null || untilDueNs() <= 0 || condition.getAsBoolean();
    }

    /** Whether the node waits for something, and not just for its turn. The runner must have the baton. */
    public boolean isAwaiting() {
        return awaited != null;
    }

    /** Nanoseconds until the node has waited long enough; {@link Long#MAX_VALUE} for never. The runner must have the baton. */
    public long untilDueNs() {
        return awaited != null && isDue ? dueNs - nanoTime.getAsLong() : Long.MAX_VALUE;
    }

    /** Gives the node its turn, and waits until that is over; false if it is not so within {@code limitNs} of real time. */
    public boolean pass(long limitNs) {
        boolean isInterrupted = false;
        long endNs = System.nanoTime() + limitNs;
        lock.lock();
        try {
            isWithNode = true;
            passed.signalAll();
            while (isWithNode) {
                long leftNs = endNs - System.nanoTime();
                if (leftNs <= 0) {
                    return false;
                }
                try {
                    passed.await(leftNs, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) { // not meant for the node, whose turn has its limit anyway
                    isInterrupted = true;
                }
            }
            return true;
        } finally {
            lock.unlock();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** From now on the node goes on whenever it likes, for nobody waits for it. */
    public void retire() {
        lock.lock();
        try {
            isRetired = true;
            passed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
