package io.millrace.samples.marine;

/**
 * Rows of numbers in the order of their time, which is column 0, for drawing: bounded, however long the log. When it is full, each two neighbours become one, and so do those that
 * follow: the one with the lower, or the higher, number in the column that matters most, so that what is drawn keeps its extremes.
 */
final class Series {
    /** Of those that are kept. */
    enum Keep {
        LOWEST,
        HIGHEST
    }

    private final int width;
    private final int capacity;
    private final int column;
    private final Keep keep;
    private final double[] values;
    private final double[] group;
    private int rows;
    private int groupSize = 1;
    private int inGroup;

    /**
     * @param width columns of a row
     * @param capacity rows, an even number
     * @param column the one that decides which row is kept, not the time
     */
    Series(int width, int capacity, int column, Keep keep) {
        this.width = width;
        this.capacity = capacity;
        this.column = column;
        this.keep = keep;
        values = new double[width * capacity];
        group = new double[width];
    }

    /** @param others the columns behind the time, all of them */
    void add(long timeMs, double... others) {
        if (inGroup == 0 || isPreferred(others[column - 1], group[column])) {
            group[0] = (double) timeMs;
            System.arraycopy(others, 0, group, 1, width - 1);
        }
        if (++inGroup == groupSize) {
            endGroup();
        }
    }

    /** So many rows; what is not a full group yet is left out. */
    int size() {
        return rows;
    }

    double at(int row, int columnIndex) {
        return values[row * width + columnIndex];
    }

    private void endGroup() {
        inGroup = 0;
        System.arraycopy(group, 0, values, rows * width, width);
        rows++;
        if (rows == capacity) {
            halve();
        }
    }

    private void halve() {
        for (int row = 0; row < rows; row += 2) {
            int kept = isPreferred(at(row + 1, column), at(row, column)) ? row + 1 : row;
            System.arraycopy(values, kept * width, values, row / 2 * width, width);
        }
        rows /= 2;
        groupSize *= 2;
    }

    private boolean isPreferred(double candidate, double than) {
        return keep == Keep.LOWEST ? candidate < than : candidate > than;
    }
}
