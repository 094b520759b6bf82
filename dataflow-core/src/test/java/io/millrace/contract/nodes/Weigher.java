package io.millrace.contract.nodes;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/**
 * A node with its own loop that checks every byte of each {@link Pattern} payload, and reports one line at its end: {@code weighed} and the numbers of the
 * payloads, in order.
 *
 * <p>Config {@code holds}: whether it stands still with the first message in hand, as a {@link Holder} does, by its output {@code gate}; the message is checked again after that.
 */
public final class Weigher implements Node {

    @Override
    public void run(NodeContext context) {
        StringBuilder line = new StringBuilder("weighed");
        boolean holds = context.config().flag("holds", false);
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            if (event.type() != Event.Type.INPUT) {
                continue;
            }
            long number = Pattern.number(event.message());
            Pattern.check(event.message(), number);
            line.append(' ').append(number);
            if (holds) {
                holds = false;
                Output gate = context.output("gate");
                gate.send("first token");
                gate.send("second token");
                Pattern.check(event.message(), number);
            }
        }
        context.output("report").send(line.toString());
    }
}
