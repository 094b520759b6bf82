package io.millrace.workdir;

import java.util.Optional;

/**
 * A target, and whose it is.
 *
 * @param operator the id of the operator that it is of; empty for a node that is not made of operators
 */
public record NodeTarget(String nodeId, Optional<String> operator, Target target) {

    /** What messages call it. */
    String inWords() {
        String node = "node '" + nodeId + "'";
        return operator.map(id -> "operator '" + id + "' of " + node).orElse(node);
    }
}
