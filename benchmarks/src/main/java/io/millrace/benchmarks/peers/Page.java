package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Machine;
import io.millrace.benchmarks.Spread;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.peers.Chapter.Column;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The report: {@code docs/performance.md}. */
final class Page {
    private static final int BAR = 50;

    private final Map<Chapter, Results> found = new LinkedHashMap<>();
    private final String command;
    private final double maxLoadPercent;
    private final int rounds;

    /** @param maxLoadPercent of others beyond which a row is marked */
    Page(String command, double maxLoadPercent, int rounds) {
        this.command = command;
        this.maxLoadPercent = maxLoadPercent;
        this.rounds = rounds;
    }

    void add(Chapter chapter, Results results) {
        found.put(chapter, results);
    }

    List<String> budgets() {
        return found.entrySet().stream()
                .flatMap(entry -> entry.getKey().budgets().stream().map(budget -> budget.line(entry.getValue())))
                .sorted(java.util.Comparator.comparingInt(Page::number)) // stable
                .toList();
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(1, line.indexOf(':')));
    }

    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.addAll(PageText.HEAD);
        lines.addAll(List.of("", "## This run", ""));
        lines.addAll(surroundings());
        lines.addAll(List.of("", "## Budgets", "", "```"));
        lines.addAll(budgets());
        lines.add("```");
        found.forEach((chapter, results) -> lines.addAll(chapter(chapter, results)));
        lines.addAll(PageText.TAIL);
        return lines;
    }

    private List<String> surroundings() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("- " + LocalDate.now(ZoneOffset.UTC) + ", commit " + Machine.commit() + ", `" + command + "`, "
                + (rounds == 1 ? "one JVM" : rounds + " JVMs") + " for each row");
        lines.add("- machine: " + Machine.description());
        lines.add("- JDK: " + Machine.jdk());
        lines.add("- flags of the JVMs that measure: "
                + found.values().stream()
                        .flatMap(Results::flags)
                        .distinct()
                        .map(Page::ofInterest)
                        .distinct()
                        .collect(Collectors.joining("; ")));
        if (isMarked()) {
            lines.add(Budget.format(
                    "- **!** others used more than %.0f %% of the cores while rows so marked were measured, retries included: figures to look at, not to quote",
                    maxLoadPercent));
        }
        return lines;
    }

    private static String ofInterest(List<String> flags) {
        List<String> shown = flags.stream()
                .filter(flag ->
                        !flag.startsWith("-Dmillrace.") && !flag.startsWith("-Djmh.") && !flag.startsWith("-Dslf4j."))
                .toList();
        return shown.isEmpty() ? "none" : "`" + String.join(" ", shown) + "`";
    }

    private boolean isMarked() {
        return found.entrySet().stream()
                .anyMatch(entry -> entry.getKey().rows().stream().anyMatch(row -> isLoud(entry.getValue(), row)));
    }

    private boolean isLoud(Results results, Row row) {
        return results.othersPercent(row.id())
                .map(percent -> percent.most() > maxLoadPercent)
                .orElse(false);
    }

    private List<String> chapter(Chapter chapter, Results results) {
        List<String> lines = new ArrayList<>(List.of("", "## " + chapter.title(), "", chapter.text()));
        if (!chapter.rows().isEmpty()) {
            lines.add("");
            lines.addAll(table(chapter, results));
            lines.addAll(failures(chapter, results));
            lines.addAll(chart(chapter, results));
        }
        return lines;
    }

    private List<String> table(Chapter chapter, Results results) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        chapter.columns().forEach(column -> head.add(column.heading()));
        head.add("others' load");
        rows.add(head);
        for (Row row : chapter.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.title()));
            for (Column column : chapter.columns()) {
                cells.add(cell(results.spread(row.id(), column.figure()), column.decimals()));
            }
            cells.add(load(results, row));
            rows.add(cells);
        }
        return TextTable.lines(rows);
    }

    private String cell(Optional<Spread> spread, int decimals) {
        return spread.map(values -> rounds == 1 ? number(values.median(), decimals) : values.text(decimals))
                .orElse("-");
    }

    private static String number(double value, int decimals) {
        return Budget.format("%." + decimals + "f", value);
    }

    private String load(Results results, Row row) {
        return results.othersPercent(row.id())
                .map(percent -> number(percent.median(), 0) + " %" + (isLoud(results, row) ? " !" : ""))
                .orElse("unknown");
    }

    private static List<String> failures(Chapter chapter, Results results) {
        List<String> lines = new ArrayList<>();
        for (Row row : chapter.rows()) {
            results.failures(row.id()).forEach(failure -> lines.add("- " + row.title() + " failed: " + failure));
        }
        if (!lines.isEmpty()) {
            lines.add(0, "");
        }
        return lines;
    }

    private static List<String> chart(Chapter chapter, Results results) {
        double most = chapter.rows().stream()
                .flatMap(row -> Budget.median(results, row.id(), chapter.chart()).stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        if (most <= 0) {
            return List.of();
        }
        int width = chapter.rows().stream()
                .mapToInt(row -> row.title().length())
                .max()
                .orElseThrow();
        Column column = chapter.columns().stream()
                .filter(candidate -> candidate.figure().equals(chapter.chart()))
                .findFirst()
                .orElseThrow();
        List<String> lines = new ArrayList<>(List.of("", "```", column.heading()));
        for (Row row : chapter.rows()) {
            Budget.median(results, row.id(), chapter.chart()).ifPresent(value -> {
                String bar = "#".repeat((int) Math.max(1, Math.round(BAR * value / most)));
                lines.add(Budget.format("%-" + width + "s %s %s", row.title(), bar, number(value, column.decimals())));
            });
        }
        lines.add("```");
        return lines;
    }
}
