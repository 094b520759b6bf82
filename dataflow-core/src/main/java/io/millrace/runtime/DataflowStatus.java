package io.millrace.runtime;

import java.util.List;

/**
 * The counters of a dataflow at one moment, each read by itself while the nodes run on.
 *
 * @param nodes in the order of the dataflow
 * @param edges in the order of the dataflow
 */
public record DataflowStatus(String name, DataflowState state, List<NodeStatus> nodes, List<EdgeStatus> edges) {

    public DataflowStatus {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /** @throws IllegalArgumentException if there is no such node */
    public NodeStatus node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("dataflow '" + name + "' has no node '" + id + "'"));
    }

    /**
     * A node's counters.
     *
     * @param received messages that it took, timer ticks included
     * @param sent messages that it sent, each counted once however many receive it
     * @param dropped messages on their way to it that were dropped or conflated
     * @param handlingP50Ns nanoseconds that handling one message took, the median of samples; 0 without samples
     * @param handlingP99Ns the same, of which 99 % of the samples were not longer
     */
    public record NodeStatus(
            String id,
            NodeState state,
            int incarnation,
            long received,
            long sent,
            long dropped,
            long handlingP50Ns,
            long handlingP99Ns) {}

    /**
     * An edge's counters.
     *
     * @param name such as {@code camera/frame -> detector/image}
     * @param form how messages travel, such as {@code one-to-one ring}
     * @param sent messages that the producer put on it
     * @param received messages that the consumer took from it
     * @param dropped messages that gave way to newer ones
     * @param conflated messages that a newer one replaced where only the latest counts
     * @param discarded messages that still waited when their consumer ended, or came to a program that was not there
     * @param droppedForMemory of those dropped, the ones whose memory was needed, for the producer's {@code payload_budget} was used up
     */
    public record EdgeStatus(
            String name,
            String form,
            long sent,
            long received,
            long dropped,
            long conflated,
            long discarded,
            long droppedForMemory) {}
}
