package io.millrace.remote.cli;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Suggestions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace build}. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description =
                "Runs the build commands of a dataflow's nodes, each in the directory in which its node will run.",
        footer = {
            "",
            "Each line of a node's 'build' is a program with its arguments, split as a POSIX shell would, without a shell.",
            "Ctrl-C ends the command that runs, with all that it has started.",
            "Exit code: 0 all commands ended well, 1 one failed and those behind it were not run, 2 the file or the command cannot be used, 130 it was stopped by Ctrl-C (143 by SIGTERM)."
        })
final class BuildCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The dataflow file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--node",
            paramLabel = "ID",
            description = "Builds this node only; may be repeated. Without it, all but those that are not local.")
    private @Nullable List<String> ids;

    @Option(
            names = "--working-dir",
            paramLabel = "DIR",
            description =
                    "The base directory of the executor that runs the nodes that are not local, as for 'millrace executor': their relative working directories are seen from it.")
    private @Nullable Path executorBase;

    BuildCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(false);
        // What nodes name may be what is to be built.
        CheckResult check =
                Dataflow.check(file, LoadOptions.builder().checkPaths(false).build());
        if (check.dataflow().isEmpty()) {
            Problems.print(check.problems(), console.err(), console.errIsColoured());
            return ExitCode.INVALID;
        }
        Graph graph = check.dataflow().get().graph();
        BuildPlan plan =
                BuildPlan.of(graph, chosen(graph), BuildEnvironment.ofProcess(), Optional.ofNullable(executorBase));
        if (!plan.problems().isEmpty()) {
            Problems.print(plan.problems(), console.err(), console.errIsColoured());
            return ExitCode.INVALID;
        }
        int exitCode = BuildRun.run(plan.steps(), console);
        if (exitCode == ExitCode.OK) {
            console.err().println("millrace: " + outcome(graph, plan.steps()));
        }
        return exitCode;
    }

    private List<GraphNode> chosen(Graph graph) {
        if (ids != null) {
            return ids.stream().distinct().map(id -> node(graph, id)).toList();
        }
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            boolean isElsewhere = !node.deployment().local().orElse(true);
            if (!isElsewhere) {
                nodes.add(node);
            } else if (node.operators().stream()
                    .anyMatch(operator -> operator.build().isPresent())) {
                console.err()
                        .println("millrace: node '" + node.id() + "' is not local: build it where it runs, with --node "
                                + node.id());
            }
        }
        return nodes;
    }

    private GraphNode node(Graph graph, String id) {
        List<String> known = graph.nodes().stream().map(GraphNode::id).toList();
        if (!known.contains(id)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--node: dataflow '" + graph.name() + "' has no node '" + id + "', but " + Suggestions.list(known)
                            + Suggestions.didYouMean(id, known));
        }
        return graph.node(id);
    }

    private static String outcome(Graph graph, List<BuildStep> steps) {
        long nodes = steps.stream().map(BuildStep::node).distinct().count();
        return steps.isEmpty()
                ? "there is nothing to build in dataflow '" + graph.name() + "'"
                : "built " + Units.counted(nodes, "node") + " of dataflow '" + graph.name() + "' with "
                        + Units.counted(steps.size(), "command");
    }
}
