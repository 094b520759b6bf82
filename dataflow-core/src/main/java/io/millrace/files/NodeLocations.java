package io.millrace.files;

import io.millrace.graph.Deployment;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import io.millrace.workdir.Finding;
import io.millrace.workdir.NodeLocation;
import io.millrace.workdir.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the graph to the terms of the working-directory rules, and back. Pure. */
public final class NodeLocations {
    private NodeLocations() {}

    /** As on the client, where it is open whose variables the node's paths name. */
    public static NodeLocation of(GraphNode node) {
        GraphNode seen = NodePaths.asOnClient(node);
        Deployment deployment = seen.deployment();
        List<Target> targets = new ArrayList<>();
        List<String> operators = new ArrayList<>();
        for (GraphOperator operator : seen.operators()) {
            target(operator.source()).ifPresent(target -> {
                targets.add(target);
                if (node.hasOperators()) {
                    operators.add(operator.id());
                }
            });
        }
        return new NodeLocation(
                node.id(),
                deployment.machine(),
                deployment.local(),
                deployment.workingDir(),
                deployment.distribution() == Deployment.Distribution.SHIP,
                targets,
                operators);
    }

    /**
     * Whether the file says anything of where the node's files are. If not, it is a class on the application's own class path, or was built in code, and the rules
     * find nothing wrong with it: so most nodes start without them.
     */
    public static boolean namesFiles(GraphNode node) {
        if (node.deployment().workingDir().isPresent()) {
            return true;
        }
        for (GraphOperator operator : node.operators()) {
            boolean isWithout = operator.source() instanceof Source.SuppliedSource
                    || operator.source() instanceof Source.ClassSource type
                            && type.classpath().isEmpty();
            if (!isWithout) {
                return true;
            }
        }
        return false;
    }

    /** Empty for what was built in code, which has no files. */
    private static Optional<Target> target(Source source) {
        if (source instanceof Source.ClassSource type) {
            return Optional.of(new Target.JavaClass(type.className(), type.classpath()));
        }
        if (source instanceof Source.ProgramSource program) {
            return Optional.of(Target.program(program.path()));
        }
        if (source instanceof Source.PythonSource script) {
            return Optional.of(Target.script(script.path()));
        }
        if (source instanceof Source.SharedLibrarySource library) {
            return Optional.of(Target.sharedLibrary(library.path()));
        }
        return Optional.empty();
    }

    /** A finding of the rules as a problem of the file, at the operator that it is about, or at the node. */
    public static Problem problem(GraphNode node, Finding finding) {
        Location location =
                finding.operator().map(id -> node.operator(id).location()).orElse(node.location());
        return switch (finding.severity()) {
            case ERROR -> Problem.error(location, finding.text());
            case WARNING -> Problem.warning(location, finding.text());
            case NOTE -> Problem.note(location, finding.text());
        };
    }
}
