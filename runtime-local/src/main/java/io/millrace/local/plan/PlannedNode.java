package io.millrace.local.plan;

import io.millrace.graph.Execution.Idle;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Supervision.RestartPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A node that is going to run on a thread.
 *
 * @param place gives its working directory
 * @param code one for each operator
 */
public record PlannedNode(GraphNode node, Supplier<Path> place, Idle idle, ClassLoader loader, List<PlannedCode> code) {
    public PlannedNode {
        code = List.copyOf(code);
    }

    public Path directory() {
        return place.get();
    }

    public boolean isReactive() {
        return code.get(0) instanceof PlannedCode.PlannedOperator;
    }

    public boolean mayRunAgain() {
        return node.supervision().restartPolicy() != RestartPolicy.NEVER;
    }

    public boolean isProcess() {
        return code.get(0) instanceof PlannedCode.PlannedProcess;
    }

    /** Whether somebody starts it by hand. */
    public boolean isDynamic() {
        return code.get(0) instanceof PlannedCode.PlannedProcess process
                && process.program().isStartedByHand();
    }
}
