package io.millrace.remote.executor;

import io.millrace.graph.Deployment;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import io.millrace.workdir.PathSyntax;
import io.millrace.workdir.Variables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables in {@code path}, {@code working_dir} and {@code classpath} of a node that is written as not local: its client leaves them to its executor, whose environment
 * they are of. The files of a node that is shipped are the client's, which has expanded their paths already.
 */
final class MachineVariables {
    /** Of a path, with what separates it from the next. */
    private static final Pattern FIRST_NAME = Pattern.compile("[^/\\\\]*[/\\\\]");

    private final String machineId;
    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> faulty = new HashSet<>(); // as written
    private final Set<String> relative =
            new HashSet<>(); // of those, paths that are relative whatever the rest of them stands for

    MachineVariables(String machineId, Map<String, String> environment) {
        this.machineId = machineId;
        this.environment = environment;
    }

    /**
     * Whether what was found of a node is only a consequence of what is wrong here: it names a text whose variables stand for nothing, which so was taken as it is written. That a path is relative, where
     * none may be, is none if its beginning says so.
     */
    boolean isConsequence(Problem found) {
        return faulty.stream().anyMatch(found.message()::contains)
                && relative.stream().noneMatch(path -> found.message().contains("has the relative path '" + path));
    }

    /** What was wrong with the nodes so far. */
    List<Problem> problems() {
        return problems;
    }

    /** The node with what its variables stand for here. */
    GraphNode expand(GraphNode node) {
        Deployment deployment = node.deployment();
        if (deployment.local().orElse(true)) {
            return node;
        }
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                deployment.distribution() == Deployment.Distribution.SHIP
                        ? node.operators()
                        : node.operators().stream()
                                .map(operator -> expand(node, operator))
                                .toList(),
                node.env(),
                new Deployment(
                        deployment.machine(),
                        deployment.local(),
                        deployment.workingDir().map(written -> expand(node, "working_dir", written)),
                        deployment.labels(),
                        deployment.distribution()),
                node.supervision(),
                node.execution(),
                node.location());
    }

    private GraphOperator expand(GraphNode node, GraphOperator operator) {
        return new GraphOperator(
                operator.id(),
                operator.name(),
                operator.description(),
                expand(node, operator.source()),
                operator.inputs(),
                operator.outputs(),
                operator.build(),
                operator.logs(),
                operator.location());
    }

    private Source expand(GraphNode node, Source source) {
        if (source instanceof Source.ClassSource type) {
            List<String> entries = type.classpath().stream()
                    .map(entry -> expand(node, "classpath", entry))
                    .toList();
            return new Source.ClassSource(type.className(), entries, type.config());
        }
        if (source instanceof Source.ProgramSource program) {
            return new Source.ProgramSource(expand(node, "path", program.path()), program.args());
        }
        if (source instanceof Source.PythonSource script) {
            return new Source.PythonSource(expand(node, "python", script.path()), script.condaEnv());
        }
        if (source instanceof Source.SharedLibrarySource library) {
            return new Source.SharedLibrarySource(expand(node, "shared-library", library.path()));
        }
        return source;
    }

    private String expand(GraphNode node, String key, String written) {
        Variables variables = Variables.expand(written, environment);
        Optional<String> expanded = variables.expanded();
        if (expanded.isEmpty()) {
            faulty.add(written);
            if (isRelativeAnyway(written)) {
                relative.add(written);
            }
        }
        variables
                .faults()
                .forEach(fault -> problems.add(Problem.error(
                        node.location(),
                        "node '" + node.id() + "', " + key + ", on machine '" + machineId + "': " + fault)));
        return expanded.orElse(written);
    }

    private boolean isRelativeAnyway(String path) {
        Matcher first = FIRST_NAME.matcher(path);
        return first.lookingAt()
                && Variables.expand(first.group(), environment)
                        .expanded()
                        .filter(begin -> !PathSyntax.isAbsoluteSomewhere(begin))
                        .isPresent();
    }
}
