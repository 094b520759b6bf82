package io.millrace;

import io.millrace.files.MachineFiles;
import io.millrace.graph.Deployment;
import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import io.millrace.workdir.ClientFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Builds a dataflow in code: the same graph as one from a file, checked by the same rules. Not safe to share between threads. */
public final class DataflowBuilder {
    private final String name;
    private final List<GraphNode> nodes = new ArrayList<>();
    private Path directory = Path.of("");
    private final List<UnaryOperator<GraphSettings>> saidByThemselves = new ArrayList<>();
    private GraphSettings settings = GraphSettings.DEFAULT;

    DataflowBuilder(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** The directory that relative paths are meant against: the current one unless said. */
    public DataflowBuilder directory(Path flowDir) {
        directory = Objects.requireNonNull(flowDir, "directory");
        return this;
    }

    /** What the root's keys would say, but for what {@link #threads}, {@link #onFailure} and {@link #exitWhenNodesFinish} say, before or after. */
    public DataflowBuilder settings(GraphSettings values) {
        settings = Objects.requireNonNull(values, "settings");
        saidByThemselves.forEach(said -> settings = said.apply(settings));
        return this;
    }

    /**
     * Has so many threads run all reactive nodes, instead of a thread each.
     *
     * @throws IllegalArgumentException if it is not within 1 to {@value GraphSettings#MAX_THREADS}
     */
    public DataflowBuilder threads(int count) {
        return say(values -> values.withThreads(count));
    }

    /** What the failure of a node does to the others: they run on unless said. */
    public DataflowBuilder onFailure(GraphSettings.OnFailure effect) {
        Objects.requireNonNull(effect, "on failure");
        return say(values -> values.withOnFailure(effect));
    }

    /** Has nodes end when their other inputs have closed although a timer ticks on, which else keeps them running until they are stopped. */
    public DataflowBuilder exitWhenNodesFinish() {
        return say(GraphSettings::withExitWhenNodesFinish);
    }

    private DataflowBuilder say(UnaryOperator<GraphSettings> said) {
        settings = said.apply(settings);
        saidByThemselves.add(said);
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
        Path flowDir = Path.of(ClientFacts.flowDirWithoutFile(
                MachineFiles.operatingSystem(),
                Path.of("").toAbsolutePath().toString(),
                Optional.of(directory.toString())));
        GraphAssembler.Assembly assembly = GraphAssembler.assemble(
                new GraphDraft(name, Optional.empty(), flowDir, settings, nodes, Set.of(), problems()));
        return new Dataflow(assembly.orThrow(), assembly.problems());
    }

    private List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (nodes.isEmpty()) {
            problems.add(Problem.error(Location.NONE, "the dataflow has no nodes: expected at least one"));
        }
        return problems;
    }

    private DataflowBuilder add(String id, Supplier<?> supplier, boolean isReactive, Consumer<NodeBuilder> ports) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(supplier, "supplier");
        NodeBuilder node = new NodeBuilder();
        ports.accept(node);
        nodes.add(new GraphNode(
                id,
                Optional.empty(),
                Optional.empty(),
                List.of(node.operator(supplier, isReactive)),
                Map.of(),
                Deployment.NONE,
                node.supervision(),
                node.execution(),
                Location.NONE));
        return this;
    }
}
