package io.millrace.contract.nodes;

import io.millrace.node.Operator;

/** An operator whose constructor throws. */
public final class FailingConstructor implements Operator {

    public FailingConstructor() {
        throw new IllegalStateException("the constructor was told to fail");
    }
}
