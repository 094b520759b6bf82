package io.millrace.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds cycles of lossless edges, in which every operator may wait for the next one for ever.
 *
 * <p>What waits is an operator: it takes a message only while its own outputs, and those of the operators that it calls directly, have room. So an
 * operator waits for the consumers of all of these; a direct call itself never waits. A node that is not made of operators counts as one.
 *
 * <p>A walk follows unused waits from operator to operator. Where it meets itself, the loop is a cycle: it is kept, and its waits are used.
 * Where it cannot go on, that operator lies on no further cycle and is left for good. So each wait is looked at once, the cycles found
 * share none, and without them no cycle is left: every one of them must be mended for itself.
 */
final class LosslessCycles {
    private final Map<String, Deque<Wait>> unused = new HashMap<>();
    private final Set<String> exhausted = new HashSet<>();
    private final List<List<Wait>> cycles = new ArrayList<>();
    private final List<Wait> walk = new ArrayList<>();
    private final Map<String, Integer> positionInWalk = new HashMap<>();

    /** {@code from} may wait until {@code to} takes a message from {@code edge}. */
    private record Wait(String from, String to, Edge edge) {}

    private LosslessCycles(List<Wait> waits) {
        for (Wait wait : waits) {
            unused.computeIfAbsent(wait.from(), operator -> new ArrayDeque<>()).add(wait);
        }
    }

    /** Cycles, each in the order of its edges; what two have in common is at most a direct call. */
    static List<List<Edge>> find(List<Edge> edges) {
        List<Wait> waits = waits(edges);
        LosslessCycles search = new LosslessCycles(waits);
        for (Wait wait : waits) {
            search.walkFrom(wait.from());
        }
        List<List<Edge>> cycles = new ArrayList<>();
        for (List<Wait> cycle : search.cycles) {
            cycles.add(cycle.stream().map(Wait::edge).toList());
        }
        return cycles;
    }

    private static List<Wait> waits(List<Edge> edges) {
        Map<String, List<String>> callers = new HashMap<>();
        for (Edge edge : edges) {
            if (isDirectCall(edge)) {
                callers.computeIfAbsent(consumer(edge), operator -> new ArrayList<>())
                        .add(producer(edge));
            }
        }
        List<Wait> waits = new ArrayList<>();
        for (Edge edge : edges) {
            if (edge.input().policy().isLossless() && !isDirectCall(edge)) {
                for (String operator : withCallers(producer(edge), callers)) {
                    waits.add(new Wait(operator, consumer(edge), edge));
                }
            }
        }
        return waits;
    }

    /** The operator, and those that reach it by direct calls. */
    private static Set<String> withCallers(String operator, Map<String, List<String>> callers) {
        Set<String> found = new LinkedHashSet<>(List.of(operator));
        Deque<String> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            for (String caller : callers.getOrDefault(open.remove(), List.of())) {
                if (found.add(caller)) {
                    open.add(caller);
                }
            }
        }
        return found;
    }

    private static String producer(Edge edge) {
        return edge.from().node() + "/" + edge.from().operator();
    }

    private static String consumer(Edge edge) {
        return edge.node() + "/" + edge.operator();
    }

    /** An edge between operators of one node is a direct call, unless a queue was asked for. */
    private static boolean isDirectCall(Edge edge) {
        return edge.isWithinNode()
                && !edge.operator().isEmpty()
                && !edge.input().queueWritten();
    }

    private void walkFrom(String start) {
        positionInWalk.put(start, 0);
        String at = start;
        while (true) {
            Wait next = nextWait(at);
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

    private @Nullable Wait nextWait(String operator) {
        Deque<Wait> waits = unused.getOrDefault(operator, new ArrayDeque<>());
        Wait wait = waits.poll();
        while (wait != null && exhausted.contains(wait.to())) {
            wait = waits.poll();
        }
        return wait;
    }

    private String follow(Wait wait) {
        walk.add(wait);
        Integer met = positionInWalk.putIfAbsent(wait.to(), walk.size());
        if (met != null) {
            List<Wait> loop = walk.subList(met, walk.size());
            loop.forEach(used -> positionInWalk.remove(used.to()));
            cycles.add(List.copyOf(loop));
            loop.clear();
            positionInWalk.put(wait.to(), met);
        }
        return wait.to();
    }

    private String retreat(String operator) {
        exhausted.add(operator);
        positionInWalk.remove(operator);
        return walk.remove(walk.size() - 1).from();
    }
}
