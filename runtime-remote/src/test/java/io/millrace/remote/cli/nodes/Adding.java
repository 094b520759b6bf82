package io.millrace.remote.cli.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;

/** Adds numbers up and prints the sum in the end; fails at the number {@code failAt}. */
public final class Adding implements Operator {
    private long failAt = -1;
    private long sum;

    @Override
    public void open(NodeContext context) {
        failAt = context.config().integer("failAt", -1);
    }

    @Override
    public void onInput(Input input, Message message) {
        if (message.getLong(0) == failAt) {
            throw new IllegalStateException("I do not like the number " + failAt);
        }
        sum += message.getLong(0);
    }

    @Override
    public void onAllInputsClosed() {
        System.out.println("the sum is " + sum);
    }
}
