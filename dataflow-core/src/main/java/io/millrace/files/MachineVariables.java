package io.millrace.files;

import io.millrace.graph.ClientExpansion;
import io.millrace.graph.Deployment;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
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
 * Variables in {@code path}, {@code working_dir} and {@code classpath} of a node that is not local: its client leaves them to its executor, whose environment they are of. Where
 * the client could not know whether it is, it has said what it would make of them. The files of a node that is shipped are the client's, which has expanded their paths already.
 * Used by one thread.
 */
public final class MachineVariables {
    /** Of a path, with what separates it from the next. */
    private static final Pattern FIRST_NAME = Pattern.compile("[^/\\\\]*[/\\\\]");

    private final String machineId;
    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> faulty = new HashSet<>(); // as written
    private final Set<String> relative =
            new HashSet<>(); // of those, paths that are relative whatever the rest of them stands for

    /** @param machineId how messages name the machine */
    public MachineVariables(String machineId, Map<String, String> environment) {
        this.machineId = machineId;
        this.environment = environment;
    }

    /**
     * Whether what was found of a node is only a consequence of what is wrong here: it names a text whose variables stand for nothing, which so was taken as it is written. That a path is relative, where
     * none may be, is none if its beginning says so.
     */
    public boolean isConsequence(Problem found) {
        return faulty.stream().anyMatch(found.message()::contains)
                && relative.stream().noneMatch(path -> found.message().contains("has the relative path '" + path));
    }

    /** What was wrong with the nodes so far. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * The node with what the variables in its paths stand for.
     *
     * @param isLocal whether this machine has the client's files, for a node that does not say so itself
     */
    public GraphNode expand(GraphNode node, boolean isLocal) {
        Deployment deployment = node.deployment();
        ClientExpansion client = deployment.clientExpansion();
        if (deployment.local().orElse(client.isEmpty())) {
            return node; // as its client has expanded it
        }
        if (deployment.local().isEmpty() && isLocal) {
            client.problems().stream()
                    .filter(fault -> !problems.contains(fault))
                    .forEach(problems::add);
            return NodePaths.replace(node, (key, written) -> ofClient(client, written));
        }
        return NodePaths.replace(node, (key, written) -> expand(node, key, written));
    }

    private String ofClient(ClientExpansion client, String written) {
        String expanded = client.texts().get(written);
        if (expanded != null || written.indexOf('$') < 0) {
            return expanded == null ? written : expanded;
        }
        faulty.add(written);
        return written;
    }

    private String expand(GraphNode node, String key, String written) {
        Variables variables = Variables.expandPath(written, environment);
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
