package io.millrace.remote.cli.nodes;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.util.concurrent.CountDownLatch;

/** Says that it opens, and does so for ever. */
public final class LongOpening implements Node {
    @Override
    public void open(NodeContext context) throws InterruptedException {
        System.out.println("it opens");
        new CountDownLatch(1).await();
    }

    @Override
    public void run(NodeContext context) {}
}
