package io.millrace.remote.wire;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InputSource;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A validated graph as it travels: what it was assembled from. Where it arrives it is assembled, and so validated, anew. */
public record GraphForm(String name, GraphSettings settings, List<GraphNode> nodes) {
    public GraphForm {
        nodes = List.copyOf(nodes);
    }

    /** @throws IllegalArgumentException if a node is supplied in code, which cannot travel */
    public static GraphForm of(Graph graph) {
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                if (operator.source() instanceof Source.SuppliedSource) {
                    throw new IllegalArgumentException(
                            "node '" + node.id()
                                    + "' is supplied in code, which stays in this JVM: name its class instead to run it on a cluster");
                }
            }
        }
        List<GraphNode> written = graph.nodes().stream().map(GraphForm::written).toList();
        return new GraphForm(graph.name(), graph.settings(), written);
    }

    /**
     * The graph again.
     *
     * @throws InvalidDataflowException if it is none
     */
    public Graph toGraph(Optional<Path> file, Path directory) {
        List<Problem> problems = nodes.isEmpty()
                ? List.of(Problem.error(Location.NONE, "the dataflow has no nodes: expected at least one"))
                : List.of();
        GraphDraft draft = new GraphDraft(name, file, directory, settings, nodes, Set.of(), problems);
        return GraphAssembler.assemble(draft).orThrow();
    }

    private static GraphNode written(GraphNode node) {
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                node.operators().stream().map(GraphForm::written).toList(),
                node.env(),
                node.deployment(),
                node.supervision(),
                node.execution(),
                node.location());
    }

    private static GraphOperator written(GraphOperator operator) {
        return new GraphOperator(
                operator.id(),
                operator.name(),
                operator.description(),
                operator.source(),
                operator.inputs().stream().map(GraphForm::written).toList(),
                operator.outputs(),
                operator.build(),
                operator.logs(),
                operator.location());
    }

    /** A draft has the rest of a reference in one piece: whether it begins with an operator is found out anew. */
    private static GraphInput written(GraphInput input) {
        return new GraphInput(
                input.id(),
                input.source() instanceof InputSource.OutputRef ref ? written(ref) : input.source(),
                input.policy(),
                input.queueSize(),
                input.queueWritten(),
                input.timeout(),
                input.type(),
                input.location());
    }

    private static InputSource written(InputSource.OutputRef ref) {
        return ref.operator().isEmpty()
                ? ref
                : new InputSource.OutputRef(ref.node(), "", ref.operator() + "/" + ref.output());
    }
}
