package io.millrace.contract.nodes;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.util.concurrent.TimeUnit;

/**
 * A node that is occupied elsewhere and never asks for events. Config {@code heeds} says what ends it: {@code stopping} (it looks at the context now and
 * then), {@code interrupt} (it waits for something that an interrupt ends), or {@code nothing}, for which it lasts {@value #LASTS_SECONDS} s.
 */
public final class Busy implements Node {
    /** Longer than a runtime may wait for it, and short enough not to outlive a test run. */
    private static final long LASTS_SECONDS = 20;

    @Override
    public void run(NodeContext context) throws InterruptedException {
        switch (context.config().text("heeds")) {
            case "stopping" -> {
                while (!context.isStopping()) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
            case "interrupt" -> TimeUnit.SECONDS.sleep(LASTS_SECONDS);
            default -> ignoreAll(context);
        }
    }

    private static void ignoreAll(NodeContext context) {
        long beganNs = context.clock().nanoTime();
        while (context.clock().nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(LASTS_SECONDS)) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                context.logger().debug("ignored an interrupt, as configured");
            }
        }
    }
}
