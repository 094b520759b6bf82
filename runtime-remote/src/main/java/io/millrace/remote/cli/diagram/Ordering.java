package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Orders the cells of each column so that few wires cross: sweeps over the columns put every cell at the barycentre of its neighbours, then neighbours change
 * places where that helps; the best order seen is kept. Lanes stay together, in their order.
 */
final class Ordering {
    private static final int SWEEPS = 12;

    private final List<List<Cell>> columns;
    private final Map<Cell, Double> wanted = new HashMap<>();

    private Ordering(List<List<Cell>> columns) {
        this.columns = columns;
    }

    static void improve(List<List<Cell>> columns) {
        new Ordering(columns).run();
    }

    private void run() {
        columns.forEach(column -> sort(column, Comparator.comparingInt(cell -> cell.order)));
        List<List<Cell>> best = snapshot();
        long fewest = crossings();
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            sweep(sweep % 2 == 0);
            columns.forEach(this::exchangeNeighbours);
            long crossings = crossings();
            if (crossings < fewest) {
                fewest = crossings;
                best = snapshot();
            }
        }
        restore(best);
    }

    private void sweep(boolean rightwards) {
        for (int i = 0; i < columns.size(); i++) {
            List<Cell> column = columns.get(rightwards ? i : columns.size() - 1 - i);
            column.forEach(cell -> wanted.put(cell, barycentre(cell, rightwards ? cell.left : cell.right)));
            sort(column, Comparator.comparingDouble(wanted::get));
        }
    }

    private static double barycentre(Cell cell, List<Cell.Link> links) {
        return Stream.concat(links.stream(), cell.beside.stream())
                .mapToDouble(link -> link.other().orderAt(link.otherY()))
                .average()
                .orElse(cell.order + 0.5);
    }

    private static void sort(List<Cell> column, Comparator<Cell> within) {
        column.sort(Comparator.<Cell>comparingInt(cell -> cell.lane).thenComparing(within));
        Columns.number(column);
    }

    private void exchangeNeighbours(List<Cell> column) {
        for (int i = 0; i + 1 < column.size(); i++) {
            Cell upper = column.get(i);
            Cell lower = column.get(i + 1);
            if (upper.lane == lower.lane && crossings(lower, upper) < crossings(upper, lower)) {
                column.set(i, lower);
                column.set(i + 1, upper);
                upper.order = i + 1;
                lower.order = i;
            }
        }
    }

    /** Of the wires at these two cells, if one stood above the other. */
    private static long crossings(Cell upper, Cell lower) {
        return crossings(upper.left, lower.left) + crossings(upper.right, lower.right);
    }

    private static long crossings(List<Cell.Link> upper, List<Cell.Link> lower) {
        long count = 0;
        for (Cell.Link above : upper) {
            double aboveEnd = above.other().orderAt(above.otherY());
            for (Cell.Link below : lower) {
                if (aboveEnd > below.other().orderAt(below.otherY())) {
                    count++;
                }
            }
        }
        return count;
    }

    private long crossings() {
        return columns.stream().mapToLong(Ordering::crossingsRightOf).sum();
    }

    private static long crossingsRightOf(List<Cell> column) {
        List<double[]> pieces = new ArrayList<>();
        for (Cell cell : column) {
            for (Cell.Link link : cell.right) {
                pieces.add(new double[] {cell.orderAt(link.ownY()), link.other().orderAt(link.otherY())});
            }
        }
        long count = 0;
        for (int i = 0; i < pieces.size(); i++) {
            for (int j = i + 1; j < pieces.size(); j++) {
                double starts = pieces.get(i)[0] - pieces.get(j)[0];
                double ends = pieces.get(i)[1] - pieces.get(j)[1];
                if (starts * ends < 0) {
                    count++;
                }
            }
        }
        return count;
    }

    private List<List<Cell>> snapshot() {
        return columns.stream().map(List::copyOf).toList();
    }

    private void restore(List<List<Cell>> best) {
        for (int i = 0; i < best.size(); i++) {
            columns.get(i).clear();
            columns.get(i).addAll(best.get(i));
            Columns.number(columns.get(i));
        }
    }
}
