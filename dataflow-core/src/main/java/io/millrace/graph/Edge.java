package io.millrace.graph;

/**
 * One output to one input.
 *
 * @param from the producing end
 * @param node the consuming node's id
 * @param operator the consuming operator's id, empty for a node that is not made of operators
 * @param input the consuming end
 */
public record Edge(InputSource.OutputRef from, String node, String operator, GraphInput input) {

    /** {@code camera/frame -> detector/image}: its name everywhere. */
    public String name() {
        String to = operator.isEmpty() ? node + "/" + input.id() : node + "/" + operator + "/" + input.id();
        return from + " -> " + to;
    }

    /** Whether both ends are operators of one node, and so share a thread. */
    public boolean isWithinNode() {
        return from.node().equals(node);
    }

    @Override
    public String toString() {
        return name();
    }
}
