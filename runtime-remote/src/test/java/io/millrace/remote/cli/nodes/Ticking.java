package io.millrace.remote.cli.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/** Passes on how often it has been ticked, without end. */
public final class Ticking implements Operator {
    private Output numbers;
    private long count;

    @Override
    public void open(NodeContext context) {
        numbers = context.output("numbers");
    }

    @Override
    public void onInput(Input input, Message message) {
        numbers.send(Long.toString(++count));
    }
}
