package io.millrace.local.plan;

import io.millrace.graph.GraphOperator;
import io.millrace.local.code.InstanceSource;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import java.util.Map;

/** Code that is going to run. */
public sealed interface PlannedCode {
    GraphOperator operator();

    Map<String, Object> config();

    /** Reactive code. */
    record PlannedOperator(GraphOperator operator, Map<String, Object> config, InstanceSource<Operator> instances)
            implements PlannedCode {}

    /** Code with its own loop; alone in its node. */
    record PlannedLoop(GraphOperator operator, Map<String, Object> config, InstanceSource<Node> instances)
            implements PlannedCode {}

    /** A process of its own; alone in its node. */
    record PlannedProcess(GraphOperator operator, Map<String, Object> config, Program program) implements PlannedCode {}
}
