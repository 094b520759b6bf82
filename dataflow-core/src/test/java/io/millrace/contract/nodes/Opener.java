package io.millrace.contract.nodes;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Is interested in how it is opened. Config {@code takes_millis}: how long {@code open} takes; {@code sends}: whether it sends in {@code open},
 * {@code send} or {@code claim}, which it may not; {@code misreads}: a key of its config that it reads as a whole number.
 *
 * <p>To any message it answers {@code opened NANOS, began NANOS}: the wall-clock times at which {@code open} was done and {@code run} was called.
 */
public final class Opener implements Node {
    private long openedNs;

    @Override
    public void open(NodeContext context) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(context.config().integer("takes_millis", 0));
        switch (context.config().text("sends", "")) {
            case "send" -> context.output("report").send("too early");
            case "claim" -> context.output("report").claim(8).commit();
            default -> {}
        }
        if (context.config().has("misreads")) {
            context.config().integer(context.config().text("misreads"));
        }
        openedNs = context.clock().epochNanos();
    }

    @Override
    public void run(NodeContext context) {
        long beganNs = context.clock().epochNanos();
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT) {
                context.output("report").send("opened " + openedNs + ", began " + beganNs);
            }
        }
    }
}
