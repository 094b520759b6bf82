package io.millrace.remote.cli.diagram;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A graph as a Mermaid flowchart, as Markdown viewers draw it.
 *
 * <p>Nodes are called {@code n0}, {@code n1}, … in it, for an id of a dataflow may be a word of Mermaid's. What the dataflow says stands in quoted labels only, with
 * every character that means something to Mermaid, Markdown or HTML written as its number.
 */
public final class Mermaid {
    private static final int LONGEST = 60;
    /** A blank of no width. */
    private static final String NOTHING = "#8203;";

    private final Graph graph;
    private final Wiring wiring;
    private final StringBuilder out = new StringBuilder("flowchart LR\n");
    private final Map<String, String> names = new HashMap<>();
    private int boxes;
    private int groups;
    private int feeds;

    private Mermaid(Graph graph) {
        this.graph = graph;
        this.wiring = new Wiring(graph);
    }

    /** The text of the flowchart, ending with a line feed. */
    public static String of(Graph graph) {
        return new Mermaid(graph).write();
    }

    private String write() {
        byMachine().forEach(this::machine);
        graph.edges().forEach(this::edge);
        graph.nodes().forEach(node -> node.operators().forEach(code -> feeds(node, code)));
        if (feeds > 0) {
            line(1, "classDef feed fill:#fdf0d5,stroke:#9a5b00,color:#5f3800");
        }
        return out.toString();
    }

    private Map<Optional<String>, List<GraphNode>> byMachine() {
        return graph.nodes().stream()
                .collect(Collectors.groupingBy(
                        node -> node.deployment().machine(), LinkedHashMap::new, Collectors.toList()));
    }

    private void machine(Optional<String> machine, List<GraphNode> nodes) {
        if (machine.isEmpty()) {
            nodes.forEach(node -> node(node, 1));
            return;
        }
        line(1, "subgraph m" + groups++ + "[" + label("machine " + machine.get()) + "]");
        nodes.forEach(node -> node(node, 2));
        line(1, "end");
    }

    private void node(GraphNode node, int depth) {
        String name = "n" + boxes++;
        if (!node.hasOperators()) {
            names.put(key(node.id(), ""), name);
            line(
                    depth,
                    name + "["
                            + label(
                                    node.id(),
                                    Labels.shortSource(node.operators().get(0).source())) + "]");
            return;
        }
        line(depth, "subgraph " + name + "[" + label(node.id()) + "]");
        for (GraphOperator operator : node.operators()) {
            String inner = "n" + boxes++;
            names.put(key(node.id(), operator.id()), inner);
            line(depth + 1, inner + "[" + label(operator.id(), Labels.shortSource(operator.source())) + "]");
        }
        line(depth, "end");
    }

    private static String key(String node, String operator) {
        return node + "/" + operator;
    }

    private void edge(Edge edge) {
        GraphInput input = edge.input();
        String queue = wiring.isDirectCall(edge.node(), edge.operator(), input) ? "call" : Labels.queue(input);
        String arrow = input.policy().isLossless() ? " ==>|" : " -->|";
        line(
                1,
                names.get(key(edge.from().node(), edge.from().operator()))
                        + arrow
                        + label(edge.from().output() + " \u2192 " + input.id(), queue)
                        + "| "
                        + names.get(key(edge.node(), edge.operator())));
    }

    /** Timers, logs and what the application feeds, each as a source of its own. */
    private void feeds(GraphNode node, GraphOperator code) {
        for (GraphInput input : code.inputs()) {
            if (!(input.source() instanceof InputSource.OutputRef)) {
                String name = "f" + feeds++;
                line(
                        1,
                        name + "([" + label(Labels.shortSource(input.source())) + "]):::feed -.->|" + label(input.id())
                                + "| " + names.get(key(node.id(), code.id())));
            }
        }
    }

    private void line(int depth, String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
    }

    /** Quoted, one line under the other. */
    private static String label(String... lines) {
        return List.of(lines).stream()
                .map(line -> escape(Texts.shorten(line, LONGEST)))
                .collect(Collectors.joining("<br>", "\"", "\""));
    }

    static String escape(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < points.length; i++) {
            if (isPlain(points, i)) {
                escaped.appendCodePoint(points[i]);
            } else {
                escaped.append('#').append(points[i]).append(';');
            }
            if (points[i] == '\\') {
                escaped.append(NOTHING); // else Mermaid takes a backslash and an n for a line break
            }
        }
        return escaped.toString();
    }

    /** A dot or a dash means something to Markdown where a blank follows: they stay as they are within words. */
    private static boolean isPlain(int[] points, int i) {
        int point = points[i];
        if (point == '.' || point == '-') {
            return i > 0 && i + 1 < points.length && points[i - 1] != ' ' && points[i + 1] != ' ';
        }
        return Character.isLetterOrDigit(point) || " /_:,()\u2192\u2026".indexOf(point) >= 0;
    }
}
