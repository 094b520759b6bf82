package io.millrace.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds cycles of lossless edges, in which every node may wait for the next one for ever.
 *
 * <p>A walk follows unused edges from node to node. Where it meets itself, the loop is a cycle: it is kept, and its edges are used.
 * Where it cannot go on, that node lies on no further cycle and is left for good. So each edge is looked at once, the cycles found
 * share no edge, and without their edges no cycle is left: every one of them must be mended for itself.
 */
final class LosslessCycles {
    private final Map<String, Deque<Edge>> unused = new HashMap<>();
    private final Set<String> exhausted = new HashSet<>();
    private final List<List<Edge>> cycles = new ArrayList<>();
    private final List<Edge> walk = new ArrayList<>();
    private final Map<String, Integer> positionInWalk = new HashMap<>();

    private LosslessCycles(List<Edge> edges) {
        edges.stream()
                .filter(LosslessCycles::canWait)
                .forEach(edge -> unused.computeIfAbsent(edge.from().node(), node -> new ArrayDeque<>())
                        .add(edge));
    }

    /** Cycles that share no edge, each in the order of its edges */
    static List<List<Edge>> find(List<Edge> edges) {
        LosslessCycles search = new LosslessCycles(edges);
        edges.forEach(edge -> search.walkFrom(edge.from().node()));
        return search.cycles;
    }

    /** An edge between operators of one node is a direct call, unless a queue was asked for. */
    private static boolean canWait(Edge edge) {
        boolean isDirectCall = edge.isWithinNode()
                && !edge.operator().isEmpty()
                && !edge.input().queueWritten();
        return edge.input().policy().isLossless() && !isDirectCall;
    }

    private void walkFrom(String start) {
        positionInWalk.put(start, 0);
        String at = start;
        while (true) {
            Edge next = nextEdge(at);
            if (next != null) {
                at = follow(next);
            } else if (walk.isEmpty()) {
                exhausted.add(at);
                positionInWalk.remove(at);
                return;
            } else {
                at = retreat(at);
            }
        }
    }

    private @Nullable Edge nextEdge(String node) {
        Deque<Edge> edges = unused.getOrDefault(node, new ArrayDeque<>());
        Edge edge = edges.poll();
        while (edge != null && exhausted.contains(edge.node())) {
            edge = edges.poll();
        }
        return edge;
    }

    private String follow(Edge edge) {
        walk.add(edge);
        Integer met = positionInWalk.putIfAbsent(edge.node(), walk.size());
        if (met != null) {
            List<Edge> loop = walk.subList(met, walk.size());
            loop.forEach(used -> positionInWalk.remove(used.node()));
            cycles.add(List.copyOf(loop));
            loop.clear();
            positionInWalk.put(edge.node(), met);
        }
        return edge.node();
    }

    private String retreat(String node) {
        exhausted.add(node);
        positionInWalk.remove(node);
        return walk.remove(walk.size() - 1).from().node();
    }
}
