package io.millrace.local.wiring;

import io.millrace.local.agent.Commands;
import io.millrace.local.agent.EdgeSource;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.logs.LogSink;
import io.millrace.runtime.Stall;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where an output is: with whichever incarnation of its node runs. Any thread. */
public final class OutputEnd implements EdgeSource, TappedOutput, BoundaryOutput.Origin {
    private final Incarnations incarnations;
    private final int slot;
    private final String name;
    private final @Nullable LogSink sink;
    private final Map<Moving, Supplier<Edge>> readers = new ConcurrentHashMap<>();

    /** Who reads an output without being part of the graph. */
    public interface Moving {
        /** Whether it reads no more. */
        boolean isOver();

        /** Whether the output stays open for its sake. */
        default boolean keepsOpen() {
            return true;
        }

        /** Over which messages come now. Any thread. */
        Edge edge();

        /** From now on messages come over {@code fresh}; those that wait in the edge before are read first. Any thread. */
        void changeTo(Edge fresh);

        /** How it holds its output up at this moment. Any thread. */
        Optional<Stall> stall(long nowNs);
    }

    /**
     * @param slot of the operator in its node
     * @param sink where it sends, if not by a port of the node's own, for it carries what that logs
     */
    OutputEnd(Incarnations incarnations, int slot, String name, @Nullable LogSink sink) {
        this.incarnations = incarnations;
        this.slot = slot;
        this.name = name;
        this.sink = sink;
    }

    String name() {
        return name;
    }

    @Override
    public String node() {
        return incarnations.nodeId();
    }

    @Override
    public @Nullable WakeSignal signal() {
        return agent().signal();
    }

    /** As {@link #signal}, of the port, which need not be the node's. */
    @Override
    public @Nullable WakeSignal portSignal() {
        return sink == null ? signal() : sink.signal();
    }

    /** Whether threads take turns to use its port. */
    @Override
    public boolean isShared() {
        return sink != null;
    }

    NodeAgent agent() {
        return incarnations.agent();
    }

    /** To be used on the node's thread only. */
    @Override
    public OutputPort port() {
        return sink != null ? sink.port() : incarnations.ports().get(slot).output(name);
    }

    /** Whether it is a port of this node's own. */
    boolean isOf(String nodeId) {
        return sink == null && node().equals(nodeId);
    }

    /** As {@link Incarnations#post}. */
    @Override
    public boolean post(Commands.Command command) {
        return incarnations.post(command);
    }

    /** Those are the incarnations that take the place of one that does not come back. */
    @Override
    public void keep(Moving reader, Supplier<Edge> edges) {
        readers.keySet().removeIf(Moving::isOver);
        readers.put(reader, edges);
    }

    @Override
    public Collection<Moving> readers() {
        return readers.keySet();
    }

    /** Has the readers go over to a port that nobody uses yet. */
    void moveSubscriptions(OutputPort successor) {
        readers.keySet().removeIf(Moving::isOver);
        readers.forEach((reader, edges) -> move(reader, edges, successor));
    }

    /** Likewise, but only those whose edges cannot be written any more, to a port that has taken over the others. */
    void moveBroken(OutputPort successor) {
        readers.forEach((reader, edges) -> {
            EdgeWriter former = reader.edge().writer();
            if (former.isBroken() && !reader.isOver()) {
                move(reader, edges, successor);
                former.close();
            }
        });
    }

    private static void move(Moving reader, Supplier<Edge> edges, OutputPort successor) {
        Edge fresh = edges.get();
        if (reader.keepsOpen()) {
            successor.attach(fresh.writer());
        } else {
            successor.watch(fresh.writer());
        }
        reader.changeTo(fresh);
    }

    @Override
    public void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
        boolean isTaken = post(() -> {
            port().replace(former, fresh.writer());
            whenReplaced.run();
        });
        if (!isTaken) {
            fresh.writer().close();
            whenReplaced.run();
        }
    }
}
