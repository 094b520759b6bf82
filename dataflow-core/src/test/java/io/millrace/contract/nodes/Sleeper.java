package io.millrace.contract.nodes;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.time.Duration;

/** Sends how long it has slept, in nanoseconds of its clock, after each sleep of {@code millis}; ends when a sleep is cut short, which it says. */
public final class Sleeper implements Node {

    @Override
    public void run(NodeContext context) {
        Duration time = Duration.ofMillis(context.config().integer("millis"));
        long beginNs = context.clock().nanoTime();
        while (context.sleep(time)) {
            long nowNs = context.clock().nanoTime();
            context.output("report").send(Long.toString(nowNs - beginNs));
            beginNs = nowNs;
        }
        context.output("report").send("cut short, stopping " + context.isStopping());
    }
}
