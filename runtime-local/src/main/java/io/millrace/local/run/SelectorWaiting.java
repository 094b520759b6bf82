package io.millrace.local.run;

import io.millrace.local.edge.WakeSignal;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a node waits whose program talks to it over sockets: until one of its edges signals or a socket is ready, whichever comes first. So one thread serves both, and
 * nothing of the node is shared. Used by the node's thread, but for the signal and the end.
 *
 * <p>It outlives an incarnation, for the edges do, which signal it; whatever an incarnation has registered with the selector it takes away again.
 */
final class SelectorWaiting implements Waiting, Closeable {
    /** What a selector counts in. */
    private static final long UNIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A timer that is due sooner than a selector can count is waited for in steps, so that a socket does not wait longer than one. */
    private static final long SHORT_STEP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Selector selector;
    private final WakeSignal signal;

    private SelectorWaiting(Selector selector) {
        this.selector = selector;
        this.signal = new WakeSignal(selector::wakeup);
    }

    /** Takes a selector from the system. */
    static SelectorWaiting open() {
        try {
            return new SelectorWaiting(Selector.open());
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
    Selector selector() {
        return selector;
    }

    @Override
    public boolean step(int idleCycles, long timeoutNs, BooleanSupplier isOver) {
        signal.arm();
        try {
            if (isOver.getAsBoolean()) {
                return false;
            }
            select(timeoutNs);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("the selector of a node that is a process failed", e);
        } finally {
            signal.disarm();
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

    /** The dataflow has ended: whoever still waits here does so no longer. Any thread; idempotent. */
    @Override
    public void close() throws IOException {
        selector.close();
    }
}
