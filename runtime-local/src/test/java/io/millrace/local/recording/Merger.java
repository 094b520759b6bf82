package io.millrace.local.recording;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/** Sends on what comes, with where it came from: what is lost, and what comes first, depends on who runs when. */
final class Merger implements Operator {
    private Output out;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
    }

    @Override
    public void onInput(Input input, Message message) {
        out.send(input.id() + message.text());
    }
}
