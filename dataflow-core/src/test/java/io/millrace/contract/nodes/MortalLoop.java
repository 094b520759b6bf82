package io.millrace.contract.nodes;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/** What {@link Mortal} is, with its own loop; at the message {@code return} it ends, early or not. */
public final class MortalLoop implements Node {

    @Override
    public void run(NodeContext context) throws Exception {
        Output report = context.output("report");
        report.send(context.incarnation() + ": " + Memory.open(context));
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            report.send(context.incarnation() + ": " + EventLine.of(event));
            if (event.type() == Event.Type.INPUT) {
                String text = event.message().text();
                if (text.equals("return")) {
                    return;
                }
                Memory.obey(text, context);
                Fate.of(text).befall(context);
            }
        }
    }
}
