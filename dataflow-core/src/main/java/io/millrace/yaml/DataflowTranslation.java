package io.millrace.yaml;

import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.GraphSettings.OnFailure;
import io.millrace.graph.Location;
import io.millrace.graph.ProblemCollector;
import io.millrace.graph.QueuePolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** From the descriptor of a dataflow to the draft of its graph. */
final class DataflowTranslation {
    private final Fields root;
    private final Reading reading;
    private final YamlDataflow.Origin origin;
    private final YamlOptions options;
    private final List<GraphNode> sound = new ArrayList<>();

    DataflowTranslation(Fields root, Reading reading, YamlDataflow.Origin origin, YamlOptions options) {
        this.root = root;
        this.reading = reading;
        this.origin = origin;
        this.options = options;
    }

    /** Empty if what was reported leaves nothing to check further. */
    Optional<GraphDraft> draft() {
        List<Located<Fields>> written = nodes();
        DeployTranslation deploy = new DeployTranslation(
                root.get(DataflowSchema.ROOT_DEPLOY, Fields.none(Location.of(origin.shownAs()))),
                options.forCluster(),
                reading);
        PortTranslation ports = new PortTranslation(
                root.get(DataflowSchema.QUEUE_SIZE, GraphInput.DEFAULT_QUEUE_SIZE),
                root.get(DataflowSchema.QUEUE_POLICY, QueuePolicy.DROP_OLDEST),
                reading);
        Map<String, Located<String>> env = root.get(DataflowSchema.ENV, Map.of());
        NodeTranslation.checkVariables(env, reading);
        Map<String, String> variables = Located.values(env);
        List<GraphNode> nodes = new ArrayList<>();
        Set<String> incomplete = new HashSet<>();
        for (Located<Fields> node : written) {
            int errors = reading.problems().errorCount();
            NodeTranslation translation = new NodeTranslation(node.value(), variables, deploy, ports, reading);
            Optional<GraphNode> read = translation.node();
            read.ifPresent(nodes::add);
            if (node.value().isSound() && errors == reading.problems().errorCount()) {
                read.filter(translation::isPlaced).ifPresent(sound::add);
            }
            translation.incompleteId().ifPresent(incomplete::add);
        }
        deploy.warnOfUnusedMachines();
        return isWorthChecking() ? Optional.of(draft(nodes, incomplete)) : Optional.empty();
    }

    /** The nodes of the draft about which all is known that is written: where their files are can be said, whatever is wrong with others. */
    List<GraphNode> sound() {
        // Where all nodes are by default, the root's deploy says.
        return root.isDamaged(DataflowSchema.ROOT_DEPLOY) ? List.of() : sound;
    }

    private List<Located<Fields>> nodes() {
        List<Located<Fields>> nodes = root.get(DataflowSchema.NODES, List.of());
        if (nodes.isEmpty() && !root.isDamaged(DataflowSchema.NODES)) {
            reading.error(
                    root.keyLocation(DataflowSchema.NODES),
                    root.isWritten(DataflowSchema.NODES)
                            ? "'nodes' is an empty list: expected at least one node"
                            : "the dataflow has no 'nodes': expected a list of at least one node");
        }
        return nodes;
    }

    /** A module is not a dataflow, and in a flood of problems the assembler's would not be seen. */
    private boolean isWorthChecking() {
        return root.refused().isEmpty() && reading.problems().errorCount() <= ProblemCollector.LIMIT;
    }

    private GraphDraft draft(List<GraphNode> nodes, Set<String> incomplete) {
        GraphSettings settings = new GraphSettings(
                root.get(DataflowSchema.ON_FAILURE, OnFailure.CONTINUE),
                root.get(DataflowSchema.EXIT_WHEN_NODES_FINISH, false),
                options.strictTypes() || root.get(DataflowSchema.STRICT_TYPES, false),
                root.get(DataflowSchema.HEALTH_CHECK_INTERVAL),
                root.get(DataflowSchema.THREADS).map(OptionalInt::of).orElse(OptionalInt.empty()));
        return new GraphDraft(
                root.get(DataflowSchema.DATAFLOW_NAME, origin.dataflowName()),
                origin.file(),
                origin.directory(),
                settings,
                nodes,
                incomplete,
                reading.problems().problems());
    }
}
