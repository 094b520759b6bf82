package io.millrace.graph;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A validated dataflow: every input names an existing output, ids are unique, and no cycle can deadlock.
 *
 * <p>Immutable, safe to share between threads. Made by {@link GraphAssembler}.
 */
public final class Graph {
    private final String name;
    private final Optional<Path> file;
    private final Path directory;
    private final GraphSettings settings;
    private final Map<String, GraphNode> nodes;
    private final List<Edge> edges;
    private final OutputIndex outputs;

    Graph(
            String name,
            Optional<Path> file,
            Path directory,
            GraphSettings settings,
            List<GraphNode> nodes,
            List<Edge> edges) {
        this.name = name;
        this.file = file;
        this.directory = directory;
        this.settings = settings;
        this.nodes = new LinkedHashMap<>();
        for (GraphNode node : nodes) {
            this.nodes.put(node.id(), node);
        }
        this.edges = List.copyOf(edges);
        this.outputs = new OutputIndex(nodes);
    }

    public String name() {
        return name;
    }

    /** The file it was read from; empty where it was built in code or parsed from a string. */
    public Optional<Path> file() {
        return file;
    }

    /** The flow dir: the file's directory, absolute; the current directory where there is no file and none was given. */
    public Path directory() {
        return directory;
    }

    public GraphSettings settings() {
        return settings;
    }

    /** In the order written. */
    public List<GraphNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /**
     * The node of this id.
     *
     * @throws IllegalArgumentException if there is no such node
     */
    public GraphNode node(String id) {
        GraphNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("dataflow '" + name + "' has no node '" + id + "'");
        }
        return node;
    }

    /** In the order of the consuming inputs. Timers, logs and application inputs are not edges. */
    public List<Edge> edges() {
        return edges;
    }

    /** The names under which the embedding application feeds inputs, in order, each once. */
    public List<String> applicationInputs() {
        return nodes.values().stream()
                .flatMap(node -> node.inputs().stream())
                .map(GraphInput::source)
                .filter(InputSource.Application.class::isInstance)
                .map(source -> ((InputSource.Application) source).name())
                .distinct()
                .toList();
    }

    /** The output so named, as {@code node/output} or {@code node/operator/output}; empty if there is none */
    public Optional<InputSource.OutputRef> findOutput(String name) {
        return outputs.find(name);
    }

    @Override
    public String toString() {
        return "dataflow '" + name + "' with " + nodes.size() + " nodes and " + edges.size() + " edges";
    }
}
