package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cells of a layout by column, with every wire broken into pieces between neighbouring columns. */
final class Columns {
    private static final int MAX_BENDS = 20_000;
    private static final int MAX_PASSES = 100_000;

    private final List<List<Cell>> columns = new ArrayList<>();
    private final List<Cell> boxes = new ArrayList<>();
    private final List<List<Cell>> bends = new ArrayList<>();
    private final Map<Start, List<Cell>> trunks = new HashMap<>();
    private final Layering layering;
    private long passes;
    private int bendCount;

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
            passes += bends.get(i).size();
            checkSize();
        }
        columns.forEach(Columns::number);
    }

    /** Wires of one port share their way for as long as they pass the same columns. */
    private List<Cell> leadOn(Wire wire, int from, int to) {
        Start start = new Start(wire.from(), wire.fromY());
        List<Cell> trunk = trunks.computeIfAbsent(start, unused -> new ArrayList<>());
        for (int column = from + 1 + trunk.size(); column < to; column++) {
            Cell bend = addBend(column, boxes.get(wire.from()).lane);
            connect(start, trunk, bend, 0);
            trunk.add(bend);
        }
        List<Cell> path = trunk.subList(0, Math.max(0, to - from - 1));
        connect(start, path, boxes.get(wire.to()), wire.toY());
        return List.copyOf(path);
    }

    private void connect(Start start, List<Cell> path, Cell to, double toY) {
        if (path.isEmpty()) {
            Cell.connect(boxes.get(start.box()), start.y(), to, toY);
        } else {
            Cell.connect(path.get(path.size() - 1), 0, to, toY);
        }
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
        bendCount++;
        checkSize();
        return bend;
    }

    private void checkSize() {
        if (bendCount > MAX_BENDS || passes > MAX_PASSES) {
            throw new TooLargeException(
                    "the graph is too tangled for a page: its edges pass over other nodes more than "
                            + (bendCount > MAX_BENDS ? MAX_BENDS : MAX_PASSES) + " times");
        }
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

    /** Where a wire begins. */
    private record Start(int box, double y) {}
}
