package io.millrace.yaml;

import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.GraphSettings.OnFailure;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
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
    private final boolean strictTypes;
    private final List<Passage> passages = new ArrayList<>();

    /** A node of the file, if something is known of it, and where it begins: it goes on to the next. */
    private record Passage(Location begin, Optional<GraphNode> node) {}

    DataflowTranslation(Fields root, Reading reading, YamlDataflow.Origin origin, boolean strictTypes) {
        this.root = root;
        this.reading = reading;
        this.origin = origin;
        this.strictTypes = strictTypes;
    }

    /** Empty if what was reported leaves nothing to check further. */
    Optional<GraphDraft> draft() {
        List<Located<Fields>> written = nodes();
        DeployTranslation deploy = new DeployTranslation(
                root.get(DataflowSchema.ROOT_DEPLOY, Fields.none(Location.of(origin.shownAs()))), reading);
        PortTranslation ports = new PortTranslation(
                root.get(DataflowSchema.QUEUE_SIZE, GraphInput.DEFAULT_QUEUE_SIZE),
                root.get(DataflowSchema.QUEUE_POLICY, QueuePolicy.DROP_OLDEST),
                reading);
        Map<String, Located<String>> env = root.get(DataflowSchema.ENV, Map.of());
        NodeTranslation.checkVariables(env, reading);
        List<GraphNode> nodes = new ArrayList<>();
        Set<String> incomplete = new HashSet<>();
        for (Located<Fields> node : written) {
            NodeTranslation translation = new NodeTranslation(node.value(), env, deploy, ports, reading);
            Optional<GraphNode> read = translation.node();
            read.ifPresent(nodes::add);
            passages.add(new Passage(node.value().location(), read));
            translation.incompleteId().ifPresent(incomplete::add);
        }
        deploy.warnOfUnusedMachines();
        return isWorthChecking() ? Optional.of(draft(nodes, incomplete)) : Optional.empty();
    }

    /** The nodes of the draft about which all is known that is written: where their files are can be said, whatever is wrong with others. */
    List<GraphNode> sound() {
        if (root.isDamaged(DataflowSchema.ROOT_DEPLOY) || root.isDamaged(DataflowSchema.ENV)) {
            return List.of(); // these are about all nodes
        }
        List<Location> errors = reading.problems().problems().stream()
                .filter(Problem::isError)
                .map(Problem::location)
                .toList();
        List<GraphNode> sound = new ArrayList<>();
        for (int i = 0; i < passages.size(); i++) {
            Location begin = passages.get(i).begin();
            Optional<Location> end =
                    i + 1 < passages.size() ? Optional.of(passages.get(i + 1).begin()) : Optional.empty();
            boolean isSound = errors.stream()
                    .noneMatch(error -> error.compareTo(begin) >= 0
                            && end.map(next -> error.compareTo(next) < 0).orElse(true));
            passages.get(i).node().filter(node -> isSound).ifPresent(sound::add);
        }
        return sound;
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
                strictTypes || root.get(DataflowSchema.STRICT_TYPES, false),
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
