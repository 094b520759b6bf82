package io.millrace.remote.cli;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Checks dataflow files and prints every problem of every file.",
        footer = {"", "Exit code: 0 no file has an error, 2 at least one has."})
final class CheckCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Dataflow files.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> files;

    @Option(names = "--skip-paths", description = "Does not look whether the files exist that the nodes name.")
    private boolean skipPaths;

    @Option(
            names = "--require-working-dir",
            description = "Makes it an error where a node that is not local has no working_dir.")
    private boolean requireWorkingDir;

    @Option(names = "--json", description = "Prints the problems as JSON.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints nothing about files without errors.")
    private boolean quiet;

    CheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Logging.configure(false);
        LoadOptions options = LoadOptions.builder()
                .checkPaths(!skipPaths)
                .requireWorkingDir(requireWorkingDir)
                .build();
        List<Map<String, @Nullable Object>> reports = new ArrayList<>();
        List<Problem> all = new ArrayList<>();
        for (Path file : files) {
            CheckResult result = Dataflow.check(file, options);
            all.addAll(result.problems());
            if (json) {
                reports.add(report(file, result));
            } else if (!quiet || result.hasErrors()) {
                print(file, result);
            }
        }
        if (json) {
            console.out().print(Json.write(report(reports, all)));
        } else if (files.size() > 1 && !quiet) {
            console.out().println(Units.counted(files.size(), "file") + ": " + Problems.tally(all));
        }
        return all.stream().anyMatch(Problem::isError) ? ExitCode.INVALID : ExitCode.OK;
    }

    private void print(Path file, CheckResult result) {
        Problems.print(result.problems(), console.out(), console.outIsColoured());
        result.dataflow()
                .map(Dataflow::graph)
                .ifPresent(graph -> console.out().println(Printable.line(file + ": ok, " + size(graph))));
    }

    private static String size(Graph graph) {
        return Units.counted(graph.nodes().size(), "node") + ", "
                + Units.counted(graph.edges().size(), "edge");
    }

    private static Map<String, @Nullable Object> report(Path file, CheckResult result) {
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("file", file.toString());
        report.put("valid", !result.hasErrors());
        report.put(
                "name",
                result.dataflow().map(dataflow -> dataflow.graph().name()).orElse(null));
        report.put(
                "nodes",
                result.dataflow()
                        .map(dataflow -> dataflow.graph().nodes().size())
                        .orElse(null));
        report.put(
                "edges",
                result.dataflow()
                        .map(dataflow -> dataflow.graph().edges().size())
                        .orElse(null));
        report.put("problems", Problems.toJson(result.problems()));
        return report;
    }

    private static Map<String, @Nullable Object> report(
            List<Map<String, @Nullable Object>> reports, List<Problem> all) {
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("files", reports);
        report.put("errors", Problems.count(all, Problem.Severity.ERROR));
        report.put("warnings", Problems.count(all, Problem.Severity.WARNING));
        report.put("notes", Problems.count(all, Problem.Severity.NOTE));
        return report;
    }
}
