package io.millrace.remote.cli.diagram;

import io.millrace.graph.Edge;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * A node made of operators: a frame with a layout of its own.
 *
 * <p>Where an edge of another node crosses the frame there is a box without width at the border, so that inside and outside are laid out apart and still
 * meet at one height.
 */
final class NodeFrame implements NodeShape {
    private static final Spacing SPACING = new Spacing(16, 12, 34, 0, 0);
    private static final double PADDING = 14;
    /** With the distance between wires that of a panel's rows, so that what comes in can stay level. */
    private static final double CROSSING_HEIGHT = Panel.ROW - SPACING.wires();

    private final GraphNode node;
    private final Wiring wiring;
    private final Panel.Heading heading;
    private final List<Panel> panels = new ArrayList<>();
    private final Numbering boxOfOperator = new Numbering();
    private final Numbering boxOfCrossing = new Numbering();
    private final List<Box> boxes = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private final List<WirePath> paths = new ArrayList<>();
    private final Layout layout;

    NodeFrame(GraphNode node, Wiring wiring) {
        this.node = node;
        this.wiring = wiring;
        this.heading = new Panel.Heading(node.id(), NodeShape.headingLines(node));
        node.operators().forEach(this::addPanel);
        wiring.where(edge -> edge.node().equals(node.id())).forEach(this::leadIn);
        node.operators().forEach(operator -> operator.outputs().forEach(output -> leadOut(operator, output)));
        this.layout = Layout.of(boxes, wires, SPACING);
    }

    private void addPanel(GraphOperator operator) {
        List<String> lines = new ArrayList<>();
        operator.name().filter(name -> !name.equals(operator.id())).ifPresent(lines::add);
        lines.add(Labels.shortSource(operator.source()));
        Panel panel = NodeShape.panel("operator", node, operator, new Panel.Heading(operator.id(), lines), wiring);
        boxOfOperator.put(operator.id(), boxes.size());
        boxes.add(new Box(panel.width(), panel.height(), panel.lead(), 0, Box.Pin.FREE));
        panels.add(panel);
    }

    private void leadIn(int number) {
        Edge edge = wiring.edge(number);
        GraphOperator to = node.operator(edge.operator());
        int toBox = boxOfOperator.of(to.id());
        double toY =
                panels.get(toBox).portY(NodeShape.rowOfInput(to, edge.input().id()));
        if (edge.isWithinNode()) {
            GraphOperator from = node.operator(edge.from().operator());
            int fromBox = boxOfOperator.of(from.id());
            double fromY = panels.get(fromBox)
                    .portY(NodeShape.rowOfOutput(from, edge.from().output()));
            wires.add(new Wire(fromBox, fromY, toBox, toY));
        } else {
            int crossing = addCrossing("in/" + to.id() + "/" + edge.input().id(), Box.Pin.FIRST);
            wires.add(new Wire(crossing, CROSSING_HEIGHT / 2, toBox, toY));
        }
        paths.add(WirePath.of(wiring, List.of(number)));
    }

    private void leadOut(GraphOperator operator, GraphOutput output) {
        List<Integer> leaving = wiring.from(node.id(), operator.id(), output.id()).stream()
                .filter(number -> !wiring.edge(number).isWithinNode())
                .toList();
        if (leaving.isEmpty()) {
            return;
        }
        int from = boxOfOperator.of(operator.id());
        double fromY = panels.get(from).portY(NodeShape.rowOfOutput(operator, output.id()));
        int crossing = addCrossing("out/" + operator.id() + "/" + output.id(), Box.Pin.LAST);
        wires.add(new Wire(from, fromY, crossing, CROSSING_HEIGHT / 2));
        paths.add(WirePath.of(wiring, leaving));
    }

    private int addCrossing(String name, Box.Pin pin) {
        boxOfCrossing.put(name, boxes.size());
        boxes.add(new Box(0, CROSSING_HEIGHT, 0, 0, pin));
        return boxes.size() - 1;
    }

    private boolean has(Box.Pin pin) {
        return boxes.stream().anyMatch(box -> box.pin() == pin);
    }

    /** Wires begin at the very border where there are any, other boxes keep away from it. */
    private double insetLeft() {
        return has(Box.Pin.FIRST) ? 0 : PADDING;
    }

    private double insetRight() {
        return has(Box.Pin.LAST) ? 0 : PADDING;
    }

    @Override
    public double width() {
        return Math.max(layout.width() + insetLeft() + insetRight(), heading.width() + 2 * PADDING);
    }

    @Override
    public double height() {
        return heading.height() + 4 + layout.height() + PADDING;
    }

    @Override
    public double lead() {
        return 6;
    }

    @Override
    public double inputY(String operator, String input) {
        return crossingY("in/" + operator + "/" + input);
    }

    @Override
    public double outputY(String operator, String output) {
        return crossingY("out/" + operator + "/" + output);
    }

    private double crossingY(String name) {
        return heading.height() + 4 + layout.spots().get(boxOfCrossing.of(name)).y() + CROSSING_HEIGHT / 2;
    }

    @Override
    public void draw(Svg svg, double x, double y) {
        svg.leaf("rect", "class", "panel frame", "x", x, "y", y, "width", width(), "height", height(), "rx", 11.0);
        heading.draw(svg, x + PADDING, y);
        double stretch = width() - layout.width() - insetLeft() - insetRight();
        String place = Svg.number(x + insetLeft()) + "," + Svg.number(y + heading.height() + 4);
        svg.open("g", "transform", "translate(" + place + ")");
        for (int i = 0; i < wires.size(); i++) {
            Route route = layout.routes().get(i);
            if (boxes.get(wires.get(i).to()).pin() == Box.Pin.LAST) {
                route.levelTo(layout.width() + stretch);
            }
            paths.get(i).draw(svg, route);
        }
        for (int i = 0; i < panels.size(); i++) {
            Layout.Spot spot = layout.spots().get(i);
            panels.get(i).draw(svg, spot.x(), spot.y());
        }
        svg.close("g");
    }
}
