package io.millrace.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every id is well-formed and unique in its scope. */
final class IdCheck {
    private final ProblemCollector problems;

    IdCheck(ProblemCollector problems) {
        this.problems = problems;
    }

    void check(List<GraphNode> nodes) {
        Scope ids = new Scope("node", "node of this dataflow");
        for (GraphNode node : nodes) {
            ids.add(node.id(), IdRules.complaint(node.id()), node.location());
            checkOperators(node);
        }
    }

    private void checkOperators(GraphNode node) {
        Scope ids = new Scope("operator", "operator of node " + Problem.quote(node.id()));
        for (GraphOperator operator : node.operators()) {
            if (node.hasOperators()) {
                ids.add(operator.id(), IdRules.complaint(operator.id()), operator.location());
            }
            String owner = node.hasOperators() ? "operator " + Problem.quote(operator.id()) : Problem.quote(node.id());
            Scope inputs = new Scope("input", "input of " + owner);
            for (GraphInput input : operator.inputs()) {
                inputs.add(input.id(), IdRules.complaint(input.id()), input.location());
            }
            Scope outputs = new Scope("output", "output of " + owner);
            for (GraphOutput output : operator.outputs()) {
                outputs.add(output.id(), IdRules.outputComplaint(output.id()), output.location());
            }
        }
    }

    private final class Scope {
        private final String kind;
        private final String member;
        private final Map<String, Location> seen = new HashMap<>();

        private Scope(String kind, String member) {
            this.kind = kind;
            this.member = member;
        }

        private void add(String id, Optional<String> complaint, Location location) {
            if (complaint.isPresent()) {
                problems.error(location, "the " + kind + " id " + Problem.quote(id) + " " + complaint.get());
            }
            Location first = seen.putIfAbsent(id, location);
            if (first != null) {
                String where = first.toString().isEmpty() ? "" : ", the first one at " + first;
                problems.error(
                        location,
                        "the id " + Problem.quote(id) + " stands for more than one " + member + where
                                + ": give each its own id");
            }
        }
    }
}
