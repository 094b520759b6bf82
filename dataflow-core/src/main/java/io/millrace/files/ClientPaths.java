package io.millrace.files;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.graph.ProblemCollector;
import io.millrace.workdir.ClientCheck;
import io.millrace.workdir.ClientFacts;
import io.millrace.workdir.ClientRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        ProblemCollector problems = new ProblemCollector();
        check(graph.nodes(), graph.directory(), situation, requireWorkingDir, lookAtFiles, problems);
        return problems.problems();
    }

    /**
     * Likewise, of some nodes.
     *
     * @param directory the flow dir
     * @param problems to which those found here are added; where it has all the errors that it keeps, no more files are looked for
     */
    public static void check(
            List<GraphNode> of,
            Path directory,
            ClientFacts.Situation situation,
            boolean requireWorkingDir,
            boolean lookAtFiles,
            ProblemCollector problems) {
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphNode node : of) {
            // Elsewhere there is more to be said than of files.
            if (situation != ClientFacts.Situation.OWN_JVM || NodeLocations.namesFiles(node)) {
                nodes.add(node);
            }
        }
        if (nodes.isEmpty()) {
            return;
        }
        ClientFacts facts =
                new ClientFacts(situation, MachineFiles.operatingSystem(), directory.toString(), requireWorkingDir);
        for (GraphNode node : nodes) {
            ClientCheck check = ClientRules.check(NodeLocations.of(node), facts);
            check.findings().forEach(finding -> problems.add(NodeLocations.problem(node, finding)));
            int room = ProblemCollector.LIMIT - problems.errorCount();
            if (lookAtFiles && room > 0) {
                check.missing(MachineFiles.view())
                        .limit(room)
                        .forEach(finding -> problems.add(NodeLocations.problem(node, finding)));
                noteEnd(node, problems);
            }
        }
    }

    private static void noteEnd(GraphNode node, ProblemCollector problems) {
        if (problems.errorCount() == ProblemCollector.LIMIT) {
            problems.note(
                    node.location(),
                    "with node '" + node.id() + "' there are " + ProblemCollector.LIMIT
                            + " errors: no further files are looked for");
        }
    }
}
