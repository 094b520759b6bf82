package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.List;

/** Across the page: where columns begin and end, and how wires run past them and through the channels between them. */
final class Routing {
    private static final double STEEPNESS = 0.22;
    private static final double WIDEST_CHANNEL = 5;
    /** How far a wire that leads back reaches out where it turns round. */
    private static final double BOW = 14;

    private final Columns columns;
    private final Spacing spacing;
    private final List<Span> spans = new ArrayList<>();
    private final double width;

    /** Places the columns: sets the x of every cell. */
    Routing(Columns columns, Spacing spacing) {
        this.columns = columns;
        this.spacing = spacing;
        this.width = placeColumns();
    }

    private double placeColumns() {
        List<List<Cell>> all = columns.all();
        if (all.isEmpty()) {
            return 0;
        }
        double x = turnsIn(all.get(0)) ? spacing.channel() / 2 : 0;
        double end = x;
        for (List<Cell> column : all) {
            double boxesAt =
                    x + column.stream().mapToDouble(cell -> cell.lead).max().orElse(0);
            end = boxesAt
                    + column.stream().mapToDouble(cell -> cell.width).max().orElse(0);
            column.forEach(cell -> cell.x = boxesAt);
            spans.add(new Span(x, end));
            x = end + channelAfter(column);
        }
        return turnsIn(all.get(all.size() - 1)) ? end + spacing.channel() / 2 : end;
    }

    private static boolean turnsIn(List<Cell> column) {
        return column.stream().anyMatch(cell -> cell.turnsRound);
    }

    /** Wide enough for wires that climb or fall far not to be steep. */
    private double channelAfter(List<Cell> column) {
        double highest = column.stream()
                .flatMap(cell -> cell.right.stream()
                        .map(link -> Math.abs(cell.y + link.ownY() - link.other().y - link.otherY())))
                .max(Double::compare)
                .orElse(0.0);
        return Math.min(WIDEST_CHANNEL * spacing.channel(), Math.max(spacing.channel(), STEEPNESS * highest));
    }

    double width() {
        return width;
    }

    Route route(int index, Wire wire) {
        return columns.isBackward(index) ? back(index, wire) : on(index, wire);
    }

    private Route on(int index, Wire wire) {
        Cell to = columns.box(wire.to());
        Route route = leave(wire);
        for (Cell bend : columns.bends(index)) {
            route.curveTo(span(bend).begin(), bend.y).levelTo(span(bend).end());
        }
        return route.curveTo(span(to).begin(), to.y + wire.toY()).levelTo(to.x);
    }

    private Route back(int index, Wire wire) {
        Cell to = columns.box(wire.to());
        List<Cell> bends = columns.bends(index);
        Route route = leave(wire)
                .turnTo(bends.get(0).y, BOW)
                .levelTo(span(bends.get(0)).begin());
        for (Cell bend : bends.subList(1, bends.size())) {
            route.curveTo(span(bend).end(), bend.y).levelTo(span(bend).begin());
        }
        return route.turnTo(to.y + wire.toY(), -BOW).levelTo(to.x);
    }

    private Route leave(Wire wire) {
        Cell from = columns.box(wire.from());
        return new Route(from.x + from.width, from.y + wire.fromY())
                .levelTo(span(from).end());
    }

    private Span span(Cell cell) {
        return spans.get(cell.column);
    }

    /** From a column's left to its right edge. */
    private record Span(double begin, double end) {}
}
