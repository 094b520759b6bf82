package io.millrace.local.isolated;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;

/** A node with its own loop whose code runs in another JVM: one call, in which it asks for everything else. */
final class IsolatedLoop implements Node {
    private final IsolatedNode.Incarnation incarnation;

    IsolatedLoop(IsolatedNode.Incarnation incarnation) {
        this.incarnation = incarnation;
    }

    @Override
    public void open(NodeContext context) throws Exception {
        incarnation.open(0, context, false);
    }

    @Override
    public void run(NodeContext context) throws Exception {
        ChildJvm jvm = incarnation.jvm(context);
        jvm.begin(Call.RUN, 0);
        jvm.finish();
    }

    @Override
    public void close() throws Exception {
        incarnation.close(0);
    }
}
