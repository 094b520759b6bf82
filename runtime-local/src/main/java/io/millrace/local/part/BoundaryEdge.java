package io.millrace.local.part;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An edge with one end in a part and the other elsewhere.
 *
 * <p>An input that reads {@code dora/logs} has one from every node elsewhere that it reads or waits for, named as if it read that node alone, such as
 * {@code dora/logs/info/camera -> viewer/logs}: so it keeps its name wherever the node runs.
 *
 * @param name such as {@code camera/frame -> detector/image}
 * @param producer the node that sends; empty for the application
 * @param consumer the node that receives
 * @param input where
 */
public record BoundaryEdge(String name, String producer, String consumer, GraphInput input) {

    /** Whether the application sends. */
    public boolean isFromApplication() {
        return producer.isEmpty();
    }

    /** Whether it carries what the producer logs. */
    public boolean isOfLogs() {
        return input.source() instanceof InputSource.Logs;
    }

    /** Those whose messages come from elsewhere, or from the application, to nodes that run here. Pure. */
    public static List<BoundaryEdge> inputs(Graph graph, Set<String> here) {
        return all(graph).stream()
                .filter(edge -> here.contains(edge.consumer) && !here.contains(edge.producer))
                .toList();
    }

    /** Those whose messages go from nodes that run here to such as run elsewhere. Pure. */
    public static List<BoundaryEdge> outputs(Graph graph, Set<String> here) {
        return all(graph).stream()
                .filter(edge -> here.contains(edge.producer) && !here.contains(edge.consumer))
                .toList();
    }

    /** Those that could be one, if every node ran by itself, in the order of the dataflow. */
    public static List<BoundaryEdge> all(Graph graph) {
        List<BoundaryEdge> all = new ArrayList<>();
        LogOrder order = new LogOrder(graph);
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                for (GraphInput input : operator.inputs()) {
                    String end = node.portName(operator, input.id());
                    if (input.source() instanceof InputSource.OutputRef from) {
                        all.add(new BoundaryEdge(from + " -> " + end, from.node(), node.id(), input));
                    } else if (input.source() instanceof InputSource.Application application) {
                        all.add(new BoundaryEdge(application + " -> " + end, "", node.id(), input));
                    } else if (input.source() instanceof InputSource.Logs logs) {
                        order.producers(end, node.id(), logs)
                                .forEach(producer -> all.add(
                                        new BoundaryEdge(nameOfLogs(logs, producer, end), producer, node.id(), input)));
                    }
                }
            }
        }
        return all;
    }

    static String nameOfLogs(InputSource.Logs wanted, String producer, String end) {
        return new InputSource.Logs(wanted.level(), producer) + " -> " + end;
    }
}
