package io.millrace.remote.cli.diagram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Assigns every box a column, so that all wires point right but for those that close a cycle.
 *
 * <p>Depth-first search in the order written finds the wires that lead back; without them the longest path from a source is a box's column. A box with
 * more outputs in use than inputs then moves right, up to its consumers, which shortens wires.
 */
final class Layering {
    private final List<Box> boxes;
    private final List<Wire> wires;
    private final List<List<Integer>> outgoing = new ArrayList<>();
    private final boolean[] backward;
    private final int[] columns;

    private Layering(List<Box> boxes, List<Wire> wires) {
        this.boxes = boxes;
        this.wires = wires;
        this.backward = new boolean[wires.size()];
        this.columns = new int[boxes.size()];
    }

    static Layering of(List<Box> boxes, List<Wire> wires) {
        Layering layering = new Layering(boxes, wires);
        layering.run();
        return layering;
    }

    /** The box's column, from 0 at the left. */
    int column(int box) {
        return columns[box];
    }

    /** Whether the wire points left or stays in its column. */
    boolean isBackward(int wire) {
        return backward[wire];
    }

    int columnCount() {
        return Arrays.stream(columns).max().orElse(-1) + 1;
    }

    private void run() {
        boxes.forEach(box -> outgoing.add(new ArrayList<>()));
        for (int wire = 0; wire < wires.size(); wire++) {
            outgoing.get(wires.get(wire).from()).add(wire);
        }
        findBackwardWires();
        List<Integer> order = topologicalOrder();
        longestPaths(order);
        moveTowardsConsumers(order);
        spreadLoners();
        pinLast();
    }

    private void findBackwardWires() {
        int[] incoming = incomingCounts();
        boolean[] seen = new boolean[boxes.size()];
        boolean[] onPath = new boolean[boxes.size()];
        IntStream sources = IntStream.range(0, boxes.size()).filter(box -> incoming[box] == 0);
        IntStream.concat(sources, IntStream.range(0, boxes.size()))
                .filter(box -> !seen[box])
                .forEach(box -> search(box, seen, onPath));
    }

    /** Without recursion: a chain may be as long as a dataflow has nodes. */
    private void search(int start, boolean[] seen, boolean[] onPath) {
        Deque<int[]> path = new ArrayDeque<>();
        path.push(new int[] {start, 0});
        seen[start] = true;
        onPath[start] = true;
        while (!path.isEmpty()) {
            int[] top = path.peek();
            List<Integer> out = outgoing.get(top[0]);
            if (top[1] == out.size()) {
                onPath[top[0]] = false;
                path.pop();
                continue;
            }
            int wire = out.get(top[1]++);
            int next = wires.get(wire).to();
            if (onPath[next]) {
                backward[wire] = true;
            } else if (!seen[next]) {
                seen[next] = true;
                onPath[next] = true;
                path.push(new int[] {next, 0});
            }
        }
    }

    private int[] incomingCounts() {
        int[] incoming = new int[boxes.size()];
        for (int wire = 0; wire < wires.size(); wire++) {
            if (!backward[wire]) {
                incoming[wires.get(wire).to()]++;
            }
        }
        return incoming;
    }

    private List<Integer> topologicalOrder() {
        int[] waitingFor = incomingCounts();
        Deque<Integer> ready = new ArrayDeque<>();
        IntStream.range(0, boxes.size()).filter(box -> waitingFor[box] == 0).forEach(ready::add);
        List<Integer> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            int box = ready.remove();
            order.add(box);
            for (int wire : outgoing.get(box)) {
                if (!backward[wire] && --waitingFor[wires.get(wire).to()] == 0) {
                    ready.add(wires.get(wire).to());
                }
            }
        }
        return order;
    }

    private void longestPaths(List<Integer> order) {
        boolean bordered = boxes.stream().anyMatch(box -> box.pin() == Box.Pin.FIRST);
        for (int box = 0; box < columns.length; box++) {
            columns[box] = bordered && boxes.get(box).pin() != Box.Pin.FIRST ? 1 : 0;
        }
        for (int box : order) {
            for (int wire : outgoing.get(box)) {
                if (!backward[wire]) {
                    int to = wires.get(wire).to();
                    columns[to] = Math.max(columns[to], columns[box] + 1);
                }
            }
        }
    }

    private void moveTowardsConsumers(List<Integer> order) {
        int[] incoming = incomingCounts();
        for (int i = order.size() - 1; i >= 0; i--) {
            int box = order.get(i);
            List<Integer> forward =
                    outgoing.get(box).stream().filter(wire -> !backward[wire]).toList();
            if (boxes.get(box).pin() == Box.Pin.FREE && forward.size() > incoming[box]) {
                columns[box] = forward.stream()
                                .mapToInt(wire -> columns[wires.get(wire).to()])
                                .min()
                                .orElseThrow()
                        - 1;
            }
        }
    }

    /** Boxes without any wire fill a square instead of one long column. */
    private void spreadLoners() {
        int[] degree = new int[boxes.size()];
        wires.forEach(wire -> {
            degree[wire.from()]++;
            degree[wire.to()]++;
        });
        int[] loners = IntStream.range(0, boxes.size())
                .filter(box -> degree[box] == 0 && boxes.get(box).pin() == Box.Pin.FREE)
                .toArray();
        int across = Math.max(columnCount(), (int) Math.ceil(Math.sqrt(loners.length)));
        for (int i = 0; i < loners.length; i++) {
            columns[loners[i]] += i % Math.max(1, across - columns[loners[i]]);
        }
    }

    private void pinLast() {
        int last = IntStream.range(0, columns.length)
                        .filter(box -> boxes.get(box).pin() != Box.Pin.LAST)
                        .map(box -> columns[box])
                        .max()
                        .orElse(-1)
                + 1;
        for (int box = 0; box < columns.length; box++) {
            if (boxes.get(box).pin() == Box.Pin.LAST) {
                columns[box] = last;
            }
        }
    }
}
