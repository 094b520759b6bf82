package io.millrace.benchmarks.links;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;

/** Takes what comes, sees that each input's messages are all there and in order, and says how many come in a second. */
public final class SinkNode implements Node {
    @Override
    public void run(NodeContext context) {
        RateMeter meter = new RateMeter(context.config().decimal("warmup"));
        long[] next = new long[context.inputs().size()];
        for (Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT) {
                int input = event.input().index();
                long number = event.message().getLong(0);
                if (number != next[input]++) {
                    throw new IllegalStateException(
                            event.input().name() + " brought message " + number + ", expected " + (next[input] - 1));
                }
                meter.onMessage();
            }
        }
        meter.report();
    }
}
