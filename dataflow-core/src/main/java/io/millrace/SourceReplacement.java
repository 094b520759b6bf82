package io.millrace;

import io.millrace.graph.Execution;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.LogSettings;
import io.millrace.graph.Source;
import io.millrace.graph.Supervision;
import io.millrace.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Makes another graph of a graph, in which one node is a source that code supplies. Used by one thread. */
final class SourceReplacement {
    private final Graph graph;

    SourceReplacement(Graph graph) {
        this.graph = graph;
    }

    Dataflow replace(String id, Supplier<? extends Node> supplier) {
        Objects.requireNonNull(supplier, "supplier");
        GraphNode replaced = graph.node(id);
        List<GraphNode> nodes = graph.nodes().stream()
                .map(node -> node == replaced ? source(node, supplier) : node)
                .toList();
        GraphAssembler.Assembly assembly = GraphAssembler.assemble(new GraphDraft(
                graph.name(), graph.file(), graph.directory(), graph.settings(), nodes, Set.of(), List.of()));
        return new Dataflow(assembly.orThrow(), assembly.problems());
    }

    /** One piece of code, for only that may have its own loop: what were outputs of operators keep their names by having the operator's in them. */
    private static GraphNode source(GraphNode node, Supplier<? extends Node> supplier) {
        List<GraphOutput> outputs = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            for (GraphOutput output : operator.outputs()) {
                outputs.add(new GraphOutput(inOneNode(operator.id(), output.id()), output.type(), output.location()));
            }
        }
        GraphOperator code = new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.SuppliedSource(supplier, false, Map.of()),
                List.of(),
                outputs,
                Optional.empty(),
                LogSettings.NONE,
                node.location());
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                List.of(code),
                node.env(),
                node.deployment(),
                Supervision.NONE,
                Execution.DEFAULT.withIdle(node.execution().idle()),
                node.location());
    }

    private static String inOneNode(String operator, String output) {
        return operator.isEmpty() ? output : operator + "/" + output;
    }
}
