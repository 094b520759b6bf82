package io.millrace.files;

import io.millrace.graph.ClientExpansion;
import io.millrace.graph.Deployment;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Source;
import java.util.List;
import java.util.function.BinaryOperator;

/** The paths of a node that may name variables: its working directory, and where its code is. Pure. */
public final class NodePaths {
    private NodePaths() {}

    /**
     * The node with other texts for its paths, of which nothing is left open. Of a node that is shipped only the working directory is replaced: its files are the client's, which
     * has expanded their paths.
     *
     * @param replacement from the key, as messages name it, and the text to the text in its place
     */
    public static GraphNode replace(GraphNode node, BinaryOperator<String> replacement) {
        Deployment deployment = node.deployment();
        boolean isShipped = deployment.distribution() == Deployment.Distribution.SHIP;
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                isShipped
                        ? node.operators()
                        : node.operators().stream()
                                .map(operator -> replace(operator, replacement))
                                .toList(),
                node.env(),
                new Deployment(
                        deployment.machine(),
                        deployment.local(),
                        deployment.workingDir().map(text -> replacement.apply("working_dir", text)),
                        deployment.labels(),
                        deployment.distribution()),
                node.supervision(),
                node.execution(),
                node.location());
    }

    /** The node as it is where it is local to its client: with what the client's variables stand for. What these lack stays as it is written. */
    public static GraphNode asOnClient(GraphNode node) {
        ClientExpansion client = node.deployment().clientExpansion();
        return client.isEmpty()
                ? node
                : replace(node, (key, text) -> client.texts().getOrDefault(text, text));
    }

    private static GraphOperator replace(GraphOperator operator, BinaryOperator<String> replacement) {
        return new GraphOperator(
                operator.id(),
                operator.name(),
                operator.description(),
                replace(operator.source(), replacement),
                operator.inputs(),
                operator.outputs(),
                operator.build(),
                operator.logs(),
                operator.location());
    }

    private static Source replace(Source source, BinaryOperator<String> replacement) {
        if (source instanceof Source.ClassSource type) {
            List<String> entries = type.classpath().stream()
                    .map(entry -> replacement.apply("classpath", entry))
                    .toList();
            return new Source.ClassSource(type.className(), entries, type.config());
        }
        if (source instanceof Source.ProgramSource program) {
            return new Source.ProgramSource(replacement.apply("path", program.path()), program.args());
        }
        if (source instanceof Source.PythonSource script) {
            return new Source.PythonSource(replacement.apply("python", script.path()), script.condaEnv());
        }
        if (source instanceof Source.SharedLibrarySource library) {
            return new Source.SharedLibrarySource(replacement.apply("shared-library", library.path()));
        }
        return source;
    }
}
