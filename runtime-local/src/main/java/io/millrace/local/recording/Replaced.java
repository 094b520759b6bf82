package io.millrace.local.recording;

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

/** Which nodes of a dataflow give way to a recording, and which of its messages are theirs. */
final class Replaced {
    private static final String APPLICATION = "millrace/app/";

    private Replaced() {}

    /**
     * The recorded outputs of each node that gives way, and what the application would publish.
     *
     * @throws IllegalArgumentException if that cannot be done: a node does not exist, or has no output that was recorded
     */
    static Map<String, Set<String>> of(Recording recording, Graph graph, ReplayOptions options) {
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

    static List<String> outputs(GraphNode node) {
        List<String> outputs = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            operator.outputs().forEach(output -> outputs.add(node.portName(operator, output.id())));
        }
        return outputs;
    }

    /**
     * What is read of the recording: only what somebody is there to send.
     *
     * @throws IllegalArgumentException if an output is selected that was not recorded, or none of those that are is sent by a node that gives way
     */
    static Selection selection(Recording recording, Map<String, Set<String>> replaced, ReplayOptions options) {
        Selection selection = options.selection();
        recording.check(selection);
        Set<String> sent = new TreeSet<>();
        replaced.values().forEach(sent::addAll);
        if (selection.outputs().isEmpty()) {
            return selection.withOutputs(sent);
        }
        Set<String> wanted = new TreeSet<>(selection.outputs());
        wanted.retainAll(sent);
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("of the outputs " + new TreeSet<>(selection.outputs())
                    + " none is sent by a node that is replaced, which are " + replaced.keySet()
                    + ": name the nodes that send them as replaced");
        }
        return selection.withOutputs(wanted);
    }

    /** The NAME of {@code millrace/app/NAME}. */
    static Optional<String> fedName(String owner) {
        return owner.startsWith(APPLICATION) ? Optional.of(owner.substring(APPLICATION.length())) : Optional.empty();
    }
}
