package io.millrace.benchmarks.links;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;

/** Sends back what comes. */
public final class EchoNode implements Node {
    @Override
    public void run(NodeContext context) {
        Output pong = context.output("pong");
        for (Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT) {
                Message ping = event.message();
                Claim claim = pong.claim(ping.length());
                claim.buffer().put(claim.offset(), ping.buffer(), ping.offset(), ping.length());
                claim.commit();
            }
        }
    }
}
