package io.millrace.graph;

import io.millrace.graph.InputSource.OutputRef;
import java.util.ArrayList;
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
        for (GraphNode node : nodes) {
            for (OutputRef ref : outputs(node)) {
                byName.putIfAbsent(ref.toString(), ref);
            }
        }
        for (GraphNode node : nodes) {
            if (node.hasOperators() && node.operators().size() == 1) {
                for (OutputRef ref : outputs(node)) {
                    byName.putIfAbsent(ref.node() + "/" + ref.output(), ref);
                }
            }
        }
    }

    static List<OutputRef> outputs(GraphNode node) {
        List<OutputRef> outputs = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            for (GraphOutput output : operator.outputs()) {
                outputs.add(new OutputRef(node.id(), operator.id(), output.id()));
            }
        }
        return outputs;
    }

    /**
     * @param name {@code node/output}; for a node made of operators {@code node/operator/output}, or {@code node/output} where it
     *     has only one
     */
    Optional<OutputRef> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
