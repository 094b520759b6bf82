package io.millrace.local.waiting;

import io.millrace.local.edge.WakeSignal;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node waits whose program talks to it over sockets: until one of its edges signals or a socket is ready, whichever comes first. So one thread serves both.
 * Used by the node's thread, but for the signal and the end.
 *
 * <p><b>Relief.</b> To wake a thread takes longer than what it is woken for, which is to write one message to a socket. So a thread of this kind that has a single message for another
 * one which sleeps does that step for it, at the end of its own turn, and the other sleeps on. All state of a node belongs to who has its turn:
 *
 * <pre>
 *   AT_WORK  --(owner: about to sleep)-->  ASLEEP  --(another: relief)-->  RELIEVED
 *      ^--------(owner: awake again)---------+--^------(the step is done)------+
 * </pre>
 *
 * The signal that brought the relief has disarmed the sleeper's. So the one who relieves does as the sleeper did: it arms, looks once more for work, and only then leaves; whatever is
 * more than that step it wakes the sleeper for. Where it comes too early or too late for the turn, it wakes it as well: no message waits for a promise.
 *
 * <p>It outlives an incarnation, for the edges do, which signal it; whatever an incarnation has registered with the selector it takes away again.
 */
public final class SelectorWaiting implements Waiting, Closeable {
    /** What a selector counts in. */
    private static final long UNIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A timer that is due sooner than a selector can count is waited for in steps, so that a socket does not wait longer than one. */
    private static final long SHORT_STEP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final int AT_WORK = 0;
    private static final int ASLEEP = 1;
    private static final int RELIEVED = 2;
    private static final BooleanSupplier NOTHING = () -> false;
    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(SelectorWaiting.class, "turn", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Selector selector;
    private final WakeSignal signal;
    private final ConcurrentMap<Thread, SelectorWaiting> relieving;

    @SuppressWarnings("UnusedVariable") // accessed through TURN only
    private int turn;

    // Of who has the turn.
    private BooleanSupplier step = NOTHING;
    private BooleanSupplier awaited = NOTHING;

    // The node's thread.
    private boolean mayPromise;
    private @Nullable SelectorWaiting promised;

    private SelectorWaiting(Selector selector, ConcurrentMap<Thread, SelectorWaiting> relieving) {
        this.selector = selector;
        this.relieving = relieving;
        this.signal = new WakeSignal(this::wake);
    }

    /**
     * Takes a selector from the system.
     *
     * @param relieving those that relieve each other, by their threads
     */
    public static SelectorWaiting open(ConcurrentMap<Thread, SelectorWaiting> relieving) {
        try {
            return new SelectorWaiting(Selector.open(), relieving);
        } catch (IOException e) {
            throw new UncheckedIOException("a node that is a process needs a selector, which the system refuses", e);
        }
    }

    @Override
    public WakeSignal signal() {
        return signal;
    }

    @Override
    public void bind(Thread thread) {
        signal.bind(thread);
    }

    /** Where the incarnation that runs registers its sockets. */
    public Selector selector() {
        return selector;
    }

    @Override
    public boolean step(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
        signal.arm(needsRoom);
        try {
            if (isOver.getAsBoolean()) {
                return false;
            }
            awaited = isOver;
            TURN.setRelease(this, ASLEEP);
            try {
                select(timeoutNs);
            } finally {
                takeTurn();
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("the selector of a node that is a process failed", e);
        } finally {
            signal.disarm();
        }
    }

    /** Whoever relieves it has a step to make that does not wait, so it is not worth a wait. */
    @SuppressWarnings("ThreadPriorityCheck") // as for a lock: who has the turn may have no core
    private void takeTurn() {
        while (!TURN.compareAndSet(this, ASLEEP, AT_WORK)) {
            Thread.yield();
        }
    }

    private void select(long timeoutNs) throws IOException {
        if (timeoutNs == Long.MAX_VALUE) {
            selector.select();
        } else if (timeoutNs >= UNIT_NS) {
            selector.select(timeoutNs / UNIT_NS);
        } else if (selector.selectNow() == 0) {
            LockSupport.parkNanos(this, Math.max(1, Math.min(timeoutNs, SHORT_STEP_NS)));
        }
    }

    // Relief.

    /**
     * From now on this one relieves others, and is relieved. The node's thread.
     *
     * @param relief what another thread may do for this one while it sleeps: does not wait, and does not throw; tells whether the sleeper is to be woken all the same
     */
    public void relieveBy(BooleanSupplier relief) {
        step = relief;
        relieving.put(Thread.currentThread(), this);
    }

    /** The node's thread. Idempotent. */
    public void endRelief() {
        step = NOTHING;
        relieving.remove(Thread.currentThread());
    }

    /** Whoever is woken from here on may be relieved instead, until {@link #endTurn}. The node's thread. */
    public void beginTurn() {
        mayPromise = true;
    }

    /** More is to be done before the turn ends than a message may wait: who was to be relieved is woken. */
    public void hurry() {
        mayPromise = false;
        SelectorWaiting sleeper = promised;
        if (sleeper != null) {
            promised = null;
            sleeper.selector.wakeup();
        }
    }

    /** Does for the one that was to be woken what it would have done. */
    public void endTurn() {
        mayPromise = false; // whoever is signalled in the course of it is woken
        SelectorWaiting sleeper = promised;
        if (sleeper != null) {
            promised = null;
            sleeper.relieve();
        }
    }

    /** Any thread. */
    private void wake() {
        SelectorWaiting waker = relieving.get(Thread.currentThread());
        if (waker == null || !waker.promise(this)) {
            selector.wakeup();
        }
    }

    private boolean promise(SelectorWaiting sleeper) {
        if (!mayPromise || promised != null) {
            return false;
        }
        promised = sleeper;
        return true;
    }

    /** On another thread than its own. */
    private void relieve() {
        boolean isNeeded = true;
        if (TURN.compareAndSet(this, ASLEEP, RELIEVED)) {
            try {
                isNeeded = step.getAsBoolean();
                signal.arm();
                isNeeded |= awaited.getAsBoolean();
            } finally {
                TURN.setRelease(this, ASLEEP); // whatever happens: the sleeper waits for it
            }
        }
        if (isNeeded) {
            selector.wakeup();
        }
    }

    /** The dataflow has ended: whoever still waits here does so no longer. Any thread; idempotent. */
    @Override
    public void close() throws IOException {
        selector.close();
    }
}
