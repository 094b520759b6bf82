package io.millrace.graph;

import io.millrace.graph.InputSource.OutputRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The outputs of a dataflow under the names by which an input may call them. */
final class OutputIndex {
    private final Map<String, OutputRef> byName = new HashMap<>();

    /** Where two nodes have one id, the first counts. */
    OutputIndex(Collection<GraphNode> nodes) {
        nodes.forEach(node -> outputs(node).forEach(ref -> byName.putIfAbsent(ref.toString(), ref)));
        nodes.stream()
                .filter(node -> node.hasOperators() && node.operators().size() == 1)
                .forEach(node ->
                        outputs(node).forEach(ref -> byName.putIfAbsent(ref.node() + "/" + ref.output(), ref)));
    }

    static List<OutputRef> outputs(GraphNode node) {
        return node.operators().stream()
                .flatMap(operator ->
                        operator.outputs().stream().map(out -> new OutputRef(node.id(), operator.id(), out.id())))
                .toList();
    }

    /**
     * @param name {@code node/output}; for a node made of operators {@code node/operator/output}, or {@code node/output} where it
     *     has only one
     */
    Optional<OutputRef> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
