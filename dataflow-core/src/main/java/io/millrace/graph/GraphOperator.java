package io.millrace.graph;

import java.util.List;
import java.util.Optional;

/**
 * A piece of code with inputs and outputs: one of a node's operators, or, with an empty id, the node's own code.
 *
 * @param id unique in its node; empty for a node that is not made of operators
 * @param build the commands that build it, if it has to be built
 */
public record GraphOperator(
        String id,
        Optional<String> name,
        Optional<String> description,
        Source source,
        List<GraphInput> inputs,
        List<GraphOutput> outputs,
        Optional<Build> build,
        LogSettings logs,
        Location location) {

    public GraphOperator {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    GraphOperator withPorts(List<GraphInput> resolvedInputs, List<GraphOutput> allOutputs) {
        return new GraphOperator(id, name, description, source, resolvedInputs, allOutputs, build, logs, location);
    }
}
