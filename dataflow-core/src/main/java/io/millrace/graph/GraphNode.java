package io.millrace.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node: the unit that is placed on a machine, runs on one thread or as one process, and fails alone.
 *
 * @param operators at least one; a node that is not made of operators has exactly one, whose id is empty
 * @param env for programs: the dataflow's variables with the node's own merged in
 */
public record GraphNode(
        String id,
        Optional<String> name,
        Optional<String> description,
        List<GraphOperator> operators,
        Map<String, String> env,
        Deployment deployment,
        Supervision supervision,
        Execution execution,
        Location location) {

    public GraphNode {
        operators = List.copyOf(operators);
        env = Map.copyOf(env);
        if (operators.isEmpty()) {
            throw new IllegalArgumentException(
                    "node " + Problem.quote(id) + " has no operators: expected at least one");
        }
    }

    /** Whether it was written with {@code operator} or {@code operators}. */
    public boolean hasOperators() {
        return !operators.get(0).id().isEmpty();
    }

    /** The inputs of all its operators. */
    public List<GraphInput> inputs() {
        return operators.stream().flatMap(o -> o.inputs().stream()).toList();
    }

    public GraphOperator operator(String operatorId) {
        return operators.stream()
                .filter(o -> o.id().equals(operatorId))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("node '" + id + "' has no operator '" + operatorId + "'"));
    }

    /** {@code node/port} or {@code node/operator/port}: how a port of this node is named everywhere. */
    public String portName(GraphOperator operator, String portId) {
        return operator.id().isEmpty() ? id + "/" + portId : id + "/" + operator.id() + "/" + portId;
    }

    GraphNode withOperators(List<GraphOperator> resolved) {
        return new GraphNode(id, name, description, resolved, env, deployment, supervision, execution, location);
    }
}
