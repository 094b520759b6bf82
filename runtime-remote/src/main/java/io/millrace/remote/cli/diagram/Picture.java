package io.millrace.remote.cli.diagram;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A whole graph as one SVG element: machines as bands, nodes in columns, edges between their ports. */
final class Picture {
    private static final Spacing PLAIN = new Spacing(26, 15, 56, 0, 0);
    private static final Spacing IN_LANES = new Spacing(26, 15, 56, 18, 22);
    private static final double MARGIN = 24;
    private static final double LANE_SIDE = 18;

    private final Graph graph;
    private final Wiring wiring;
    private final List<Optional<String>> lanes;
    private final Numbering numbers = new Numbering();
    private final List<NodeShape> shapes = new ArrayList<>();
    private final List<Integer> outerEdges;
    private final Layout layout;

    Picture(Graph graph) {
        this.graph = graph;
        this.wiring = new Wiring(graph);
        this.lanes = lanes(graph);
        List<Box> boxes = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            NodeShape shape = NodeShape.of(node, wiring);
            int lane = lanes.indexOf(node.deployment().machine());
            numbers.put(node.id(), boxes.size());
            shapes.add(shape);
            boxes.add(new Box(shape.width(), shape.height(), shape.lead(), lane, Box.Pin.FREE));
        }
        this.outerEdges =
                wiring.where(edge -> !edge.isWithinNode() || edge.operator().isEmpty());
        List<Wire> wires = outerEdges.stream().map(wiring::edge).map(this::wire).toList();
        this.layout = Layout.of(boxes, wires, hasMachines() ? IN_LANES : PLAIN);
    }

    /** One for each machine, in the order in which they are named, and one for the nodes that name none. */
    private static List<Optional<String>> lanes(Graph graph) {
        return graph.nodes().stream()
                .map(node -> node.deployment().machine())
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .stream()
                .toList();
    }

    private boolean hasMachines() {
        return lanes.stream().anyMatch(Optional::isPresent);
    }

    private Wire wire(Edge edge) {
        int from = numbers.of(edge.from().node());
        int to = numbers.of(edge.node());
        double fromY =
                shapes.get(from).outputY(edge.from().operator(), edge.from().output());
        double toY = shapes.get(to).inputY(edge.operator(), edge.input().id());
        return new Wire(from, fromY, to, toY);
    }

    void draw(Svg svg) {
        double side = hasMachines() ? LANE_SIDE : 0;
        double width = layout.width() + 2 * (MARGIN + side);
        double height = layout.height() + 2 * MARGIN;
        svg.open(
                "svg",
                "id",
                "picture",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "role",
                "img",
                "aria-label",
                "The dataflow " + graph.name() + " as a graph",
                "viewBox",
                "0 0 " + Svg.number(width) + " " + Svg.number(height),
                "data-edges",
                edgeEnds());
        icons(svg);
        svg.open("g", "transform", "translate(" + Svg.number(MARGIN + side) + "," + Svg.number(MARGIN) + ")");
        drawLanes(svg, side);
        IntStream.range(0, outerEdges.size())
                .forEach(i -> WirePath.of(wiring, List.of(outerEdges.get(i)))
                        .draw(svg, layout.routes().get(i)));
        IntStream.range(0, shapes.size()).forEach(i -> drawNode(svg, i));
        svg.close("g").close("svg");
    }

    /** For each edge the numbers of the nodes at its ends. */
    private String edgeEnds() {
        return wiring.edges().stream()
                .map(edge -> numbers.of(edge.from().node()) + "-" + numbers.of(edge.node()))
                .collect(Collectors.joining(" "));
    }

    private void drawLanes(Svg svg, double side) {
        if (!hasMachines()) {
            return;
        }
        for (int i = 0; i < lanes.size(); i++) {
            Layout.Band band = layout.bands().get(i);
            svg.open("g", "class", lanes.get(i).isPresent() ? "lane" : "lane nowhere");
            svg.leaf(
                    "rect",
                    "x",
                    -side,
                    "y",
                    band.top(),
                    "width",
                    layout.width() + 2 * side,
                    "height",
                    band.height(),
                    "rx",
                    14.0);
            String name = lanes.get(i).map(machine -> "machine " + machine).orElse("any machine");
            svg.text(Texts.shorten(name, 60), "text", "x", -side + 14, "y", band.top() + 21);
            svg.close("g");
        }
    }

    private void drawNode(Svg svg, int index) {
        GraphNode node = graph.nodes().get(index);
        Layout.Spot spot = layout.spots().get(index);
        svg.open("g", "class", "box", "data-n", index, "data-id", node.id(), "tabindex", "0");
        svg.tooltip(describe(node));
        shapes.get(index).draw(svg, spot.x(), spot.y());
        svg.close("g");
    }

    private static String describe(GraphNode node) {
        List<String> lines = new ArrayList<>();
        lines.add(node.id() + node.name().map(name -> " (" + name + ")").orElse(""));
        node.description().ifPresent(lines::add);
        node.operators()
                .forEach(operator -> lines.add(
                        operator.id().isEmpty()
                                ? operator.source().toString()
                                : operator.id() + ": " + operator.source()));
        node.deployment().machine().ifPresent(machine -> lines.add("on machine " + machine));
        node.deployment().workingDir().ifPresent(dir -> lines.add("working_dir " + dir));
        lines.addAll(Labels.traits(node));
        return String.join("\n", lines);
    }

    private static void icons(Svg svg) {
        svg.open("defs");
        icon(svg, "timer", "M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 4.8V8l2.3 1.6");
        icon(
                svg,
                "app",
                "M2 8h7.5M6.6 4.8L9.8 8l-3.2 3.2M9.2 2.5h2.6a1.8 1.8 0 0 1 1.8 1.8v7.4a1.8 1.8 0 0 1-1.8 1.8H9.2");
        icon(svg, "logs", "M3 4h10M3 8h10M3 12h6");
        svg.close("defs");
    }

    private static void icon(Svg svg, String name, String path) {
        svg.open("symbol", "id", "icon-" + name, "viewBox", "0 0 16 16");
        svg.leaf("path", "class", "icon", "d", path).close("symbol");
    }
}
