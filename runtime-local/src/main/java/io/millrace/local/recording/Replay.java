package io.millrace.local.recording;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A recording that takes the place of nodes of a dataflow, which is then started once like any other.
 *
 * <pre>{@code
 * try (Replay replay = Replay.of(Recording.open(directory), dataflow, ReplayOptions.DEFAULT);
 *         RunningDataflow running = replay.dataflow().start()) {
 *     running.await();
 * }
 * }</pre>
 *
 * <p>The messages are sent in the order in which they were recorded, also across nodes, with the payload, the format and the parameters that they had. Sequences,
 * incarnations and timestamps are those of this run. Recorded messages of other outputs are passed over. Any thread.
 */
public final class Replay implements AutoCloseable {
    private static final String APPLICATION = "millrace/app/";

    private final Dataflow dataflow;
    private final ReplaySchedule schedule;
    private final List<String> nodes;

    private Replay(Dataflow dataflow, ReplaySchedule schedule, List<String> nodes) {
        this.dataflow = dataflow;
        this.schedule = schedule;
        this.nodes = nodes;
    }

    /**
     * Puts the recording in place of the nodes that the options name.
     *
     * @throws IllegalArgumentException if that cannot be done: a node does not exist, or has no output that was recorded
     */
    public static Replay of(Recording recording, Dataflow into, ReplayOptions options) {
        Map<String, Set<String>> outputs = replaced(recording, into.graph(), options);
        Set<String> wanted = new TreeSet<>();
        outputs.values().forEach(wanted::addAll);
        if (!options.selection().outputs().isEmpty()) {
            wanted.retainAll(options.selection().outputs());
        }
        List<String> owners = List.copyOf(outputs.keySet());
        Map<String, Integer> ownerOfOutput = new LinkedHashMap<>();
        outputs.forEach((node, names) -> names.forEach(name -> ownerOfOutput.put(name, owners.indexOf(node))));
        RecordingReader reader = recording.read(options.selection().withOutputs(wanted));
        ReplaySchedule schedule = new ReplaySchedule(reader, ownerOfOutput, owners.size(), options.speed());
        Dataflow replayed = into;
        for (int owner = 0; owner < owners.size(); owner++) {
            replayed = replayed(replayed, owners.get(owner), schedule, owner);
        }
        return new Replay(replayed, schedule, owners);
    }

    private static Dataflow replayed(Dataflow dataflow, String owner, ReplaySchedule schedule, int number) {
        return fedName(owner)
                .map(name -> dataflow.withFeed(name, () -> new ReplaySource(schedule, number, Optional.of(owner))))
                .orElseGet(
                        () -> dataflow.withSource(owner, () -> new ReplaySource(schedule, number, Optional.empty())));
    }

    /** The NAME of {@code millrace/app/NAME}. */
    private static Optional<String> fedName(String owner) {
        return owner.startsWith(APPLICATION) ? Optional.of(owner.substring(APPLICATION.length())) : Optional.empty();
    }

    /** The recorded outputs of each node that gives way, and what the application would publish. */
    private static Map<String, Set<String>> replaced(Recording recording, Graph graph, ReplayOptions options) {
        Map<String, Set<String>> replaced = new LinkedHashMap<>();
        for (String fed : chosenFeeds(recording, graph, options.nodes())) {
            replaced.put(fed, Set.of(fed));
        }
        for (GraphNode node : chosen(graph, options.nodes())) {
            Set<String> outputs = new TreeSet<>(outputs(node));
            Set<String> recorded = new TreeSet<>(outputs);
            recorded.retainAll(new HashSet<>(recording.outputs()));
            if (recorded.isEmpty()) {
                throw new IllegalArgumentException("nothing of node '" + node.id() + "' of dataflow '" + graph.name()
                        + "' was recorded: it has the outputs " + outputs + ", the recording has " + recording.outputs()
                        + "; name the nodes whose place it is to take, and the others run as they are");
            }
            replaced.put(node.id(), recorded);
        }
        if (replaced.isEmpty()) {
            throw new IllegalArgumentException(
                    "dataflow '" + graph.name()
                            + "' has no node without data inputs, and no input that the application feeds was recorded: name the nodes whose place the recording is to take");
        }
        return replaced;
    }

    private static List<String> chosenFeeds(Recording recording, Graph graph, Set<String> names) {
        List<String> read =
                graph.applicationInputs().stream().map(APPLICATION::concat).toList();
        if (names.isEmpty()) {
            return read.stream().filter(recording.outputs()::contains).toList();
        }
        List<String> chosen = names.stream()
                .filter(name -> fedName(name).isPresent())
                .sorted()
                .toList();
        for (String fed : chosen) {
            if (!read.contains(fed) || !recording.outputs().contains(fed)) {
                throw new IllegalArgumentException("'" + fed + "' cannot be replayed: dataflow '" + graph.name()
                        + "' reads " + read + ", the recording has " + recording.outputs());
            }
        }
        return chosen;
    }

    private static List<GraphNode> chosen(Graph graph, Set<String> names) {
        if (names.isEmpty()) {
            return graph.nodes().stream()
                    .filter(node -> node.inputs().stream().noneMatch(GraphInput::isDataInput))
                    .filter(node -> !outputs(node).isEmpty())
                    .toList();
        }
        return names.stream()
                .filter(name -> fedName(name).isEmpty())
                .sorted()
                .map(graph::node)
                .toList();
    }

    private static List<String> outputs(GraphNode node) {
        List<String> outputs = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            operator.outputs().forEach(output -> outputs.add(node.portName(operator, output.id())));
        }
        return outputs;
    }

    /** To be started once: a second time its sources fail. */
    public Dataflow dataflow() {
        return dataflow;
    }

    /** The nodes whose place the recording takes; {@code millrace/app/NAME} for that of the application. */
    public List<String> nodes() {
        return nodes;
    }

    /** Messages sent so far. */
    public long sent() {
        return schedule.sent();
    }

    /** Of what was sent so far, how many messages the recorder had missed in between. */
    public long missing() {
        return schedule.missing();
    }

    /** Gives the recording's files back: when the dataflow has ended. Idempotent. */
    @Override
    public void close() {
        schedule.close();
    }

    @Override
    public String toString() {
        return "replay in place of " + nodes + " of " + dataflow;
    }
}
