package io.millrace.graph;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The strongly connected components of a graph whose vertices are the numbers from 0: two vertices are in one if each can be reached from the other.
 *
 * <p>Tarjan's algorithm, with the path of its depth-first search on the heap. Time and memory in proportion to the graph.
 */
final class Components {
    private static final int NONE = -1;

    private final List<List<Integer>> successors;
    private final int[] component;
    private final int[] order; // in which vertices were met
    private final int[] earliest; // of those met that a vertex leads back to
    private final int[] looked; // how many successors were
    private final Deque<Integer> path = new ArrayDeque<>();
    private final Deque<Integer> open = new ArrayDeque<>(); // met, and not in a component yet
    private int met;
    private int found;

    private Components(List<List<Integer>> successors) {
        this.successors = successors;
        this.component = filled(NONE);
        this.order = filled(NONE);
        this.earliest = filled(NONE);
        this.looked = filled(0);
    }

    /**
     * The number of each vertex's component, from 0.
     *
     * @param successors of each vertex
     */
    static int[] of(List<List<Integer>> successors) {
        Components search = new Components(successors);
        for (int vertex = 0; vertex < successors.size(); vertex++) {
            search.from(vertex);
        }
        return search.component;
    }

    private int[] filled(int value) {
        int[] filled = new int[successors.size()];
        Arrays.fill(filled, value);
        return filled;
    }

    private void from(int start) {
        if (order[start] == NONE) {
            enter(start);
        }
        while (!path.isEmpty()) {
            int at = path.element();
            if (looked[at] < successors.get(at).size()) {
                look(at, successors.get(at).get(looked[at]++));
            } else {
                leave(path.remove());
            }
        }
    }

    private void enter(int vertex) {
        order[vertex] = met;
        earliest[vertex] = met++;
        path.push(vertex);
        open.push(vertex);
    }

    private void look(int at, int next) {
        if (order[next] == NONE) {
            enter(next);
        } else if (component[next] == NONE) {
            earliest[at] = Math.min(earliest[at], order[next]);
        }
    }

    private void leave(int vertex) {
        if (!path.isEmpty()) {
            int before = path.element();
            earliest[before] = Math.min(earliest[before], earliest[vertex]);
        }
        if (earliest[vertex] == order[vertex]) {
            int member;
            do {
                member = open.remove();
                component[member] = found;
            } while (member != vertex);
            found++;
        }
    }
}
