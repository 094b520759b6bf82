package io.millrace.local.run;

import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.graph.Supervision.RestartPolicy;
import io.millrace.local.state.Checkpoints;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What will run: the graph with everything that was found and loaded for it. Immutable.
 *
 * @param nodes in the order of the graph
 * @param loaders closed when the dataflow has ended
 * @param files as well
 * @param checkpoints as well
 * @param part what of the graph it is; null for all
 * @param findings warnings and notes
 */
record Plan(
        Graph graph,
        List<PlannedNode> nodes,
        ClassLoaders loaders,
        NodeFiles files,
        Checkpoints checkpoints,
        @Nullable PartSpec part,
        List<Problem> findings) {

    Plan {
        nodes = List.copyOf(nodes);
        findings = List.copyOf(findings);
    }

    /** Whether the node runs here. */
    boolean isHere(String nodeId) {
        return part == null || part.isHere(nodeId);
    }

    /** The number of a node's first incarnation. */
    int firstIncarnation(String nodeId) {
        return part == null ? 0 : part.incarnations().getOrDefault(nodeId, 0);
    }

    /** See {@code NodeContext.epoch()}. */
    long epoch() {
        return part == null ? 0 : part.epoch();
    }

    /** Gives back what was taken. Idempotent; blocks on the file system. */
    void close() {
        loaders.close();
        files.close();
        checkpoints.close();
    }

    /**
     * A node that is going to run on a thread.
     *
     * @param place gives its working directory
     * @param code one for each operator
     */
    record PlannedNode(GraphNode node, Supplier<Path> place, Idle idle, ClassLoader loader, List<PlannedCode> code) {
        PlannedNode {
            code = List.copyOf(code);
        }

        Path directory() {
            return place.get();
        }

        boolean isReactive() {
            return code.get(0) instanceof PlannedOperator;
        }

        boolean mayRunAgain() {
            return node.supervision().restartPolicy() != RestartPolicy.NEVER;
        }

        boolean isProcess() {
            return code.get(0) instanceof PlannedProcess;
        }

        /** Whether somebody starts it by hand. */
        boolean isDynamic() {
            return code.get(0) instanceof PlannedProcess process
                    && process.program().isStartedByHand();
        }
    }

    /** Code that is going to run. */
    sealed interface PlannedCode {
        GraphOperator operator();

        Map<String, Object> config();
    }

    /** Reactive code. */
    record PlannedOperator(GraphOperator operator, Map<String, Object> config, InstanceSource<Operator> instances)
            implements PlannedCode {}

    /** Code with its own loop; alone in its node. */
    record PlannedLoop(GraphOperator operator, Map<String, Object> config, InstanceSource<Node> instances)
            implements PlannedCode {}

    /** A process of its own; alone in its node. */
    record PlannedProcess(GraphOperator operator, Map<String, Object> config, Program program) implements PlannedCode {}
}
