package io.millrace.contract.nodes;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;

/** A class of both styles: nobody can say how it is meant to be run. */
public final class TwoStyles implements Node, Operator {

    @Override
    public void open(NodeContext context) {}

    @Override
    public void run(NodeContext context) {}

    @Override
    public void close() {}
}
