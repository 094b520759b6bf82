package io.millrace.benchmarks;

import io.millrace.benchmarks.Question.Case;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables: a line for each carrier, its ratio to either use of the bare ring, and what else is to be known of the run. */
final class Report {
    private final double maxLoad;
    private final Map<Question, Map<Case, List<Trial>>> found = new LinkedHashMap<>();

    /** @param maxLoad the share of the cores beyond which a trial is marked */
    Report(double maxLoad) {
        this.maxLoad = maxLoad;
    }

    void add(Question question, Map<Case, List<Trial>> trials) {
        found.put(question, trials);
    }

    void print(PrintWriter out) throws IOException {
        found.forEach((question, trials) -> {
            out.println();
            out.println(question.title());
            table(question, trials).forEach(out::println);
        });
        out.println();
        surroundings().forEach(out::println);
        out.flush();
    }

    private List<String> table(Question question, Map<Case, List<Trial>> trials) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        for (String column : question.columns()) {
            head.addAll(List.of(column + ": median (least-most)", "x write", "x claim"));
        }
        head.addAll(List.of("B/message", "others' load"));
        rows.add(head);
        trials.forEach((what, ofCase) -> rows.add(row(question, trials, what, ofCase)));
        return TextTable.lines(rows);
    }

    private List<String> row(Question question, Map<Case, List<Trial>> trials, Case what, List<Trial> ofCase) {
        List<String> row = new ArrayList<>(List.of(what.toString()));
        for (int column = 0; column < question.columns().size(); column++) {
            int figure = column;
            ToDoubleFunction<Trial> value = trial -> trial.figures().get(figure);
            Spread spread = spread(ofCase, value);
            row.add(spread.text(question == Question.ROUND_TRIP ? 0 : 1));
            for (Carrier yardstick : List.of(Carrier.RING_WRITE, Carrier.RING_CLAIM)) {
                Spread ring = spread(trials.getOrDefault(new Case(question, yardstick, true), List.of()), value);
                row.add(String.format(Locale.ROOT, "%.2f", spread.median() / ring.median()));
            }
        }
        row.add(String.format(Locale.ROOT, "%.2f", spread(ofCase, Trial::bytes).median()));
        row.add(loads(ofCase));
        return row;
    }

    private static Spread spread(List<Trial> trials, ToDoubleFunction<Trial> value) {
        return Spread.of(trials.stream().mapToDouble(value).toArray());
    }

    private String loads(List<Trial> trials) {
        double[] loads = trials.stream()
                .flatMap(trial -> trial.others().stream())
                .mapToDouble(share -> 100 * share)
                .toArray();
        if (loads.length == 0) {
            return "unknown";
        }
        Spread spread = Spread.of(loads);
        return spread.text(0) + " %" + (spread.most() > 100 * maxLoad ? " !" : "");
    }

    private List<String> surroundings() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("machine: " + Machine.description());
        lines.add("JDK: " + Machine.jdk());
        lines.add("flags: " + flags(true));
        lines.add("flags, without the flag: " + flags(false));
        if (isMarked()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "! other processes used more than %.0f %% of the cores while it ran: figures to look at, not to quote",
                    100 * maxLoad));
        }
        return lines;
    }

    private String flags(boolean withFlag) {
        return trials(withFlag)
                .map(trial -> String.join(" ", trial.jvmArgs()))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private Stream<Trial> trials(boolean withFlag) {
        return found.values().stream()
                .flatMap(trials -> trials.entrySet().stream())
                .filter(entry -> entry.getKey().withFlag() == withFlag)
                .flatMap(entry -> entry.getValue().stream());
    }

    private boolean isMarked() {
        return Stream.concat(trials(true), trials(false))
                .anyMatch(trial -> trial.others().orElse(0.0) > maxLoad);
    }
}
