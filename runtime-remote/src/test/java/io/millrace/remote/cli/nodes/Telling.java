package io.millrace.remote.cli.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;

/** Logs each tick as {@code WORD NUMBER}, each at INFO and at DEBUG; fails after so many, if {@code fails} is written. */
public final class Telling implements Operator {
    private NodeContext context;
    private long count;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        opened.logger().warn("{} opens", word());
    }

    private String word() {
        return context.config().text("word", "tick");
    }

    @Override
    public void onInput(Input input, Message message) {
        count++;
        context.logger().info("{} {}", word(), count);
        context.logger().debug("{} {} in detail", word(), count);
        if (count == context.config().integer("fails", Long.MAX_VALUE)) {
            throw new IllegalStateException("enough of\u001b[31m it");
        }
    }
}
