package io.millrace.local.wiring;

import io.millrace.layout.RecordLayout;
import io.millrace.local.agent.Commands;
import io.millrace.local.agent.EdgeSource;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.EdgeMaker;
import io.millrace.local.part.PartListener;
import io.millrace.local.pool.Slab;
import io.millrace.local.wiring.BoundaryInput.Rings;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where messages leave a part: the producer's half of an edge to a node elsewhere. Either it has an edge of its own, which somebody else reads, or it is joined and writes
 * straight into that of the consumer. Any thread; as with {@link BoundaryInput}, the last edge made counts.
 */
public final class BoundaryOutput implements EdgeSource {
    private final BoundaryEdge edge;
    private final Origin end;
    private final WiredEdge half;
    private final Rings rings;
    private final PartListener listener;

    // Guarded by this.
    private @Nullable WakeSignal writerSignal;
    private @Nullable WakeSignal readerSignal;
    private @Nullable BoundaryInput joined;
    private @Nullable EdgeWriter current;
    private @Nullable EdgeWriter inPort;
    private @Nullable Edge unread; // what is sent before anybody asks for the edge
    private boolean isStarted;

    /** The output. */
    interface Origin {
        /** How it learns of room; null if it never parks. */
        @Nullable WakeSignal portSignal();

        /** Whether threads take turns to use its port; else only its node's may. */
        boolean isShared();

        OutputPort port();

        /** As {@link Incarnations#post}. */
        boolean post(Commands.Command command);
    }

    public BoundaryOutput(BoundaryEdge edge, Origin end, Rings rings, PartListener listener) {
        this.edge = edge;
        this.end = end;
        this.rings = rings;
        this.listener = listener;
        this.writerSignal = end.portSignal();
        this.half = new WiredEdge(
                edge.name(),
                WiredEdge.Side.SENDING,
                this,
                edge.consumer(),
                edge.input(),
                () -> {
                    throw new AssertionError("the consumer of '" + edge.name() + "' is elsewhere");
                },
                null);
    }

    BoundaryEdge edge() {
        return edge;
    }

    /** Whether threads take turns to send. */
    boolean isShared() {
        return end.isShared();
    }

    /** The output's name. */
    String source() {
        return edge.input().source().toString();
    }

    /** Its counters; null if it has never had an edge of its own. */
    public @Nullable WiredEdge half() {
        return half.ring() == null ? null : half;
    }

    /** From now on it is used by the producer's thread. If nobody has asked for the edge, messages wait in one until somebody does. */
    public void start() {
        boolean isConnected;
        synchronized (this) {
            isConnected = current != null;
        }
        synchronized (this) {
            if (!isConnected) {
                Edge made = newRing();
                unread = made;
                use(made.writer(), false, moved -> half.changeTo(made, moved));
            }
            isStarted = true;
        }
    }

    /** Somebody else reads the edge. */
    public synchronized Edge connect(@Nullable WakeSignal signal) {
        joined = null;
        readerSignal = signal;
        Edge fresh = rings.ring(edge, readerSignal, writerSignal);
        use(fresh.writer(), false, moved -> half.changeTo(fresh, moved));
        return fresh;
    }

    /** As {@link #connect(WakeSignal)}, by an edge of another form. */
    synchronized Edge connect(EdgeMaker maker, WakeSignal signalOfNext) {
        joined = null;
        readerSignal = signalOfNext;
        Edge fresh = maker.make(writerSignal);
        use(fresh.writer(), false, moved -> half.changeTo(fresh, moved));
        return fresh;
    }

    /** As {@link #connect(EdgeMaker, WakeSignal)}; what waits in {@code former}, the edge before, which nobody reads any more, goes over to it first. */
    synchronized Edge connectAfter(Edge former, EdgeMaker maker, WakeSignal signalOfNext) {
        unread = former;
        return connect(maker, signalOfNext);
    }

    /** As {@link #connect(WakeSignal)}; what waits in {@code former} goes over to it first. */
    synchronized Edge connectAfter(Edge former, WakeSignal signal) {
        unread = former;
        return connect(signal);
    }

    /** An input in this JVM does. */
    public void join(BoundaryInput input) {
        synchronized (this) {
            joined = input;
        }
        Edge fresh = input.connect(this);
        use(fresh.writer(), false, half::uncount);
    }

    private synchronized void use(EdgeWriter writer, boolean isFormerLost, LongConsumer whenUsed) {
        current = writer;
        if (!isStarted || end.isShared()) {
            put(writer, isFormerLost, whenUsed);
        } else if (!end.post(() -> put(writer, isFormerLost, whenUsed))) { // the node has ended
            long moved = moveUnread(writer);
            writer.close();
            whenUsed.accept(moved);
        }
    }

    private synchronized void put(EdgeWriter writer, boolean isFormerLost, LongConsumer whenUsed) {
        if (current != writer) {
            writer.close();
            return;
        }
        long moved = moveUnread(writer);
        end.port().reconnect(inPort, writer, isFormerLost);
        inPort = writer;
        whenUsed.accept(moved);
        WakeSignal signal = writerSignal;
        if (signal != null) {
            signal.signal(); // who waits for room in the edge before has it now
        }
    }

    /** Whatever has waited for a reader now waits in the edge that has one. Returns how many messages that were. */
    private long moveUnread(EdgeWriter to) {
        if (unread == null || unread.writer() == to) {
            return 0;
        }
        long moved = 0;
        EdgeReader reader = unread.reader();
        unread = null;
        while (reader.next()) {
            int length = RecordLayout.recordLength(reader.buffer(), reader.recordOffset());
            int target = to.tryClaim(length);
            if (target < 0) {
                break; // whoever has asked for the edge has closed it already
            }
            to.buffer().put(target, reader.buffer(), reader.recordOffset(), length);
            Slab body = reader.slab();
            if (body != null) {
                body.retain();
            }
            to.commit(body);
            moved++;
        }
        reader.close();
        return moved;
    }

    /**
     * The producer was stuck, and another incarnation takes its place. The coordinator's thread.
     *
     * @param port of the incarnation that does not run yet
     */
    void renew(OutputPort port, @Nullable WakeSignal signal) {
        BoundaryInput to;
        synchronized (this) {
            writerSignal = signal;
            to = joined;
        }
        Edge fresh = to == null ? newRing() : to.connect(this);
        synchronized (this) {
            current = fresh.writer();
            port.reconnect(null, fresh.writer(), false);
            inPort = fresh.writer();
        }
        if (to == null) {
            half.changeTo(fresh);
            listener.onOutputReplaced(edge.name(), fresh);
        }
    }

    private synchronized Edge newRing() {
        return rings.ring(edge, readerSignal, writerSignal);
    }

    // The source of a joined edge.

    @Override
    public String node() {
        return edge.producer();
    }

    @Override
    public synchronized @Nullable WakeSignal signal() {
        return writerSignal;
    }

    @Override
    public void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
        boolean isStillUsed;
        synchronized (this) {
            isStillUsed = current == former;
            if (isStillUsed) {
                use(fresh.writer(), true, moved -> whenReplaced.run());
            }
        }
        if (!isStillUsed) {
            fresh.writer().close();
            whenReplaced.run();
        }
    }
}
