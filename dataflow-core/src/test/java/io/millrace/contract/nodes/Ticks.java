package io.millrace.contract.nodes;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/**
 * Reports each message without a payload, which is a tick, as {@code NANOS}, counted from when it was opened. At any other message it
 * reports {@code holding} and stands still until its output {@code gate} takes a second token, as {@link Holder} does.
 */
public final class Ticks implements Node {
    private long openedNs;

    @Override
    public void open(NodeContext context) {
        openedNs = context.clock().nanoTime();
    }

    @Override
    public void run(NodeContext context) {
        Output report = context.output("report");
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            if (event.type() != Event.Type.INPUT) {
                continue;
            }
            if (event.message().length() == 0) {
                report.send(Long.toString(context.clock().nanoTime() - openedNs));
            } else {
                report.send("holding");
                context.output("gate").send("first token");
                context.output("gate").send("second token");
            }
        }
    }
}
