package io.millrace.remote.cli.nodes;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;

/** Fails while it opens. */
public final class NeverOpen implements Node {
    @Override
    public void open(NodeContext context) {
        throw new IllegalArgumentException("the door is stuck");
    }

    @Override
    public void run(NodeContext context) {}
}
