package io.millrace.local.wiring;

import io.millrace.local.agent.EdgeSource;
import io.millrace.local.agent.InputPort;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.EdgeMaker;
import io.millrace.local.part.PartListener;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where messages from elsewhere come into a part: the consumer's half of an edge, made anew whenever who sends is another one, or the consumer is. Any thread.
 *
 * <p>An edge is made at once and taken up by a command to the consumer. Which one counts is decided under the lock when it is made; a command that finds another one counting
 * closes its own.
 */
public final class BoundaryInput {
    private final BoundaryEdge edge;
    private final Incarnations consumer;
    private final WiredEdge wired;
    private final Rings rings;
    private final PartListener listener;

    // Guarded by this.
    private @Nullable EdgeSource source; // none before it is connected
    private @Nullable Edge current;
    private @Nullable WakeSignal readerSignal;
    private boolean isStarted;

    /** Makes edges. */
    public interface Rings {
        Edge ring(BoundaryEdge edge, @Nullable WakeSignal reader, @Nullable WakeSignal writer);
    }

    /** @param port of the incarnation that counts */
    BoundaryInput(
            BoundaryEdge edge, Incarnations consumer, Supplier<InputPort> port, Rings rings, PartListener listener) {
        this.edge = edge;
        this.consumer = consumer;
        this.wired = new WiredEdge(
                edge.name(),
                WiredEdge.Side.RECEIVING,
                new Elsewhere(null),
                consumer.nodeId(),
                edge.input(),
                port,
                null);
        this.rings = rings;
        this.listener = listener;
        this.readerSignal = consumer.agent().signal();
    }

    /** Before it is connected, or where a link feeds it. */
    private final class Elsewhere implements EdgeSource {
        private final @Nullable WakeSignal signal;

        Elsewhere(@Nullable WakeSignal signal) {
            this.signal = signal;
        }

        @Override
        public String node() {
            return edge.producer();
        }

        @Override
        public @Nullable WakeSignal signal() {
            return signal;
        }

        @Override
        public boolean isHere() {
            return false;
        }

        @Override
        public void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
            whenReplaced.run();
            listener.onInputReplaced(edge.name(), fresh);
        }
    }

    /** The edge for who counts. */
    WiredEdge wired() {
        return wired;
    }

    BoundaryEdge edge() {
        return edge;
    }

    Incarnations consumer() {
        return consumer;
    }

    /** From now on it is used by the consumer's thread. */
    synchronized void start() {
        isStarted = true;
    }

    /** Somebody else writes into the edge. */
    Edge connect(@Nullable WakeSignal writerSignal) {
        return connect(new Elsewhere(writerSignal));
    }

    /** An output in this JVM does. */
    synchronized Edge connect(EdgeSource from) {
        Edge fresh = rings.ring(edge, readerSignal, from.signal());
        takeUp(fresh, from);
        return fresh;
    }

    /** As {@link #connect(WakeSignal)}, by an edge of another form. */
    synchronized Edge connect(EdgeMaker maker, WakeSignal signalOfNext) {
        Edge fresh = maker.make(readerSignal);
        takeUp(fresh, new Elsewhere(signalOfNext));
        return fresh;
    }

    /**
     * As {@link #connect(EdgeMaker, WakeSignal)}, and its messages come behind those of the edge before, once the writer of that is closed.
     *
     * @param onChained run on some thread: from now on that writer can be closed
     */
    synchronized Edge connectNext(EdgeMaker maker, WakeSignal signalOfNext, Runnable onChained) {
        Elsewhere from = new Elsewhere(signalOfNext);
        Edge fresh = maker.make(readerSignal);
        source = from;
        current = fresh;
        if (!isStarted) {
            chain(fresh, from, onChained);
        } else if (!consumer.post(() -> chain(fresh, from, onChained))) {
            fresh.reader().close();
            onChained.run();
        }
        return fresh;
    }

    /** As {@link #connectNext(EdgeMaker, WakeSignal, Runnable)}, by an edge like all others. */
    synchronized Edge connectNext(WakeSignal writerSignal, Runnable onChained) {
        return connectNext(reader -> rings.ring(edge, reader, writerSignal), writerSignal, onChained);
    }

    private void chain(Edge fresh, EdgeSource from, Runnable onChained) {
        boolean isCurrent;
        synchronized (this) {
            isCurrent = current == fresh;
        }
        if (isCurrent) {
            wired.input().attachNext(fresh.reader(), () -> wired.changeTo(fresh, from));
        } else {
            fresh.reader().close();
        }
        onChained.run();
    }

    private void takeUp(Edge fresh, EdgeSource from) {
        source = from;
        current = fresh;
        if (!isStarted) {
            take(fresh, from);
        } else if (!consumer.post(() -> take(fresh, from))) {
            fresh.reader().close();
        }
    }

    private void take(Edge fresh, EdgeSource from) {
        synchronized (this) {
            if (current != fresh) {
                fresh.reader().close();
                return;
            }
        }
        wired.input().attach(fresh.reader());
        wired.changeTo(fresh, from);
    }

    /**
     * The consumer was stuck, and another incarnation takes its place. The coordinator's thread.
     *
     * @param port of the incarnation that does not run yet
     */
    void renew(InputPort port, @Nullable WakeSignal signal) {
        Edge former;
        Edge fresh;
        EdgeSource from;
        synchronized (this) {
            readerSignal = signal;
            former = current;
            from = source;
            if (former == null || from == null) {
                return;
            }
            fresh = rings.ring(edge, readerSignal, from.signal());
            current = fresh;
        }
        port.attach(fresh.reader());
        from.replace(former.writer(), fresh, () -> wired.changeTo(fresh));
    }

    /** Whether something may still come. */
    boolean isOpen() {
        Edge now;
        synchronized (this) {
            now = current;
        }
        return !wired.input().isEnded() && (now == null || !now.reader().isWriterClosed());
    }

    /** Whether nobody has ever been there to send anything. */
    synchronized boolean isUnconnected() {
        return current == null;
    }

    /** Nothing more is to come: what waits is still taken. */
    void end() {
        consumer.post(() -> wired.input().endSource());
    }
}
