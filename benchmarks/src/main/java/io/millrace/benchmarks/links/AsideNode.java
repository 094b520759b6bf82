package io.millrace.benchmarks.links;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.time.Duration;

/** Takes what comes; or, if it is to stall, one message, and the others only when the run is over. */
public final class AsideNode implements Node {
    @Override
    public void run(NodeContext context) {
        long taken = 0;
        for (Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT && ++taken == 1) {
                long stallMs = (long) (1e3 * context.config().decimal("stall"));
                boolean goesOn = stallMs == 0 || context.sleep(Duration.ofMillis(stallMs));
                if (!goesOn) {
                    return;
                }
            }
        }
        Figures.say("aside", (double) taken);
    }
}
