package io.millrace.files;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.workdir.ClientCheck;
import io.millrace.workdir.ClientFacts;
import io.millrace.workdir.ClientRules;
import io.millrace.workdir.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The client's half of the working-directory rules, for a whole graph. */
public final class ClientPaths {
    private ClientPaths() {}

    /**
     * What the client finds about the nodes' paths.
     *
     * @param lookAtFiles whether what must exist is looked for, which blocks on the file system
     */
    public static List<Problem> check(
            Graph graph, ClientFacts.Situation situation, boolean requireWorkingDir, boolean lookAtFiles) {
        return check(graph.nodes(), graph.directory(), situation, requireWorkingDir, lookAtFiles);
    }

    /**
     * Likewise, of some nodes.
     *
     * @param directory the flow dir
     */
    public static List<Problem> check(
            List<GraphNode> of,
            Path directory,
            ClientFacts.Situation situation,
            boolean requireWorkingDir,
            boolean lookAtFiles) {
        List<Problem> problems = new ArrayList<>();
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphNode node : of) {
            // Elsewhere there is more to be said than of files.
            if (situation != ClientFacts.Situation.OWN_JVM || NodeLocations.namesFiles(node)) {
                nodes.add(node);
            }
        }
        if (nodes.isEmpty()) {
            return problems;
        }
        ClientFacts facts =
                new ClientFacts(situation, MachineFiles.operatingSystem(), directory.toString(), requireWorkingDir);
        for (GraphNode node : nodes) {
            Consumer<Finding> toProblems = finding -> problems.add(NodeLocations.problem(node, finding));
            ClientCheck check = ClientRules.check(NodeLocations.of(node), facts);
            check.findings().forEach(toProblems);
            if (lookAtFiles) {
                check.missing(MachineFiles.view()).forEach(toProblems);
            }
        }
        return problems;
    }
}
