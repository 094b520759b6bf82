package io.millrace.local.run;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.pool.Slab;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where messages from elsewhere come into a part: the consumer's half of an edge, made anew whenever who sends is another one, or the consumer is. Any thread.
 *
 * <p>An edge is made at once and taken up by a command to the consumer. Which one counts is decided under the lock when it is made; a command that finds another one counting
 * closes its own.
 */
final class BoundaryInput {
    private final BoundaryEdge edge;
    private final Incarnations consumer;
    private final WiredEdge wired;
    private final Rings rings;
    private final PartListener listener;

    // Guarded by this.
    private WiredEdge.@Nullable Source source; // none before it is connected
    private @Nullable Edge current;
    private @Nullable WakeSignal readerSignal;
    private boolean isStarted;

    /** Makes edges. */
    interface Rings {
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
    private final class Elsewhere implements WiredEdge.Source {
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
    synchronized Edge connect(WiredEdge.Source from) {
        Edge fresh = rings.ring(edge, readerSignal, from.signal());
        takeUp(fresh, from, () -> {}, () -> {});
        return fresh;
    }

    /** As {@link #connect(WakeSignal)}, by an edge of another form. */
    synchronized Edge connect(EdgeMaker maker, WakeSignal signalOfNext) {
        Edge fresh = maker.make(readerSignal);
        takeUp(fresh, new Elsewhere(signalOfNext), () -> {}, () -> {});
        return fresh;
    }

    /** As {@link #connect(WakeSignal)}, and what waits in the edge before goes over to it. */
    synchronized Edge connectAfter(WakeSignal writerSignal, Runnable whenMoved) {
        Edge former = current;
        Elsewhere from = new Elsewhere(writerSignal);
        Edge fresh = rings.ring(edge, readerSignal, writerSignal);
        takeUp(fresh, from, () -> move(former, fresh), whenMoved);
        return fresh;
    }

    private void takeUp(Edge fresh, WiredEdge.Source from, Runnable before, Runnable after) {
        source = from;
        current = fresh;
        if (!isStarted) {
            take(fresh, from, before);
            after.run();
            return;
        }
        boolean isPosted = consumer.post(() -> {
            take(fresh, from, before);
            after.run();
        });
        if (!isPosted) {
            fresh.reader().close();
            after.run();
        }
    }

    private void take(Edge fresh, WiredEdge.Source from, Runnable before) {
        synchronized (this) {
            if (current != fresh) {
                fresh.reader().close();
                return;
            }
        }
        wired.input().release();
        before.run();
        wired.input().attach(fresh.reader());
        wired.changeTo(fresh, from);
    }

    /** The consumer's thread, which reads the one, and while nobody else writes the other. */
    private void move(@Nullable Edge former, Edge fresh) {
        if (former == null || wired.ring() != former || wired.input().isEnded()) {
            return;
        }
        EdgeReader reader = former.reader();
        EdgeWriter writer = fresh.writer();
        while (writer.hasRoom() && reader.next()) {
            int length = RecordLayout.recordLength(reader.buffer(), reader.recordOffset());
            int target = writer.tryClaim(length);
            writer.buffer().put(target, reader.buffer(), reader.recordOffset(), length);
            Slab body = reader.slab();
            if (body != null) {
                body.retain();
            }
            writer.commit(body);
        }
        wired.uncount(writer.sent()); // they count on the other edge, where they are received once more
    }

    /**
     * The consumer was stuck, and another incarnation takes its place. The coordinator's thread.
     *
     * @param port of the incarnation that does not run yet
     */
    void renew(InputPort port, @Nullable WakeSignal signal) {
        Edge former;
        Edge fresh;
        WiredEdge.Source from;
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
