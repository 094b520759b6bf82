package io.millrace.local.part;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes have to end before a {@code dora/logs} input closes: all whose records it reads, but for those that end only after its own node does, because they read
 * what that one sends, or read its logs in turn. For of two that wait for each other neither would end. Where nobody is left to wait for, those have to end that
 * depend on no reader of logs.
 */
final class LogEndings {
    private final Map<String, Set<String>> followers = new HashMap<>();
    private final Set<String> nodes = new LinkedHashSet<>();
    private final Set<String> independent = new LinkedHashSet<>();

    LogEndings(Graph graph) {
        for (GraphNode node : graph.nodes()) {
            nodes.add(node.id());
        }
        for (Edge edge : graph.edges()) {
            follow(edge.from().node(), edge.node());
        }
        independent.addAll(nodes);
        for (GraphNode node : graph.nodes()) {
            if (readsLogs(node)) {
                independent.removeAll(after(node.id()));
            }
        }
    }

    private static boolean readsLogs(GraphNode node) {
        for (GraphOperator operator : node.operators()) {
            for (GraphInput input : operator.inputs()) {
                if (input.source() instanceof InputSource.Logs) {
                    return true;
                }
            }
        }
        return false;
    }

    private void follow(String first, String second) {
        followers.computeIfAbsent(first, node -> new HashSet<>()).add(second);
    }

    /**
     * Nodes to wait for; from now on the reader counts as ending after them.
     *
     * @param wanted the one node whose records are read; empty for all
     */
    Set<String> awaitedBy(String reader, String wanted) {
        Set<String> awaited = new LinkedHashSet<>(wanted.isEmpty() ? nodes : Set.of(wanted));
        awaited.removeAll(after(reader));
        if (awaited.isEmpty()) {
            awaited.addAll(independent);
        }
        awaited.forEach(node -> follow(node, reader));
        return awaited;
    }

    /** The node itself, and all that end after it. */
    private Set<String> after(String node) {
        Set<String> found = new HashSet<>(Set.of(node));
        Deque<String> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            for (String next : followers.getOrDefault(open.remove(), Set.of())) {
                if (found.add(next)) {
                    open.add(next);
                }
            }
        }
        return found;
    }
}
