package io.millrace.local.program;

import io.millrace.local.agent.NodePorts;
import io.millrace.local.agent.OutputPort;
import io.millrace.node.Input;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the ports of a node that is a process are called on the wire: by their ids, those of an operator with its id before. Used by the node's thread. */
final class WireNames {
    private final List<String> inputs;
    private final Map<String, OutputPort> outputs = new HashMap<>();

    /** @param operatorId empty for a node that is not made of operators */
    WireNames(String operatorId, NodePorts ports) {
        String prefix = prefix(operatorId);
        this.inputs = ports.inputs().stream().map(input -> prefix + input.id()).toList();
        ports.outputs().forEach(output -> outputs.put(prefix + output.id(), output));
    }

    /** What stands before the ids of an operator's ports. */
    static String prefix(String operatorId) {
        return operatorId.isEmpty() ? "" : operatorId + "/";
    }

    String of(Input input) {
        return inputs.get(input.index());
    }

    boolean hasInputs() {
        return !inputs.isEmpty();
    }

    Optional<OutputPort> output(String name) {
        return Optional.ofNullable(outputs.get(name));
    }

    /** Of all outputs that the program may send on, in order. */
    List<String> outputs() {
        return outputs.keySet().stream().sorted().toList();
    }
}
