package io.millrace.local.part;

import io.millrace.graph.Graph;
import java.util.Map;
import java.util.Set;

/**
 * What of a graph runs here, and where it meets the rest.
 *
 * @param graph the whole of it
 * @param nodes the ids of those that run here
 * @param epoch what a node tells others, beyond the dataflow, to prove that it is the one that counts: see {@code NodeContext.epoch()}
 * @param incarnations the number of a node's first incarnation here, by its id; 0 where there is none
 * @param files where their files are
 */
public record PartSpec(
        Graph graph,
        Set<String> nodes,
        long epoch,
        Map<String, Integer> incarnations,
        PartFiles files,
        PartCheckpoints checkpoints,
        PartListener listener) {

    /**
     * Checks what is given.
     *
     * @throws IllegalArgumentException if no node is to run here, one is not in the graph, or a number is negative
     */
    public PartSpec {
        nodes = Set.copyOf(nodes);
        incarnations = Map.copyOf(incarnations);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a part of dataflow '" + graph.name() + "' has no nodes: give it one");
        }
        nodes.forEach(graph::node);
        if (epoch < 0 || incarnations.values().stream().anyMatch(number -> number < 0)) {
            throw new IllegalArgumentException(
                    "epoch and incarnations must not be negative, found " + epoch + " and " + incarnations);
        }
    }

    /** Whether the node runs here. */
    public boolean isHere(String nodeId) {
        return nodes.contains(nodeId);
    }
}
