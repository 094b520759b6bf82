package io.millrace.contract.nodes;

import io.millrace.node.Operator;

/** An operator that a runtime cannot make. */
public final class NoDefaultConstructor implements Operator {
    private final String name;

    public NoDefaultConstructor(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
