package io.millrace.remote.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Columns of text for people: the first one flush left, the others, which hold figures, flush right unless said. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Integer> flushLeft;

    /** @param flushLeft the columns that hold words, from 0 */
    Table(List<String> headings, List<Integer> flushLeft) {
        this.flushLeft = List.copyOf(flushLeft);
        rows.add(List.copyOf(headings));
    }

    Table row(List<String> cells) {
        if (cells.size() != rows.get(0).size()) {
            throw new IllegalArgumentException("expected " + rows.get(0).size() + " cells, found " + cells.size());
        }
        rows.add(cells.stream().map(Printable::line).toList());
        return this;
    }

    /** Its lines, each with a line feed and without blanks at its end. */
    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> length(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(line(row, widths)).append('\n'));
        return text.toString();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String blanks = " ".repeat(widths[column] - length(cell));
            line.append(column == 0 ? "" : GAP);
            line.append(flushLeft.contains(column) ? cell + blanks : blanks + cell);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
