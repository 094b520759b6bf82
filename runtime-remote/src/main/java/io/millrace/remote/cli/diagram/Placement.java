package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Gives every cell its height on the page, keeping the order of each column.
 *
 * <p>Every cell would like its wires to be level. In turn, each column is moved as close to that as the distances within it allow: the least-squares solution
 * under order constraints, found by pooling adjacent violators. Wires that pass columns weigh most, so that long wires are straight.
 */
final class Placement {
    private static final int ROUNDS = 12;
    private static final double PASSING = 6;
    private static final double ENTERING = 2;
    private static final double DIRECT = 1;
    private static final double ANYWHERE = 0.01;

    private final Spacing spacing;
    private final List<List<Cell>> columns;

    private Placement(List<List<Cell>> columns, Spacing spacing) {
        this.columns = columns;
        this.spacing = spacing;
    }

    /** The band of each lane, from the top. */
    static List<Layout.Band> place(List<List<Cell>> columns, int lanes, Spacing spacing) {
        return new Placement(columns, spacing).run(lanes);
    }

    private List<Layout.Band> run(int lanes) {
        List<Layout.Band> bands = new ArrayList<>();
        double top = 0;
        for (int lane = 0; lane < lanes; lane++) {
            int current = lane;
            List<List<Cell>> part = columns.stream()
                    .map(column ->
                            column.stream().filter(cell -> cell.lane == current).toList())
                    .filter(column -> !column.isEmpty())
                    .toList();
            double height = placeLane(part, top + spacing.lanePadding() + spacing.laneHeader());
            double band = height + 2 * spacing.lanePadding() + spacing.laneHeader();
            bands.add(new Layout.Band(top, band));
            top += band + spacing.boxes();
        }
        return bands;
    }

    /** @return its height */
    private double placeLane(List<List<Cell>> part, double top) {
        part.forEach(this::stack);
        for (int round = 0; round < ROUNDS; round++) {
            Function<Cell, Stream<Cell.Link>> looking = looking(round);
            IntStream.range(0, part.size())
                    .map(round % 2 == 0 ? i -> i : i -> part.size() - 1 - i)
                    .forEach(i -> settle(part.get(i), looking));
        }
        double min =
                part.stream().flatMap(List::stream).mapToDouble(c -> c.y).min().orElse(0);
        double max = part.stream()
                .flatMap(List::stream)
                .mapToDouble(c -> c.y + c.height)
                .max()
                .orElse(0);
        part.forEach(column -> column.forEach(cell -> cell.y += top - min));
        return max - min;
    }

    private void stack(List<Cell> column) {
        double y = 0;
        for (int i = 0; i < column.size(); i++) {
            y += i == 0 ? 0 : distance(column.get(i - 1), column.get(i));
            column.get(i).y = y;
        }
        double middle = y / 2;
        column.forEach(cell -> cell.y -= middle);
    }

    /** At first one side sets the tone for the other, in the end both sides count. */
    private static Function<Cell, Stream<Cell.Link>> looking(int round) {
        if (round >= ROUNDS / 2) {
            return cell -> Stream.of(cell.left, cell.right, cell.beside).flatMap(List::stream);
        }
        return round % 2 == 0
                ? cell -> Stream.concat(cell.left.stream(), cell.beside.stream())
                : cell -> Stream.concat(cell.right.stream(), cell.beside.stream());
    }

    /** From the upper cell's top to the lower one's. */
    private double distance(Cell upper, Cell lower) {
        boolean boxes = upper.width > 0 && lower.width > 0;
        return upper.height + (boxes ? spacing.boxes() : spacing.wires());
    }

    private void settle(List<Cell> column, Function<Cell, Stream<Cell.Link>> looking) {
        List<Pool> pools = new ArrayList<>();
        double offset = 0;
        for (int i = 0; i < column.size(); i++) {
            Cell cell = column.get(i);
            offset += i == 0 ? 0 : distance(column.get(i - 1), cell);
            Pool pool = wish(cell, looking).shiftedBy(-offset);
            while (!pools.isEmpty() && pools.get(pools.size() - 1).value() > pool.value()) {
                pool = pools.remove(pools.size() - 1).with(pool);
            }
            pools.add(pool);
        }
        apply(column, pools);
    }

    private void apply(List<Cell> column, List<Pool> pools) {
        double offset = 0;
        int i = 0;
        for (Pool pool : pools) {
            for (int n = 0; n < pool.cells(); n++, i++) {
                offset += i == 0 ? 0 : distance(column.get(i - 1), column.get(i));
                column.get(i).y = pool.value() + offset;
            }
        }
    }

    private static Pool wish(Cell cell, Function<Cell, Stream<Cell.Link>> looking) {
        Pool none = new Pool(1, ANYWHERE, ANYWHERE * cell.y);
        return looking.apply(cell)
                .filter(link -> link.other().lane == cell.lane)
                .map(link -> {
                    double weight = weight(cell, link.other());
                    return new Pool(0, weight, weight * (link.other().y + link.otherY() - link.ownY()));
                })
                .reduce(none, Pool::with);
    }

    private static double weight(Cell cell, Cell other) {
        if (cell.isBend() && other.isBend()) {
            return PASSING;
        }
        return cell.isBend() || other.isBend() ? ENTERING : DIRECT;
    }

    /** Cells that move together, at the mean of what they wish. */
    private record Pool(int cells, double weight, double weighted) {
        double value() {
            return weighted / weight;
        }

        Pool with(Pool other) {
            return new Pool(cells + other.cells, weight + other.weight, weighted + other.weighted);
        }

        Pool shiftedBy(double offset) {
            return new Pool(cells, weight, weighted + weight * offset);
        }
    }
}
