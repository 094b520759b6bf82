package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.List;

/** The cells of a layout by column, with every wire broken into pieces between neighbouring columns. */
final class Columns {
    private final List<List<Cell>> columns = new ArrayList<>();
    private final List<Cell> boxes = new ArrayList<>();
    private final List<List<Cell>> bends = new ArrayList<>();
    private final Layering layering;

    Columns(List<Box> boxes, List<Wire> wires) {
        layering = Layering.of(boxes, wires);
        for (int column = 0; column < layering.columnCount(); column++) {
            columns.add(new ArrayList<>());
        }
        for (int i = 0; i < boxes.size(); i++) {
            Cell cell = Cell.ofBox(i, boxes.get(i), layering.column(i));
            this.boxes.add(cell);
            columns.get(cell.column).add(cell);
        }
        for (int i = 0; i < wires.size(); i++) {
            Wire wire = wires.get(i);
            int from = layering.column(wire.from());
            int to = layering.column(wire.to());
            bends.add(layering.isBackward(i) ? leadBack(wire, from, to) : leadOn(wire, from, to));
        }
        columns.forEach(Columns::number);
    }

    private List<Cell> leadOn(Wire wire, int from, int to) {
        List<Cell> path = new ArrayList<>();
        Cell last = boxes.get(wire.from());
        double lastY = wire.fromY();
        for (int column = from + 1; column < to; column++) {
            Cell bend = addBend(column, last.lane);
            Cell.connect(last, lastY, bend, 0);
            path.add(bend);
            last = bend;
            lastY = 0;
        }
        Cell.connect(last, lastY, boxes.get(wire.to()), wire.toY());
        return path;
    }

    /** A wire that leads back passes every column from its source's to its target's, turning round before and after. */
    private List<Cell> leadBack(Wire wire, int from, int to) {
        List<Cell> path = new ArrayList<>();
        for (int column = from; column >= to; column--) {
            Cell bend = addBend(column, boxes.get(wire.from()).lane);
            if (!path.isEmpty()) {
                Cell.connect(bend, 0, path.get(path.size() - 1), 0);
            }
            path.add(bend);
        }
        besides(path.get(0), boxes.get(wire.from()));
        besides(path.get(path.size() - 1), boxes.get(wire.to()));
        return path;
    }

    private static void besides(Cell bend, Cell box) {
        bend.turnsRound = true;
        if (bend.lane == box.lane) {
            bend.beside.add(new Cell.Link(box, 0, box.height));
        }
    }

    private Cell addBend(int column, int lane) {
        Cell bend = Cell.bend(column, lane);
        columns.get(column).add(bend);
        return bend;
    }

    static void number(List<Cell> column) {
        for (int i = 0; i < column.size(); i++) {
            column.get(i).order = i;
        }
    }

    /** From left to right; the lists may be reordered. */
    List<List<Cell>> all() {
        return columns;
    }

    Cell box(int index) {
        return boxes.get(index);
    }

    /** Where the wire passes columns, from its source to its target. */
    List<Cell> bends(int wire) {
        return bends.get(wire);
    }

    boolean isBackward(int wire) {
        return layering.isBackward(wire);
    }
}
