package io.millrace.local.part;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which nodes each input that reads logs waits for, and hears of: the same in whichever part the input is. Immutable. */
public final class LogOrder {
    private final Graph graph;
    private final Map<String, Set<String>> awaited = new HashMap<>(); // by the input's name

    public LogOrder(Graph graph) {
        this.graph = graph;
        LogEndings endings = new LogEndings(graph);
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                for (GraphInput input : operator.inputs()) {
                    if (input.source() instanceof InputSource.Logs logs) {
                        awaited.put(node.portName(operator, input.id()), endings.awaitedBy(node.id(), logs.node()));
                    }
                }
            }
        }
    }

    /** Those that have to end before the input closes. */
    public Set<String> awaitedBy(String input) {
        return Objects.requireNonNull(awaited.get(input), input);
    }

    /** Whether the input gets this node's records: no node hears of itself. */
    public static boolean hears(String reader, InputSource.Logs wanted, String producer) {
        return !producer.equals(reader)
                && (wanted.node().isEmpty() || wanted.node().equals(producer));
    }

    /** Those whose records it gets, or whose end it waits for. */
    Set<String> producers(String input, String reader, InputSource.Logs wanted) {
        Set<String> producers = new LinkedHashSet<>();
        for (GraphNode node : graph.nodes()) {
            if (hears(reader, wanted, node.id()) || awaitedBy(input).contains(node.id())) {
                producers.add(node.id());
            }
        }
        producers.remove(reader);
        return producers;
    }
}
