package io.millrace.runtime;

import java.util.List;
import java.util.Optional;

/**
 * How a dataflow has ended.
 *
 * @param state one of the final ones
 * @param failures in the order in which they happened; the first is the cause
 * @param status the counters at the end
 */
public record DataflowResult(DataflowState state, List<Failure> failures, DataflowStatus status) {

    public DataflowResult {
        failures = List.copyOf(failures);
    }

    /** The first failure. */
    public Optional<Failure> cause() {
        return failures.stream().findFirst();
    }

    /**
     * A node's failure.
     *
     * @param node the node's id, with the operator's where it was one
     */
    public record Failure(String node, Throwable error) {
        @Override
        public String toString() {
            return "node '" + node + "' failed: " + error;
        }
    }
}
