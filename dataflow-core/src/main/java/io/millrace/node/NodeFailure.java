package io.millrace.node;

import java.util.List;

/**
 * The failure of a node, as those that it feeds are told of it.
 *
 * @param node the id of the node that failed
 * @param error what it threw, in one line
 * @param inputs the inputs of the node being told that the failed one feeds
 */
public record NodeFailure(String node, String error, List<Input> inputs) {
    public NodeFailure {
        inputs = List.copyOf(inputs);
    }
}
