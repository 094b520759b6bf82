package io.millrace.local.agent;

import io.millrace.node.Input;
import io.millrace.node.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The inputs and outputs of one operator, or of a node with its own loop. */
public final class NodePorts {
    private final List<InputPort> inputs = new ArrayList<>();
    private final List<OutputPort> outputs = new ArrayList<>();
    private final List<DirectConnection> directConnections = new ArrayList<>();
    private final Set<String> logOutputs = new HashSet<>();

    /** An output that an operator of the same node reads without a queue. */
    private record DirectConnection(OutputPort output, int targetSlot, InputPort input) {}

    public void add(InputPort input) {
        inputs.add(input);
    }

    public void add(OutputPort output) {
        outputs.add(output);
    }

    /** An output that the node's logger has for itself. */
    public void addLogOutput(String id) {
        logOutputs.add(id);
    }

    public void addDirect(OutputPort output, int targetSlot, InputPort input) {
        directConnections.add(new DirectConnection(output, targetSlot, input));
    }

    void connectDirectEdges(OperatorSlot[] slots, NodeAgent agent) {
        boolean isShallow = slots.length <= NodeSending.MAX_CALL_DEPTH; // for none is called that is on the stack
        for (DirectConnection connection : directConnections) {
            OperatorSlot target = slots[connection.targetSlot()];
            connection.output().connect(target, connection.input(), agent, isShallow);
        }
    }

    public List<InputPort> inputs() {
        return inputs;
    }

    public List<OutputPort> outputs() {
        return outputs;
    }

    Input input(String owner, String id) {
        for (InputPort input : inputs) {
            if (input.id().equals(id)) {
                return input;
            }
        }
        throw new IllegalArgumentException("'" + owner + "' has no input '" + id + "': its inputs are "
                + inputs.stream().map(InputPort::id).toList());
    }

    Output output(String owner, String id) {
        if (logOutputs.contains(id)) {
            throw new IllegalArgumentException(
                    "output '" + id + "' of '" + owner
                            + "' is the one that send_logs_as names: only context.logger() sends on it; use another output, or another id there");
        }
        for (OutputPort output : outputs) {
            if (output.id().equals(id)) {
                return output;
            }
        }
        throw new IllegalArgumentException("'" + owner + "' has no output '" + id + "': its outputs are "
                + outputs.stream().map(OutputPort::id).toList());
    }

    void end() {
        outputs.forEach(OutputPort::end);
        inputs.forEach(InputPort::end);
    }

    /** The incarnation has ended, but perhaps not the node: for who has kept a port it is closed, and its edges are put aside. On the thread that has ended. */
    void retire() {
        outputs.forEach(OutputPort::retire);
        inputs.forEach(InputPort::retire);
    }

    /** Whether one of the edges that were put aside cannot be written any more, for the stack has overflowed in the middle of a message. */
    public boolean isAnyBroken() {
        return outputs.stream().anyMatch(OutputPort::isAnyBroken);
    }

    /** Takes over the edges that those of the incarnation before have put aside. */
    public void inherit(NodePorts former) {
        for (int i = 0; i < outputs.size(); i++) {
            outputs.get(i).inherit(former.outputs.get(i));
        }
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).inherit(former.inputs.get(i));
        }
    }

    /** Whether an input has something to do at a time, though no message comes. */
    boolean hasTimers() {
        for (InputPort input : inputs) {
            if (!input.isDataInput() || input.hasTimeout()) {
                return true;
            }
        }
        return false;
    }

    boolean hasDataInputs() {
        for (InputPort input : inputs) {
            if (input.isDataInput()) {
                return true;
            }
        }
        return false;
    }

    /** By its whole name. */
    public OutputPort output(String name) {
        for (OutputPort output : outputs) {
            if (output.name().equals(name)) {
                return output;
            }
        }
        throw new AssertionError("there is no output " + name);
    }

    public long received() {
        return inputs.stream()
                .mapToLong(input -> input.taken() - input.missed())
                .sum();
    }

    public long receivedBytes() {
        return inputs.stream().mapToLong(InputPort::takenBytes).sum();
    }

    public long sent() {
        return outputs.stream().mapToLong(OutputPort::sent).sum();
    }

    public long sentBytes() {
        return outputs.stream().mapToLong(OutputPort::sentBytes).sum();
    }
}
