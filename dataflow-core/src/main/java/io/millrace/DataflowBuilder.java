package io.millrace;

import io.millrace.graph.Deployment;
import io.millrace.graph.Execution;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Location;
import io.millrace.graph.Supervision;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Builds a dataflow in code: the same graph as one from a file, checked by the same rules. Not safe to share between threads. */
public final class DataflowBuilder {
    private final String name;
    private final List<GraphNode> nodes = new ArrayList<>();
    private Path directory = Path.of("");
    private GraphSettings settings = GraphSettings.DEFAULT;

    DataflowBuilder(String name) {
        this.name = name;
    }

    /** The directory that relative paths are meant against: the current one unless said. */
    public DataflowBuilder directory(Path flowDir) {
        directory = flowDir;
        return this;
    }

    /** What the root's keys would say. */
    public DataflowBuilder settings(GraphSettings values) {
        settings = values;
        return this;
    }

    /** Adds a node with its own loop. Each incarnation is a new instance from the supplier. */
    public DataflowBuilder node(String id, Supplier<? extends Node> supplier, Consumer<NodeBuilder> ports) {
        return add(id, supplier, false, ports);
    }

    /** Adds a node of one reactive operator. Each incarnation is a new instance from the supplier. */
    public DataflowBuilder operator(String id, Supplier<? extends Operator> supplier, Consumer<NodeBuilder> ports) {
        return add(id, supplier, true, ports);
    }

    /** @throws InvalidDataflowException with every problem there is */
    public Dataflow build() {
        GraphAssembler.Assembly assembly = GraphAssembler.assemble(
                GraphDraft.of(name, directory.toAbsolutePath().normalize(), settings, nodes));
        Graph graph = assembly.graph().orElseThrow(() -> new InvalidDataflowException(assembly.problems()));
        return new Dataflow(graph, assembly.problems());
    }

    private DataflowBuilder add(String id, Supplier<?> supplier, boolean isReactive, Consumer<NodeBuilder> ports) {
        NodeBuilder node = new NodeBuilder();
        ports.accept(node);
        nodes.add(new GraphNode(
                id,
                Optional.empty(),
                Optional.empty(),
                List.of(node.operator(supplier, isReactive)),
                Map.of(),
                Deployment.NONE,
                Supervision.NONE,
                Execution.DEFAULT.withIdle(node.idle()),
                Location.NONE));
        return this;
    }
}
