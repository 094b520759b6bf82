package io.millrace.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds cycles of lossless edges, in which every operator may wait for the next one for ever.
 *
 * <p>What waits is an operator: it takes a message only while its own outputs, and those of the operators that it calls directly, have room. So it
 * waits at each lossless edge to which direct calls lead from it; a direct call itself never waits. A node that is not made of operators counts as one.
 * Operators that call each other in a circle wait for the same, and count as one.
 *
 * <p>A walk follows direct calls and unused lossless edges. Where it meets itself, the loop is a cycle: it is kept, and its edges are used; direct calls are not used up.
 * Where it cannot go on, that operator lies on no further cycle and is left for good. So the cycles found share no edge, and without their edges no
 * cycle is left: every one of them must be mended for itself. Memory is in proportion to the edges, however long the chains of calls are.
 */
final class LosslessCycles {
    private static final int NOT_WALKED = -1;
    private static final int EXHAUSTED = -2;

    private final List<Deque<Arc>> unused = new ArrayList<>();
    private final int[] state; // where in the walk an operator is, or one of the constants
    private final List<Arc> walk = new ArrayList<>();
    private final List<List<Edge>> cycles = new ArrayList<>();

    /** A step from one operator to another: a lossless edge, or null for a direct call. */
    private record Arc(int from, int to, @Nullable Edge edge) {}

    private LosslessCycles(int operators, List<Arc> arcs) {
        for (int i = 0; i < operators; i++) {
            unused.add(new ArrayDeque<>());
        }
        for (Arc arc : arcs) {
            unused.get(arc.from()).add(arc);
        }
        state = new int[operators];
        Arrays.fill(state, NOT_WALKED);
    }

    /** Cycles, each in the order of its edges; what two have in common is at most a direct call. */
    static List<List<Edge>> find(List<Edge> edges) {
        Map<String, Integer> operators = new HashMap<>();
        List<Arc> arcs = mergeCircles(arcs(edges, operators), operators.size());
        LosslessCycles search = new LosslessCycles(operators.size(), arcs);
        for (Arc arc : arcs) {
            search.walkFrom(arc.from());
        }
        return search.cycles;
    }

    /** @param operators is given a number for each operator */
    private static List<Arc> arcs(List<Edge> edges, Map<String, Integer> operators) {
        List<Arc> arcs = new ArrayList<>();
        for (Edge edge : edges) {
            boolean isDirectCall = isDirectCall(edge);
            if (isDirectCall || edge.input().policy().isLossless()) {
                int producer = number(edge.from().node() + "/" + edge.from().operator(), operators);
                int consumer = number(edge.node() + "/" + edge.operator(), operators);
                arcs.add(new Arc(producer, consumer, isDirectCall ? null : edge));
            }
        }
        return arcs;
    }

    private static int number(String operator, Map<String, Integer> numbers) {
        return numbers.computeIfAbsent(operator, unknown -> numbers.size());
    }

    /** An edge between operators of one node is a direct call, unless a queue was asked for. */
    private static boolean isDirectCall(Edge edge) {
        return edge.isWithinNode()
                && !edge.operator().isEmpty()
                && !edge.input().queueWritten();
    }

    /** The arcs with one operator in place of all that call each other in a circle, so that no loop is of direct calls only. */
    private static List<Arc> mergeCircles(List<Arc> arcs, int operators) {
        List<List<Integer>> callees = new ArrayList<>();
        for (int i = 0; i < operators; i++) {
            callees.add(new ArrayList<>());
        }
        for (Arc arc : arcs) {
            if (arc.edge() == null) {
                callees.get(arc.from()).add(arc.to());
            }
        }
        int[] circle = Components.of(callees);
        List<Arc> merged = new ArrayList<>();
        for (Arc arc : arcs) {
            int from = circle[arc.from()];
            int to = circle[arc.to()];
            if (from != to || arc.edge() != null) {
                merged.add(new Arc(from, to, arc.edge()));
            }
        }
        return merged;
    }

    private void walkFrom(int start) {
        if (state[start] == EXHAUSTED) {
            return;
        }
        state[start] = 0;
        int at = start;
        while (state[start] != EXHAUSTED) {
            Arc next = nextArc(at);
            if (next != null) {
                at = follow(next);
            } else {
                state[at] = EXHAUSTED;
                at = walk.isEmpty() ? at : walk.remove(walk.size() - 1).from();
            }
        }
    }

    /** The next one that may lead into a cycle. A direct call stays at hand, for what it leads to may lie on several. */
    private @Nullable Arc nextArc(int operator) {
        Deque<Arc> arcs = unused.get(operator);
        while (!arcs.isEmpty() && state[arcs.element().to()] == EXHAUSTED) {
            arcs.remove();
        }
        Arc arc = arcs.peek();
        return arc == null || arc.edge() == null ? arc : arcs.remove();
    }

    private int follow(Arc arc) {
        walk.add(arc);
        int met = state[arc.to()];
        if (met == NOT_WALKED) {
            state[arc.to()] = walk.size();
        } else {
            List<Arc> loop = walk.subList(met, walk.size());
            List<Edge> cycle = new ArrayList<>();
            for (Arc step : loop) {
                state[step.to()] = NOT_WALKED;
                if (step.edge() != null) {
                    cycle.add(step.edge());
                }
            }
            cycles.add(cycle);
            loop.clear();
            state[arc.to()] = met;
        }
        return arc.to();
    }
}
