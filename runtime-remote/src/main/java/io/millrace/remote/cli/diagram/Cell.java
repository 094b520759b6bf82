package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.List;

/** One place in a column: a box, or the bend of a wire on its way past the column. Used while a layout is computed. */
final class Cell {
    final int box;
    final int column;
    final int lane;
    final double width;
    final double height;
    final double lead;
    /** To the columns at its sides, and to boxes of its own column that it should stay close to. */
    final List<Link> left = new ArrayList<>();

    final List<Link> right = new ArrayList<>();
    final List<Link> beside = new ArrayList<>();
    /** Whether a wire that leads back turns round here. */
    boolean turnsRound;

    int order;
    double x;
    double y;

    private Cell(int box, int column, int lane, double width, double height, double lead) {
        this.box = box;
        this.column = column;
        this.lane = lane;
        this.width = width;
        this.height = height;
        this.lead = lead;
    }

    static Cell ofBox(int index, Box box, int column) {
        return new Cell(index, column, box.lane(), box.width(), box.height(), box.lead());
    }

    static Cell bend(int column, int lane) {
        return new Cell(-1, column, lane, 0, 0, 0);
    }

    boolean isBend() {
        return box < 0;
    }

    /** Its place in the column, with the part of its height at which a port sits. */
    double orderAt(double portY) {
        return height == 0 ? order + 0.5 : order + portY / height;
    }

    static void connect(Cell from, double fromY, Cell to, double toY) {
        from.right.add(new Link(to, fromY, toY));
        to.left.add(new Link(from, toY, fromY));
    }

    /** One end of a piece of wire. */
    record Link(Cell other, double ownY, double otherY) {}
}
