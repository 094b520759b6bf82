package io.millrace.remote.cli.diagram;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource.OutputRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The edges of a graph, found by either end, each with the number by which the page knows it. */
final class Wiring {
    private final List<Edge> edges;
    private final Map<OutputRef, List<Integer>> byOutput = new LinkedHashMap<>();

    Wiring(Graph graph) {
        edges = graph.edges();
        IntStream.range(0, edges.size())
                .forEach(i -> byOutput.computeIfAbsent(edges.get(i).from(), output -> new ArrayList<>())
                        .add(i));
    }

    List<Edge> edges() {
        return edges;
    }

    Edge edge(int number) {
        return edges.get(number);
    }

    /** The numbers of the edges that leave the output. */
    List<Integer> from(String node, String operator, String output) {
        return byOutput.getOrDefault(new OutputRef(node, operator, output), List.of());
    }

    /** The numbers of the edges for which {@code wanted} holds. */
    List<Integer> where(java.util.function.Predicate<Edge> wanted) {
        return IntStream.range(0, edges.size())
                .filter(i -> wanted.test(edges.get(i)))
                .boxed()
                .toList();
    }

    /** Whether a call stands for the edge's queue: between operators of one node where no queue is written. */
    boolean isDirectCall(String node, String operator, GraphInput input) {
        return input.source() instanceof OutputRef from
                && from.node().equals(node)
                && !from.operator().equals(operator)
                && !input.queueWritten();
    }
}
