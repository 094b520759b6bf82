package io.millrace.local.wiring;

import io.millrace.local.agent.NodeAgent;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the counters of a dataflow. Any thread. */
public final class Statuses {
    private Statuses() {}

    public static DataflowStatus of(Wiring wiring, DataflowState state, Function<String, NodeState> nodeStates) {
        List<EdgeStatus> edges = new ArrayList<>();
        Map<String, Long> dropped = new HashMap<>();
        for (WiredEdge edge : wiring.countedEdges()) {
            WiredEdge.Counts counts = edge.ownCounts();
            edges.add(edge(edge, counts));
            dropped.merge(edge.node(), counts.dropped() + counts.conflated(), Long::sum);
        }
        wiring.lossyLogWays().forEach(way -> edges.add(way.status()));
        List<NodeStatus> nodes = wiring.nodes().all().stream()
                .map(node -> node(node, nodeStates.apply(node.nodeId()), dropped.getOrDefault(node.nodeId(), 0L)))
                .toList();
        return new DataflowStatus(wiring.name(), state, nodes, edges);
    }

    /** Of edges only. */
    public static DataflowStatus of(String name, DataflowState state, List<WiredEdge> wired) {
        List<EdgeStatus> edges =
                wired.stream().map(edge -> edge(edge, edge.ownCounts())).toList();
        return new DataflowStatus(name, state, List.of(), edges);
    }

    /** What a node has taken and sent. */
    public static long messages(Wiring wiring, NodeAgent agent) {
        Incarnations node = wiring.nodes().of(agent.nodeId());
        return node.received() + node.sent();
    }

    private static EdgeStatus edge(WiredEdge edge, WiredEdge.Counts counts) {
        return new EdgeStatus(
                edge.name(),
                edge.form(),
                counts.sent(),
                counts.received(),
                counts.dropped(),
                counts.conflated(),
                counts.discarded(),
                counts.droppedForMemory());
    }

    private static NodeStatus node(Incarnations node, NodeState state, long dropped) {
        NodeAgent agent = node.agent();
        Times handling = agent.handling().read();
        return new NodeStatus(
                node.nodeId(),
                state,
                agent.incarnation(),
                node.received(),
                node.sent(),
                dropped,
                handling.p50Ns(),
                handling.p99Ns());
    }
}
