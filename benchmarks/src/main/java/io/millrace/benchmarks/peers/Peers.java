package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.ProcessorTime;
import io.millrace.benchmarks.peers.Results.Measured;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks every question of everybody and writes the report. */
@Command(
        name = "benchmarks/peers",
        mixinStandardHelpOptions = true,
        description = "Millrace beside its peers and its budgets: measures, and writes the report.",
        sortOptions = false)
public final class Peers implements Callable<Integer> {
    private static final int FULL_ROUNDS = 5;

    @Option(names = "--quick", description = "One short JVM for each row: to see that it works, not to quote.")
    private boolean quick;

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each row (default: 5, quick: 1).")
    private int forks;

    @Option(
            names = "--only",
            paramLabel = "CHAPTER",
            description = "May be repeated (default: all). An unknown one lists those there are.")
    private List<String> only = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The report (default: docs/performance.md; with --quick or --only: standard output).")
    private Path out = Path.of("");

    @Option(
            names = "--max-load",
            paramLabel = "PERCENT",
            defaultValue = "3",
            description = "A JVM while which others used more of the cores is run again (default: ${DEFAULT-VALUE}).")
    private double maxLoadPercent;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How often; then it is kept, and marked in the table (default: 2, quick: 0).")
    private int retries = -1;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Peers()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int rounds = forks > 0 ? forks : quick ? 1 : FULL_ROUNDS;
        String command = "benchmarks/peers "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
        Page page = new Page(command.strip(), maxLoadPercent, rounds);
        for (Chapter chapter : chapters()) {
            page.add(chapter, measure(chapter, rounds));
        }
        write(page);
        return CommandLine.ExitCode.OK;
    }

    private List<Chapter> chapters() {
        List<Chapter> all = Chapters.all();
        List<String> known = all.stream().map(Chapter::id).toList();
        for (String id : only) {
            if (!known.contains(id)) {
                throw new ParameterException(
                        spec.commandLine(), "there is no chapter '" + id + "': expected one of " + known);
            }
        }
        return all.stream()
                .filter(chapter -> only.isEmpty() || only.contains(chapter.id()))
                .toList();
    }

    private Results measure(Chapter chapter, int rounds) throws IOException, InterruptedException {
        Results results = new Results();
        for (int round = 1; round <= rounds; round++) {
            for (Row row : chapter.rows()) {
                say("%s: round %d of %d, %s", chapter.id(), round, rounds, row.title());
                results.add(row, quiet(row));
            }
        }
        return results;
    }

    /** One without much else going on, if one of a few is. */
    private Measured quiet(Row row) throws IOException, InterruptedException {
        int most = retries >= 0 ? retries : quick ? 0 : 2;
        Measured measured = measure(row);
        for (int retry = 0; retry < most && isLoud(measured); retry++) {
            say(
                    "  again: others used %.0f %% of the cores",
                    100 * measured.others().orElseThrow());
            measured = measure(row);
        }
        measured.outcome().failure().ifPresent(failure -> say("  failed: %s", failure));
        return measured;
    }

    private boolean isLoud(Measured measured) {
        return measured.others().orElse(0.0) > maxLoadPercent / 100;
    }

    private Measured measure(Row row) throws IOException, InterruptedException {
        Optional<ProcessorTime> before = ProcessorTime.now();
        Outcome outcome = row.run(quick ? Pace.QUICK : Pace.FULL);
        Optional<ProcessorTime> after = ProcessorTime.now();
        return new Measured(outcome, before.flatMap(earlier -> after.map(later -> later.othersSince(earlier))));
    }

    private void write(Page page) throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        if (out.toString().isEmpty() && (quick || !only.isEmpty())) {
            page.lines().forEach(console::println);
        } else {
            Path file = out.toString().isEmpty() ? Path.of("docs", "performance.md") : out;
            Files.write(file, page.lines());
            page.budgets().forEach(console::println);
            console.println("written: " + file);
        }
        console.flush();
    }

    private void say(String format, Object... values) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(Budget.format(format, values));
        err.flush();
    }
}
