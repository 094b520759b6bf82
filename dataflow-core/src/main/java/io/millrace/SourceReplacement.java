package io.millrace;

import io.millrace.graph.Execution;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource;
import io.millrace.graph.LogSettings;
import io.millrace.graph.Problem;
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

/** Makes another graph of a graph, in which one node, or what the application feeds, is a source that code supplies. Used by one thread. */
final class SourceReplacement {
    private static final int MAX_ID_LENGTH = 128;

    private final Graph graph;
    private final List<Problem> findings;

    SourceReplacement(Graph graph, List<Problem> findings) {
        this.graph = graph;
        this.findings = findings;
    }

    Dataflow replace(String id, Supplier<? extends Node> supplier) {
        Objects.requireNonNull(supplier, "supplier");
        return replace(source(graph.node(id), supplier));
    }

    Dataflow replace(GraphNode by) {
        GraphNode replaced = graph.node(by.id());
        List<GraphNode> nodes =
                graph.nodes().stream().map(node -> node == replaced ? by : node).toList();
        return assemble(nodes);
    }

    /** Has a source of its own, with the one output {@code out}, send what the application would publish. */
    Dataflow feed(String name, Supplier<? extends Node> supplier) {
        Objects.requireNonNull(supplier, "supplier");
        if (!graph.applicationInputs().contains(name)) {
            throw new IllegalArgumentException("dataflow '" + graph.name() + "' has no input that reads 'millrace/app/"
                    + name + "'; names read are " + graph.applicationInputs());
        }
        String id = freeId(name);
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (nodes.stream().noneMatch(made -> made.id().equals(id)) && reads(node, name)) {
                nodes.add(
                        source(id, node, List.of(new GraphOutput("out", Optional.empty(), node.location())), supplier));
            }
            nodes.add(fedBy(id, node, name));
        }
        return assemble(nodes);
    }

    private static boolean reads(GraphNode node, String name) {
        return node.inputs().stream()
                .anyMatch(input -> input.source() instanceof InputSource.Application application
                        && application.name().equals(name));
    }

    private String freeId(String name) {
        List<String> taken = graph.nodes().stream().map(GraphNode::id).toList();
        String id = "app-" + name;
        for (int number = 1; id.length() > MAX_ID_LENGTH || taken.contains(id); number++) {
            id = "app-" + number;
        }
        return id;
    }

    private static GraphNode fedBy(String id, GraphNode node, String name) {
        List<GraphOperator> operators = node.operators().stream()
                .map(code -> new GraphOperator(
                        code.id(),
                        code.name(),
                        code.description(),
                        code.source(),
                        code.inputs().stream()
                                .map(input -> fedBy(id, input, name))
                                .toList(),
                        code.outputs(),
                        code.build(),
                        code.logs(),
                        code.location()))
                .toList();
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                operators,
                node.env(),
                node.deployment(),
                node.supervision(),
                node.execution(),
                node.location());
    }

    private static GraphInput fedBy(String id, GraphInput input, String name) {
        if (!input.source().equals(new InputSource.Application(name))) {
            return input;
        }
        return new GraphInput(
                input.id(),
                new InputSource.OutputRef(id, "", "out"),
                input.policy(),
                input.queueSize(),
                input.queueWritten(),
                input.timeout(),
                input.type(),
                input.location());
    }

    private Dataflow assemble(List<GraphNode> nodes) {
        GraphAssembler.Assembly assembly = GraphAssembler.assemble(draft(nodes, findingsOfLoading()));
        return new Dataflow(assembly.orThrow(), assembly.problems());
    }

    /** Those that the assembler will not find again, or rightly finds no more. */
    private List<Problem> findingsOfLoading() {
        Set<Problem> ofAssembling = Set.copyOf(
                GraphAssembler.assemble(draft(graph.nodes(), List.of())).problems());
        return findings.stream()
                .filter(finding -> !ofAssembling.contains(finding))
                .toList();
    }

    private GraphDraft draft(List<GraphNode> nodes, List<Problem> problems) {
        return new GraphDraft(
                graph.name(), graph.file(), graph.directory(), graph.settings(), nodes, Set.of(), problems);
    }

    /** One piece of code, for only that may have its own loop: what were outputs of operators keep their names by having the operator's in them. */
    private static GraphNode source(GraphNode node, Supplier<? extends Node> supplier) {
        List<GraphOutput> outputs = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            for (GraphOutput output : operator.outputs()) {
                outputs.add(new GraphOutput(inOneNode(operator.id(), output.id()), output.type(), output.location()));
            }
        }
        return source(node.id(), node, outputs, supplier);
    }

    /** @param like where it is, and how it waits */
    private static GraphNode source(
            String id, GraphNode like, List<GraphOutput> outputs, Supplier<? extends Node> supplier) {
        GraphOperator code = new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.SuppliedSource(supplier, false, Map.of()),
                List.of(),
                outputs,
                Optional.empty(),
                LogSettings.NONE,
                like.location());
        return new GraphNode(
                id,
                id.equals(like.id()) ? like.name() : Optional.empty(),
                id.equals(like.id()) ? like.description() : Optional.empty(),
                List.of(code),
                like.env(),
                like.deployment(),
                Supervision.NONE,
                Execution.DEFAULT.withIdle(like.execution().idle()),
                like.location());
    }

    private static String inOneNode(String operator, String output) {
        return operator.isEmpty() ? output : operator + "/" + output;
    }
}
