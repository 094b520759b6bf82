package io.millrace.local.run;

import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import java.util.List;
import java.util.function.Function;

/** Reads the counters of a dataflow. Any thread. */
final class Statuses {
    private Statuses() {}

    static DataflowStatus of(Wiring wiring, DataflowState state, Function<NodeAgent, NodeState> nodeStates) {
        List<EdgeStatus> edges = wiring.edges().stream().map(Statuses::edge).toList();
        List<NodeStatus> nodes = wiring.agents().stream()
                .map(agent -> node(wiring, agent, nodeStates.apply(agent)))
                .toList();
        return new DataflowStatus(wiring.name(), state, nodes, edges);
    }

    /** What a node has taken and sent. */
    static long messages(Wiring wiring, NodeAgent agent) {
        long count = 0;
        for (NodePorts ports : wiring.portsOf(agent)) {
            count += ports.inputs().stream().mapToLong(InputPort::taken).sum();
            count += ports.outputs().stream().mapToLong(OutputPort::sent).sum();
        }
        return count;
    }

    private static EdgeStatus edge(Wiring.WiredEdge edge) {
        String form = Wiring.formOf(edge);
        if (edge.ring() == null) {
            boolean isEnded = edge.input().isEnded();
            long received = edge.input().taken();
            long sent = edge.input().offered();
            return new EdgeStatus(
                    edge.name(), form, sent, received, 0, 0, isEnded ? Math.max(0, sent - received) : 0, 0);
        }
        // What was received is read before what was sent, so that it never seems more.
        long received = edge.ring().reader().received();
        long discarded = edge.ring().reader().discarded();
        long droppedForMemory = edge.ring().writer().droppedForMemory(); // likewise, before all that were dropped
        return new EdgeStatus(
                edge.name(),
                form,
                edge.ring().writer().sent(),
                received,
                edge.ring().writer().dropped(),
                edge.ring().writer().conflated(),
                discarded,
                droppedForMemory);
    }

    private static NodeStatus node(Wiring wiring, NodeAgent agent, NodeState state) {
        long received = 0;
        long sent = 0;
        for (NodePorts ports : wiring.portsOf(agent)) {
            received += ports.inputs().stream().mapToLong(InputPort::taken).sum();
            sent += ports.outputs().stream().mapToLong(OutputPort::sent).sum();
        }
        long dropped = 0;
        for (Wiring.WiredEdge edge : wiring.edges()) {
            if (edge.node().equals(agent.nodeId()) && edge.ring() != null) {
                dropped += edge.ring().writer().dropped() + edge.ring().writer().conflated();
            }
        }
        Times handling = agent.handling().read();
        return new NodeStatus(
                agent.nodeId(),
                state,
                agent.incarnation(),
                received,
                sent,
                dropped,
                handling.p50Ns(),
                handling.p99Ns());
    }
}
