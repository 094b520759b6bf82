package io.millrace.remote.cli.nodes;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.util.concurrent.locks.LockSupport;

/** Ends when the process does. */
public final class Stubborn implements Node {
    @Override
    public void run(NodeContext context) {
        System.out.println("deaf to everything");
        while (true) {
            LockSupport.park(this);
            Thread.interrupted();
        }
    }
}
