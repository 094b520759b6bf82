package io.millrace.graph;

import io.millrace.graph.InputSource.OutputRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How outputs are named. */
final class OutputRefs {
    private OutputRefs() {}

    static List<OutputRef> of(GraphNode node) {
        return node.operators().stream()
                .flatMap(operator ->
                        operator.outputs().stream().map(out -> new OutputRef(node.id(), operator.id(), out.id())))
                .toList();
    }

    /** A node of one operator may be named without it: {@code webcam/image} for {@code webcam/op/image}. */
    static Optional<OutputRef> byDefaultOperator(Map<String, GraphNode> nodes, String name) {
        int slash = name.indexOf('/');
        GraphNode node = slash < 0 ? null : nodes.get(name.substring(0, slash));
        if (node == null || !node.hasOperators() || node.operators().size() != 1) {
            return Optional.empty();
        }
        String output = name.substring(slash + 1);
        return of(node).stream().filter(ref -> ref.output().equals(output)).findFirst();
    }
}
