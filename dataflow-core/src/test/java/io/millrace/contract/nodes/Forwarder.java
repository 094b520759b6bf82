package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/** Sends every message on as it is, on its output {@code out}. */
public final class Forwarder implements Operator {
    private Output out;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
    }

    @Override
    public void onInput(Input input, Message message) {
        out.send(message);
    }
}
