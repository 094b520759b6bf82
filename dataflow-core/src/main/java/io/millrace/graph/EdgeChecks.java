package io.millrace.graph;

import io.millrace.graph.InputSource.OutputRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What is to be said about edges as a whole: types at both ends, outputs that nobody reads, cycles that can deadlock. */
final class EdgeChecks {
    private static final int MAX_NAMED_EDGES = 8;

    private final ProblemCollector problems;

    private EdgeChecks(ProblemCollector problems) {
        this.problems = problems;
    }

    static void check(List<GraphNode> nodes, List<Edge> edges, boolean strictTypes, ProblemCollector problems) {
        EdgeChecks checks = new EdgeChecks(problems);
        checks.checkTypes(nodes, edges, strictTypes);
        for (List<Edge> cycle : LosslessCycles.find(edges)) {
            checks.refuse(cycle);
        }
        for (Problem note : ProgramEdges.notes(nodes)) {
            problems.add(note);
        }
        if (!problems.hasErrors()) {
            // A misspelt reader would otherwise be reported once more at the output that it misses.
            checks.noteUnread(nodes, edges);
        }
    }

    private void checkTypes(List<GraphNode> nodes, List<Edge> edges, boolean strict) {
        Map<OutputRef, String> declared = new HashMap<>();
        for (GraphNode node : nodes) {
            for (GraphOperator operator : node.operators()) {
                for (GraphOutput output : operator.outputs()) {
                    if (output.type().isPresent()) {
                        OutputRef ref = new OutputRef(node.id(), operator.id(), output.id());
                        declared.put(ref, output.type().get());
                    }
                }
            }
        }
        for (Edge edge : edges) {
            String sent = declared.get(edge.from());
            Optional<String> expected = edge.input().type();
            if (sent != null && expected.isPresent() && !sent.equals(expected.get())) {
                Supplier<String> message = () -> "edge '" + edge + "' carries " + Problem.quote(sent)
                        + ", but the input expects " + Problem.quote(expected.get());
                if (strict) {
                    problems.error(edge.input().location(), message);
                } else {
                    problems.warning(edge.input().location(), message);
                }
            }
        }
    }

    private void noteUnread(List<GraphNode> nodes, List<Edge> edges) {
        Set<OutputRef> read = new HashSet<>();
        for (Edge edge : edges) {
            read.add(edge.from());
        }
        for (GraphNode node : nodes) {
            for (GraphOperator operator : node.operators()) {
                for (GraphOutput output : operator.outputs()) {
                    OutputRef ref = new OutputRef(node.id(), operator.id(), output.id());
                    if (!read.contains(ref)) {
                        problems.note(output.location(), "nobody reads output '" + ref + "'");
                    }
                }
            }
        }
    }

    private void refuse(List<Edge> cycle) {
        Location first = cycle.stream()
                .map(edge -> edge.input().location())
                .min(Location::compareTo)
                .orElse(Location.NONE);
        problems.error(first, deadlock(cycle));
    }

    private static String deadlock(List<Edge> cycle) {
        if (cycle.size() == 1) {
            Edge edge = cycle.get(0);
            String fix = edge.operator().isEmpty()
                    ? "give it queue_policy drop_oldest or latest"
                    : "leave its queue_size and queue_policy out, so that it is a direct call, or choose drop_oldest or latest";
            return "edge '" + edge + "' leads from a node to itself with queue_policy backpressure and can deadlock: "
                    + fix;
        }
        String names = cycle.stream()
                .limit(MAX_NAMED_EDGES)
                .map(edge -> "'" + edge + "'")
                .collect(Collectors.joining(", "));
        String more = cycle.size() > MAX_NAMED_EDGES ? " and " + (cycle.size() - MAX_NAMED_EDGES) + " more" : "";
        return "a cycle of backpressure edges only can deadlock: " + names + more
                + "; give one of them queue_policy drop_oldest or latest";
    }
}
