package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/** A source without end: sends {@link Pattern} payloads of 16 bytes as fast as they are taken, until it is told to stop or nobody is left to take them. */
public final class Flood implements Node {

    @Override
    public void run(NodeContext context) {
        Output out = context.output("out");
        for (long number = 0; !out.isClosed(); number++) {
            @Nullable Event event = context.poll();
            if (event != null && event.type() == Event.Type.STOP) {
                return;
            }
            Claim claim = out.claim(16);
            Pattern.write(claim, number);
            claim.commit();
        }
    }
}
