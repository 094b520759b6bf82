package io.millrace.remote.cli;

import io.millrace.graph.Problem;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands have in common that run a dataflow in this process. */
final class RunOptions {
    @Mixin
    private final ClassPathOption classPath = new ClassPathOption();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long a dataflow's nodes have to end after Ctrl-C. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration grace;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints neither progress nor the summary, only what goes wrong.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Prints stack traces, and what the runtime has to tell.")
    private boolean verbose;

    boolean isQuiet() {
        return quiet;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** With the grace, and the loader of the class path. */
    StartOptions.Builder start() {
        StartOptions.Builder options = StartOptions.builder().closeGrace(grace);
        classPath
                .loader(Optional.ofNullable(System.getenv(ClassPathOption.VARIABLE)))
                .ifPresent(options::classLoader);
        return options;
    }

    /** Without notes, unless those are wanted. */
    List<Problem> worthTelling(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> verbose || problem.severity() != Problem.Severity.NOTE)
                .toList();
    }

    /** The dataflow could not be prepared: what may be missing. */
    static void hintAtClassPath(StartOptions options, Console console) {
        if (options.classLoader().isEmpty()) {
            console.err()
                    .println("hint: classes of your own are found with --class-path, or through "
                            + ClassPathOption.VARIABLE);
        }
    }
}
