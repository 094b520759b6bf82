package io.millrace.benchmarks.peers;

import java.util.List;

/**
 * One question, asked of several.
 *
 * @param id for the command line
 * @param text what is asked, and how
 * @param chart the figure that is drawn; empty for none
 */
record Chapter(
        String id,
        String title,
        String text,
        List<Column> columns,
        String chart,
        List<Row> rows,
        List<Budget> budgets) {

    Chapter {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        budgets = List.copyOf(budgets);
    }

    /** A figure as the table shows it. */
    record Column(String figure, String heading, int decimals) {}
}
