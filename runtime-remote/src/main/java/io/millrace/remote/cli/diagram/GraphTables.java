package io.millrace.remote.cli.diagram;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import java.util.List;

/** The facts of a picture as tables, for those who search, copy, or cannot see it. */
final class GraphTables {
    private GraphTables() {}

    static void write(Svg page, Graph graph) {
        nodeTable(page, graph);
        edgeTable(page, graph);
    }

    private static void nodeTable(Svg page, Graph graph) {
        table(page, List.of("Node", "Source", "Machine", "Inputs that are no edges", "Description"));
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                String name = operator.id().isEmpty() ? node.id() : node.id() + "/" + operator.id();
                String description =
                        operator.description().or(node::description).orElse("");
                row(
                        page,
                        List.of(
                                name,
                                operator.source().toString(),
                                node.deployment().machine().orElse(""),
                                feeds(operator),
                                description));
            }
        }
        page.close("tbody").close("table");
    }

    private static String feeds(GraphOperator operator) {
        return operator.inputs().stream()
                .filter(input -> !(input.source() instanceof InputSource.OutputRef))
                .map(input -> input.id() + ": " + input.source())
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }

    private static void edgeTable(Svg page, Graph graph) {
        table(page, List.of("Edge", "queue_size", "queue_policy", "input_timeout", "Type"));
        for (Edge edge : graph.edges()) {
            GraphInput input = edge.input();
            row(
                    page,
                    List.of(
                            edge.name(),
                            Integer.toString(input.queueSize()),
                            input.policy().key(),
                            input.timeout().map(Labels::duration).orElse(""),
                            input.type().orElse("")));
        }
        page.close("tbody").close("table");
    }

    private static void table(Svg page, List<String> headings) {
        page.open("table").open("thead").open("tr");
        headings.forEach(heading -> page.text(heading, "th", "scope", "col"));
        page.close("tr").close("thead").open("tbody");
    }

    private static void row(Svg page, List<String> values) {
        page.open("tr");
        values.forEach(value -> page.text(value, "td"));
        page.close("tr");
    }
}
