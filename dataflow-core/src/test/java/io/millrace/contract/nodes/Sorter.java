package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/** Sends what comes at an input on the output of the same name, as text; what has none is looked at for so long that any source is faster, and goes nowhere. */
public final class Sorter implements Operator {
    private static final long LINGER_NS = 20_000;

    private @Nullable Output[] byInput = {};

    @Override
    public void open(NodeContext context) {
        byInput = context.inputs().stream()
                .map(input -> context.outputs().stream()
                        .filter(output -> output.id().equals(input.id()))
                        .findFirst()
                        .orElse(null))
                .toArray(Output[]::new);
    }

    @Override
    public void onInput(Input input, Message message) {
        @Nullable Output output = byInput[input.index()];
        if (output != null) {
            output.send(message.text());
        } else {
            linger();
        }
    }

    private static void linger() {
        long beganNs = System.nanoTime();
        while (System.nanoTime() - beganNs < LINGER_NS) {
            Thread.onSpinWait();
        }
    }
}
