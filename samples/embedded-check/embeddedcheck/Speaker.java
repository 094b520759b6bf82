package embeddedcheck;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;

/** Sends one message, and then waits for the end. */
public final class Speaker implements Node {
    @Override
    public void run(NodeContext context) {
        context.output("first").send("hello");
        Event event = context.next();
        while (event != null) {
            event = context.next();
        }
    }
}
