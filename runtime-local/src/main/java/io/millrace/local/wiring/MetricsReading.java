package io.millrace.local.wiring;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.TimerTicks;
import io.millrace.local.edge.Edge;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.TimerMetrics;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the counters and times of a dataflow. Any thread. */
public final class MetricsReading {
    private MetricsReading() {}

    public static DataflowMetrics of(Wiring wiring, Function<String, NodeState> nodeStates) {
        List<EdgeMetrics> edges = new ArrayList<>();
        wiring.countedEdges().forEach(edge -> edges.add(edge(edge)));
        wiring.lossyLogWays().forEach(way -> edges.add(way.metrics()));
        Map<String, Long> dropped = new HashMap<>();
        edges.forEach(edge ->
                dropped.merge(edge.node(), edge.lost().total() - edge.lost().discarded(), Long::sum));
        List<NodeMetrics> nodes = wiring.nodes().all().stream()
                .map(node ->
                        node(wiring, node, nodeStates.apply(node.nodeId()), dropped.getOrDefault(node.nodeId(), 0L)))
                .toList();
        List<TimerMetrics> timers =
                wiring.edges().timers().stream().map(MetricsReading::timer).toList();
        return new DataflowMetrics(wiring.name(), nodes, edges, timers);
    }

    /** Of edges only. */
    public static DataflowMetrics of(String name, List<WiredEdge> wired) {
        return new DataflowMetrics(
                name, List.of(), wired.stream().map(MetricsReading::edge).toList(), List.of());
    }

    private static EdgeMetrics edge(WiredEdge wired) {
        Edge ring = wired.ring();
        WiredEdge.Counts counts = wired.ownCounts();
        return new EdgeMetrics(
                wired.name(),
                wired.node(),
                wired.form(),
                ring == null ? 0 : ring.queueSize(),
                wired.isWhole() ? Math.max(counts.sent(), counts.received()) : counts.sent(),
                counts.received(),
                wired.receivedBytes(),
                new Lost(
                        counts.dropped() - counts.droppedForMemory(),
                        counts.droppedForMemory(),
                        counts.conflated(),
                        counts.discarded()),
                ring == null ? wired.backlog() : ring.backlog(),
                ring == null ? 0 : ring.highWater(),
                ring == null ? Times.NONE : ring.hopTimes());
    }

    private static NodeMetrics node(Wiring wiring, Incarnations node, NodeState state, long dropped) {
        NodeAgent agent = node.agent();
        return new NodeMetrics(
                node.nodeId(),
                state,
                agent.incarnation(),
                node.received(),
                node.receivedBytes(),
                node.sent(),
                node.sentBytes(),
                dropped,
                wiring.logs().lost(node.nodeId()),
                agent.handling().read());
    }

    private static TimerMetrics timer(WiredTimer timer) {
        TimerTicks ticks = timer.ticks();
        return new TimerMetrics(
                timer.input(),
                timer.node(),
                timer.source(),
                ticks.intervalNs(),
                ticks.ticks(),
                ticks.missed(),
                ticks.lateness());
    }
}
