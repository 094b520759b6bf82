package io.millrace.contract.nodes;

import io.millrace.codec.Codecs;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;

/** Reads values of the kind in config {@code kind}, fails over one that is not the next, and says at its end how many there were, as a long. */
public final class Decoder implements Operator {
    private NodeContext context;
    private Kinds kind;
    private long number;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        kind = Kinds.of(opened.config().text("kind"));
    }

    @Override
    public void onInput(Input input, Message message) {
        if (!kind.holds(message, number)) {
            throw new IllegalStateException("this is not value " + number + ": " + message);
        }
        number++;
    }

    @Override
    public void onAllInputsClosed() {
        Codecs.LONG.send(context.output("count"), number);
    }
}
