package io.millrace.benchmarks.links;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sends a message, waits until it is back, and so on; says how long that took. */
public final class PingNode implements Node {
    @Override
    public void run(NodeContext context) {
        int length = (int) context.config().integer("length");
        long warmup = context.config().integer("warmup");
        long total = warmup + context.config().integer("count");
        Output ping = context.output("ping");
        Histogram nanoseconds = new Histogram(3);
        for (long i = 0; i < total; i++) {
            long beginNs = System.nanoTime();
            Claim claim = ping.claim(length);
            claim.putLong(0, i);
            claim.commit();
            require(context.next(), i);
            if (i >= warmup) {
                nanoseconds.recordValue(System.nanoTime() - beginNs);
            }
        }
        Figures.say(nanoseconds);
    }

    private static void require(@Nullable Event event, long expected) {
        if (event == null || event.type() != Event.Type.INPUT) {
            throw new IllegalStateException("message " + expected + " did not come back: found " + event);
        }
        if (event.message().getLong(0) != expected) {
            throw new IllegalStateException(
                    "message " + event.message().getLong(0) + " came back, expected " + expected);
        }
    }
}
