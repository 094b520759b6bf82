package io.millrace.remote.cli.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;

/** Sends the numbers from 0 on, as many as {@code count} says, or until it is stopped. */
public final class Counting implements Node {
    @Override
    public void run(NodeContext context) {
        Output numbers = context.output("numbers");
        long count = context.config().integer("count", Long.MAX_VALUE);
        for (long i = 0; i < count && !context.isStopping() && !numbers.isClosed(); i++) {
            Claim claim = numbers.claim(Long.BYTES);
            claim.putLong(0, i);
            claim.commit();
        }
    }
}
