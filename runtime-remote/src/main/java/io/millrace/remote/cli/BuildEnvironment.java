package io.millrace.remote.cli;

import io.millrace.graph.GraphNode;
import io.millrace.local.process.ChildEnvironment;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The variables of build commands: those of this process, with two additions so that Java nodes can be compiled without further ado, and the node's own.
 *
 * <ul>
 *   <li>{@code CLASSPATH}, which {@code javac} reads, also has this command line's own jar, where the types of node authors are;
 *   <li>{@code PATH} ends with the programs of the Java that runs this.
 * </ul>
 */
final class BuildEnvironment {
    private final Map<String, String> inherited;

    private BuildEnvironment(Map<String, String> inherited) {
        this.inherited = inherited;
    }

    static BuildEnvironment ofProcess() {
        Map<String, String> variables = new HashMap<>(System.getenv());
        append(variables, "CLASSPATH", ownClassPath());
        append(
                variables,
                "PATH",
                Path.of(System.getProperty("java.home"), "bin").toString());
        return new BuildEnvironment(variables);
    }

    private static void append(Map<String, String> variables, String name, String entry) {
        variables.merge(name, entry, (before, last) -> before.isEmpty() ? last : before + File.pathSeparator + last);
    }

    /** Absolute, for the commands run elsewhere. */
    private static String ownClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    Map<String, String> of(GraphNode node) {
        return ChildEnvironment.of(inherited, node.env(), Map.of());
    }
}
