package io.millrace.benchmarks;

import io.millrace.benchmarks.Question.Case;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs every benchmark of this module in turns, a JVM for each turn, and prints tables with ratios. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        description = "What a message between two nodes costs, beside the same over a bare ring.",
        sortOptions = false)
public final class Comparison implements Callable<Integer> {
    @Option(names = "--quick", description = "Two short forks of each: to see that it works, not to quote.")
    private boolean quick;

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each line (default: 5, quick: 2).")
    private int forks;

    @Option(
            names = "--only",
            paramLabel = "WHAT",
            description = "${COMPLETION-CANDIDATES}; may be repeated (default: all).")
    private List<Question> only = List.of(Question.values());

    @Option(
            names = "--max-load",
            paramLabel = "PERCENT",
            defaultValue = "3",
            description = "A fork while which others used more of the cores is run again (default: ${DEFAULT-VALUE}).")
    private double maxLoadPercent;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often; then it is kept, and marked in the table (default: ${DEFAULT-VALUE}).")
    private int retries;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Comparison())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report(maxLoadPercent / 100);
        int rounds = forks > 0 ? forks : quick ? 2 : 5;
        for (Question question : only) {
            Map<Case, List<Trial>> trials = new LinkedHashMap<>();
            for (int round = 1; round <= rounds; round++) {
                for (Case what : question.cases()) {
                    spec.commandLine().getErr().printf("%s: round %d of %d, %s%n", question, round, rounds, what);
                    trials.computeIfAbsent(what, key -> new ArrayList<>()).add(quietTrial(what));
                }
            }
            report.add(question, trials);
        }
        report.print(out);
        return CommandLine.ExitCode.OK;
    }

    /** A trial without much else going on, if one of a few is. */
    private Trial quietTrial(Case what) throws IOException, RunnerException {
        Trial trial = Trial.run(what, quick);
        for (int retry = 0; retry < retries && isLoud(trial); retry++) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "  again: others used %.0f %% of the cores%n",
                            100 * trial.others().orElseThrow());
            trial = Trial.run(what, quick);
        }
        return trial;
    }

    private boolean isLoud(Trial trial) {
        return trial.others().orElse(0.0) > maxLoadPercent / 100;
    }
}
