package io.millrace.contract.nodes;

import io.millrace.codec.Codecs;
import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;

/** Sends values of the kind in config {@code kind}, numbered from 0: as many as each message, an int, asks for. */
public final class Encoder implements Node {
    @Override
    public void run(NodeContext context) {
        Kinds kind = Kinds.of(context.config().text("kind"));
        long number = 0;
        for (Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT) {
                for (int left = Codecs.INT.readInt(event.message()); left > 0; left--) {
                    kind.send(context.output("out"), number++);
                }
            }
        }
    }
}
