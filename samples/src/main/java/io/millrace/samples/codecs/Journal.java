package io.millrace.samples.codecs;

import io.millrace.codec.Codecs;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;

/** Writes a line for each sounding. */
public final class Journal implements Operator {
    private NodeContext context;

    @Override
    public void open(NodeContext opened) {
        context = opened;
    }

    @Override
    public void onInput(Input input, Message message) {
        Sounding sounding = Sounding.CODEC.read(message);
        String line = sounding.meters() + " m at " + sounding.place()
                + (sounding.note() == null ? "" : ": " + sounding.note());
        Codecs.TEXT.send(context.output("lines"), line);
    }
}
