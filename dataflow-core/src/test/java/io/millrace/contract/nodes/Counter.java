package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;

/** A source that sends {@code count} {@link Pattern} payloads of 16 bytes as soon as it may, and ends. */
public final class Counter implements Node {

    @Override
    public void run(NodeContext context) {
        Output out = context.output("out");
        long count = context.config().integer("count");
        for (long number = 0; number < count; number++) {
            Claim claim = out.claim(16);
            Pattern.write(claim, number);
            claim.commit();
        }
    }
}
