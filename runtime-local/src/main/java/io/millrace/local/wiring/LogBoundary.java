package io.millrace.local.wiring;

import io.millrace.graph.InputSource;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.logs.LogRelay;
import io.millrace.local.logs.LogRoute;
import io.millrace.local.logs.LogSink;
import io.millrace.local.logs.NodeLogs;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.LogOrder;
import io.millrace.local.part.PartSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The log records of a part that go to readers elsewhere, and those that come from there: an edge for each node that logs and each input that reads, whose end says that the
 * node has ended. Where such an edge is joined, records go straight into the reader's queue; else a thread takes them from all edges to that of the input. Any
 * thread.
 */
final class LogBoundary {
    private final PartSpec spec;
    private final NodeLogs logs;
    private final Ending ending;
    private final Map<String, BoundaryEdge> inputs = new LinkedHashMap<>();
    private final Map<String, LogWay> waysIn = new LinkedHashMap<>(); // of the inputs
    private final Map<String, Outlet> outputs = new LinkedHashMap<>();
    private @Nullable LogRelay relay; // guarded by this; made for the first edge that is not joined

    /** Has the coordinator told that a node elsewhere has ended. */
    interface Ending {
        void post(LogSink reader, String node);
    }

    /** Where a node's records go. */
    private final class Outlet {
        private final BoundaryEdge edge;
        private final InputSource.Logs wanted;
        private final boolean isHeard;
        private final LogWay way;

        // Guarded by this.
        private @Nullable LogSink sink;
        private @Nullable LogBoundary joined;
        private boolean isOver;

        Outlet(BoundaryEdge edge) {
            this.edge = edge;
            this.wanted = (InputSource.Logs) edge.input().source();
            this.isHeard = LogOrder.hears(edge.consumer(), wanted, edge.producer());
            this.way = new LogWay(edge);
        }

        /** Records go there from now on, and nowhere else. */
        private void go(LogSink to) {
            LogSink former = sink;
            sink = to;
            if (isHeard) {
                for (LogRoute route : logs.routesOf(edge.producer())) {
                    route.add(to, NodeLogs.level(wanted.level()));
                    if (former != null) {
                        route.remove(former);
                    }
                }
            }
            if (former != null && joined == null) {
                former.close();
            }
        }

        synchronized Edge connect(WakeSignal readerSignal) {
            LogSink fresh = logs.newSink(wanted);
            Edge ring = ring(edge, readerSignal, fresh.signal());
            way.changeTo(ring);
            fresh.port().reconnect(null, ring.writer(), false);
            if (isOver) {
                fresh.close();
            } else {
                go(fresh);
                joined = null;
            }
            return ring;
        }

        void join(LogBoundary consumer) {
            LogSink reader = consumer.logs.reader(LogWay.endOf(edge));
            boolean isOverAlready;
            synchronized (this) {
                isOverAlready = isOver;
                if (!isOver) {
                    go(reader);
                    joined = consumer;
                }
            }
            if (isOverAlready) {
                consumer.ending.post(reader, edge.producer());
            }
        }

        void end() {
            LogSink last;
            LogBoundary to;
            synchronized (this) {
                isOver = true;
                last = sink;
                to = joined;
            }
            if (to != null && last != null) {
                to.ending.post(last, edge.producer());
            } else if (last != null) {
                last.close();
            }
        }
    }

    LogBoundary(PartSpec spec, NodeLogs logs, Ending ending) {
        this.spec = spec;
        this.logs = logs;
        this.ending = ending;
    }

    // Wiring, before the start.

    void addInput(BoundaryEdge edge) {
        inputs.put(edge.name(), edge);
        waysIn.put(edge.name(), new LogWay(edge));
    }

    void addOutput(BoundaryEdge edge) {
        Outlet outlet = new Outlet(edge);
        outputs.put(edge.name(), outlet);
        if (outlet.isHeard) {
            logs.routesOf(edge.producer()).forEach(LogRoute::expectReaders);
        }
    }

    private static Edge ring(BoundaryEdge edge, @Nullable WakeSignal reader, @Nullable WakeSignal writer) {
        return Edge.create(
                edge.input().policy(), edge.input().queueSize(), reader, writer, RingChoice.AUTOMATIC, () -> {});
    }

    // The owner of the part.

    List<String> inputNames() {
        return new ArrayList<>(inputs.keySet());
    }

    List<String> outputNames() {
        return new ArrayList<>(outputs.keySet());
    }

    boolean hasInput(String edge) {
        return inputs.containsKey(edge);
    }

    boolean hasOutput(String edge) {
        return outputs.containsKey(edge);
    }

    synchronized Edge connectInput(String name, @Nullable WakeSignal writerSignal) {
        BoundaryEdge edge = Objects.requireNonNull(inputs.get(name), name);
        if (relay == null) {
            relay = new LogRelay(spec.graph().name());
        }
        LogSink reader = logs.reader(LogWay.endOf(edge));
        Edge ring = ring(edge, relay.signal(), writerSignal);
        Objects.requireNonNull(waysIn.get(name), name).changeTo(ring);
        relay.add(name, ring.reader(), reader, () -> ending.post(reader, edge.producer()));
        return ring;
    }

    Edge connectOutput(String name, WakeSignal readerSignal) {
        return Objects.requireNonNull(outputs.get(name), name).connect(readerSignal);
    }

    void join(String name, LogBoundary consumer) {
        if (!consumer.hasInput(name)) {
            throw new IllegalArgumentException("no edge '" + name
                    + "' comes into the part that is to be joined; those that do are " + consumer.inputNames());
        }
        Objects.requireNonNull(outputs.get(name), name).join(consumer);
    }

    /** Those on which anything was lost. */
    List<LogWay> lossyWays() {
        List<LogWay> ways = new ArrayList<>(waysIn.values());
        outputs.values().forEach(outlet -> ways.add(outlet.way));
        ways.removeIf(way -> !way.hasLost());
        return ways;
    }

    // The coordinator.

    void onEnded(String node) {
        for (Outlet outlet : outputs.values()) {
            if (outlet.edge.producer().equals(node)) {
                outlet.end();
            }
        }
    }

    /** The part has ended. */
    synchronized void close() {
        outputs.values().forEach(Outlet::end);
        if (relay != null) {
            relay.close();
        }
    }
}
