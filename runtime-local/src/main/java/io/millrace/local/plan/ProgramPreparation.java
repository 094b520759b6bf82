package io.millrace.local.plan;

import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import io.millrace.graph.Source.ProgramSource;
import io.millrace.graph.Source.PythonSource;
import io.millrace.local.process.ChildCommand;
import io.millrace.local.process.ChildEnvironment;
import io.millrace.local.process.ChildException;
import io.millrace.local.process.Interpreters;
import io.millrace.workdir.LocatedTarget;
import io.millrace.workdir.LocatedTarget.Readiness;
import io.millrace.workdir.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what is to be started for nodes that are programs, and what is wrong with it. Used by one thread; blocks. */
final class ProgramPreparation {
    /** What dora's own runtime is started with; the rest of the line is for who looks at a list of processes. */
    private static final String START_RUNTIME = "import dora; dora.start_runtime() # ";

    private final Interpreters interpreters = new Interpreters();
    private final List<Problem> problems;

    /** Adds what is wrong to {@code problems}. */
    ProgramPreparation(List<Problem> problems) {
        this.problems = problems;
    }

    /** Whether it is for here to find. */
    static boolean isProgram(Source source) {
        return source instanceof ProgramSource || source instanceof PythonSource;
    }

    /** @param target of the operator, or of the node itself */
    Optional<Program> find(GraphNode node, GraphOperator operator, LocatedTarget target, Path directory) {
        if (target.readiness() == Readiness.REFUSED) {
            return Optional.empty(); // which was said where it was looked for
        }
        if (target.readiness() == Readiness.AWAITED) {
            return Optional.of(Program.startedByHand());
        }
        noteWhatHasNoEffect(node, operator);
        Map<String, String> environment = ChildEnvironment.of(System.getenv(), node.env(), Map.of());
        try {
            return operator.source() instanceof PythonSource python
                    ? pythonOperator(node, operator, python, file(target), environment, directory)
                    : Optional.of(program((ProgramSource) operator.source(), target, environment, directory));
        } catch (ChildException e) {
            problems.add(Problem.error(operator.location(), "node '" + node.id() + "': " + e.getMessage()));
            return Optional.empty();
        }
    }

    private Program program(
            ProgramSource source, LocatedTarget target, Map<String, String> environment, Path directory) {
        if (target.target() instanceof Target.Shell) {
            return Program.node(ChildCommand.shell(source.args().orElse(""), environment, directory));
        }
        return Program.node(ChildCommand.program(file(target), source.args(), environment, directory, interpreters));
    }

    private static Path file(LocatedTarget target) {
        return Path.of(target.files().get(0).found().orElseThrow());
    }

    private Optional<Program> pythonOperator(
            GraphNode node,
            GraphOperator operator,
            PythonSource source,
            Path script,
            Map<String, String> environment,
            Path directory) {
        if (node.operators().size() > 1) {
            problems.add(Problem.error(
                    operator.location(),
                    "node '" + node.id() + "' has " + node.operators().size() + " operators, of which '" + operator.id()
                            + "' is in Python: dora's runtime runs one operator in a process; make a node of each"));
            return Optional.empty();
        }
        String code = START_RUNTIME + node.id();
        return Optional.of(Program.operator(
                ChildCommand.pythonCode(code, source.condaEnv(), environment, directory, interpreters), script));
    }

    private void noteWhatHasNoEffect(GraphNode node, GraphOperator operator) {
        if (operator.logs().maxSizeBytes().isPresent()
                || operator.logs().maxRotatedFiles().isPresent()) {
            problems.add(Problem.note(
                    operator.location(),
                    "node '" + node.id()
                            + "': max_log_size and max_rotated_files have no effect: what a program prints goes"
                            + " to the application's logging, which keeps its files as it is told"));
        }
    }
}
