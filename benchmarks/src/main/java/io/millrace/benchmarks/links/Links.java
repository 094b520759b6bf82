package io.millrace.benchmarks.links;

import io.millrace.benchmarks.ProcessorTime;
import io.millrace.benchmarks.Spread;
import io.millrace.benchmarks.TextTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures links beside their yardsticks, in turns, and prints tables and ratios. */
@Command(
        name = "benchmarks/links",
        mixinStandardHelpOptions = true,
        description = "Links between executors in two JVMs over loopback, beside the same transport by hand.",
        sortOptions = false)
public final class Links implements Callable<Integer> {
    @Option(names = "--quick", description = "Shorter runs: to see that it works, not to quote.")
    private boolean quick;

    @Option(names = "--forks", paramLabel = "N", description = "Runs of each row (default: 5, quick: 1).")
    private int forks;

    @Option(
            names = "--only",
            paramLabel = "QUESTION",
            description = "May be repeated (default: all). An unknown one lists those there are.")
    private List<String> only = List.of();

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Links()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int rounds = forks > 0 ? forks : quick ? 1 : 5;
        Path certificates = Files.createTempDirectory("millrace-links-tls");
        try {
            Certificates.write(certificates);
            for (Question question : questions(certificates.toString())) {
                report(question, measure(question, rounds));
            }
        } finally {
            delete(certificates);
        }
        return CommandLine.ExitCode.OK;
    }

    private List<Question> questions(String tls) {
        List<Question> all = Question.all(quick ? Question.Pace.QUICK : Question.Pace.FULL, tls);
        List<String> known = all.stream().map(Question::id).toList();
        for (String id : only) {
            if (!known.contains(id)) {
                throw new ParameterException(
                        spec.commandLine(), "there is no question '" + id + "': expected one of " + known);
            }
        }
        return all.stream()
                .filter(question -> only.isEmpty() || only.contains(question.id()))
                .toList();
    }

    private List<List<Map<String, Double>>> measure(Question question, int rounds)
            throws IOException, InterruptedException {
        List<List<Map<String, Double>>> found = new ArrayList<>();
        question.rows().forEach(row -> found.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < question.rows().size(); i++) {
                found.get(i).add(measure(question.rows().get(i)));
            }
        }
        return found;
    }

    private static Map<String, Double> measure(Question.Row row) throws IOException, InterruptedException {
        Map<String, Double> figures = new HashMap<>();
        Optional<ProcessorTime> before = ProcessorTime.now();
        Process process = new ProcessBuilder(Jvm.command(row.main(), row.arguments()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(line -> Figures.read(line, figures));
        }
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(row.title() + " has failed: exit code " + exit);
        }
        Optional<ProcessorTime> after = ProcessorTime.now();
        before.ifPresent(then -> figures.put("others", 100 * after.orElseThrow().othersSince(then)));
        return figures;
    }

    private void report(Question question, List<List<Map<String, Double>>> found) {
        PrintWriter out = spec.commandLine().getOut();
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(question.id() + ": " + question.what()));
        head.addAll(question.figures());
        head.add("others, %");
        table.add(head);
        for (int i = 0; i < question.rows().size(); i++) {
            List<String> line = new ArrayList<>(List.of(question.rows().get(i).title()));
            for (String figure : question.figures()) {
                line.add(spread(found.get(i), figure).text(decimals(figure)));
            }
            line.add(spread(found.get(i), "others").text(0));
            table.add(line);
        }
        TextTable.lines(table).forEach(out::println);
        for (String figure : question.figures()) {
            double ratio = spread(found.get(0), figure).median()
                    / spread(found.get(1), figure).median();
            out.println(String.format(
                    Locale.ROOT,
                    "%s %s: ratio %.2f, budget %s, %s",
                    question.id(),
                    figure,
                    ratio,
                    question.limit(),
                    question.holds(ratio) ? "holds" : "MISSES"));
        }
        out.println();
        out.flush();
    }

    private static int decimals(String figure) {
        return figure.equals("rate") ? 0 : 2;
    }

    private static Spread spread(List<Map<String, Double>> runs, String figure) {
        return Spread.of(runs.stream()
                .mapToDouble(run -> run.getOrDefault(figure, Double.NaN))
                .toArray());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(directory);
    }
}
