package io.millrace.remote.cli.diagram;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Boxes in columns from left to right, with the wires between them: a layered layout.
 *
 * <p>The steps are those of the classic method: break cycles and assign columns ({@link Layering}), order each column so that few wires cross ({@link Ordering}),
 * place the cells so that wires are level ({@link Placement}), and route ({@link Routing}). Boxes of one lane stay in one horizontal band.
 *
 * @param spots of the boxes, in their order
 * @param routes of the wires, in their order
 * @param bands of the lanes, from the top
 */
record Layout(double width, double height, List<Spot> spots, List<Route> routes, List<Band> bands) {

    /** A box's upper left corner. */
    record Spot(double x, double y) {}

    /** A lane's band. */
    record Band(double top, double height) {}

    static Layout of(List<Box> boxes, List<Wire> wires, Spacing spacing) {
        Columns columns = new Columns(boxes, wires);
        Ordering.improve(columns.all());
        int lanes = boxes.stream().mapToInt(Box::lane).max().orElse(-1) + 1;
        List<Band> bands = Placement.place(columns.all(), lanes, spacing);
        Routing routing = new Routing(columns, spacing);
        List<Route> routes = IntStream.range(0, wires.size())
                .mapToObj(wire -> routing.route(wire, wires.get(wire)))
                .toList();
        List<Spot> spots = IntStream.range(0, boxes.size())
                .mapToObj(columns::box)
                .map(cell -> new Spot(cell.x, cell.y))
                .toList();
        double height = bands.isEmpty()
                ? 0
                : bands.get(lanes - 1).top() + bands.get(lanes - 1).height();
        return new Layout(routing.width(), height, spots, routes, bands);
    }
}
