package io.millrace.remote.cli;

import io.millrace.files.MachineFiles;
import io.millrace.files.MachineVariables;
import io.millrace.files.NodeLocations;
import io.millrace.graph.Build;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.local.process.ArgumentLine;
import io.millrace.local.process.ChildException;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.ExecutorRules;
import io.millrace.workdir.Finding;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.PathSyntax;
import io.millrace.workdir.Resolution;
import io.millrace.workdir.Row;
import io.millrace.workdir.SearchPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The build commands of a dataflow's nodes, in the order of the file, each with the directory and the environment that it gets.
 *
 * <p>The directory is the one that the working-directory rules give the node on this machine. What is to be built is not there yet, so only what they say of the directory
 * counts. A node to which they give a fresh directory for each run, or none, is built beside its dataflow file. Where an executor's base directory counts, it has to be given.
 */
final class BuildPlan {
    private static final String THIS_MACHINE = "this machine";

    private static final Set<Row> WITHOUT_LASTING_DIRECTORY =
            Set.of(Row.CLASS_WITHOUT_CLASSPATH, Row.SHIPPED, Row.NOT_A_PATH);

    private final Graph graph;
    private final BuildEnvironment environment;
    private final Optional<Path> executorBase;
    private final List<BuildStep> steps = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private BuildPlan(Graph graph, BuildEnvironment environment, Optional<Path> executorBase) {
        this.graph = graph;
        this.environment = environment;
        this.executorBase = executorBase;
    }

    /**
     * Of these nodes. Asks the file system.
     *
     * @param executorBase the base directory of the executor that will run what is not local
     */
    static BuildPlan of(Graph graph, List<GraphNode> nodes, BuildEnvironment environment, Optional<Path> executorBase) {
        BuildPlan plan = new BuildPlan(graph, environment, executorBase);
        nodes.forEach(plan::add);
        return plan;
    }

    List<BuildStep> steps() {
        return steps;
    }

    /** What keeps it from being carried out. */
    List<Problem> problems() {
        return problems;
    }

    private void add(GraphNode node) {
        List<Build.Command> commands = node.operators().stream()
                .map(GraphOperator::build)
                .flatMap(Optional::stream)
                .flatMap(build -> build.commands().stream())
                .toList();
        if (commands.isEmpty()) {
            return;
        }
        Path directory = directory(node);
        Map<String, String> variables = environment.of(node);
        for (Build.Command command : commands) {
            try {
                if (!ArgumentLine.split(command.line()).isEmpty()) { // else it is a comment
                    steps.add(new BuildStep(node.id(), command, directory, variables));
                }
            } catch (ChildException e) {
                problems.add(Problem.error(
                        command.location(),
                        "node '" + node.id() + "': the build command cannot be split: " + e.getMessage()));
            }
        }
    }

    private Path directory(GraphNode written) {
        MachineVariables variables = new MachineVariables(THIS_MACHINE, System.getenv());
        GraphNode node = variables.expand(written, true);
        if (!variables.problems().isEmpty()) {
            problems.addAll(variables.problems());
            return graph.directory();
        }
        checkBase(node);
        Resolution resolution = ExecutorRules.resolve(NodeLocations.of(node), job(), executor());
        resolution.findings().stream()
                .filter(Finding::isError)
                .filter(finding -> finding.target().isEmpty())
                .forEach(finding -> problems.add(NodeLocations.problem(node, finding)));
        boolean lasts =
                node.deployment().workingDir().isPresent() || !WITHOUT_LASTING_DIRECTORY.contains(resolution.row());
        return Path.of(resolution.workingDirectory().filter(directory -> lasts).orElse(job().flowDir()));
    }

    /** Who builds would else build where no executor looks. */
    private void checkBase(GraphNode node) {
        boolean isLocal = node.deployment().local().orElse(true);
        Optional<String> workingDir = node.deployment().workingDir();
        PathSyntax syntax = MachineFiles.operatingSystem().pathSyntax();
        if (!isLocal
                && executorBase.isEmpty()
                && workingDir.filter(dir -> !syntax.isAbsolute(dir)).isPresent()) {
            problems.add(Problem.error(
                    node.location(),
                    "node '" + node.id() + "' is not local, and its working_dir '" + workingDir.get()
                            + "' is seen from its executor's base directory: say which that is with --working-dir, as"
                            + " for 'millrace executor', or write an absolute working_dir"));
        }
    }

    private JobFacts job() {
        return new JobFacts(graph.name(), graph.directory().toString(), true, (nodeId, written) -> Optional.empty());
    }

    private ExecutorFacts executor() {
        return new ExecutorFacts(
                THIS_MACHINE,
                MachineFiles.operatingSystem(),
                executorBase.orElse(graph.directory()).toAbsolutePath().toString(),
                Path.of(System.getProperty("user.home")).toAbsolutePath().toString(),
                new SearchPath(Optional.empty(), List.of()),
                false,
                true,
                MachineFiles.view());
    }
}
