package io.millrace.local.wiring;

import io.millrace.graph.Graph;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Where messages of a dataflow come from: the outputs of its nodes, and the application's publishers. Filled before the start; then any thread. */
public final class Outputs {
    private final Graph graph;
    private final StartOptions options;
    private final Consumer<String> onFirstGivenUp;
    private final Map<String, OutputEnd> ends = new LinkedHashMap<>();
    private final Map<String, AppPublisher> publishers = new LinkedHashMap<>();

    /** @param onFirstGivenUp told of an output when its first message is given up for want of memory */
    Outputs(Graph graph, StartOptions options, Consumer<String> onFirstGivenUp) {
        this.graph = graph;
        this.options = options;
        this.onFirstGivenUp = onFirstGivenUp;
    }

    void add(String name, OutputEnd end) {
        ends.put(name, end);
    }

    /** The publisher for {@code millrace/app/NAME}, made for its first reader. */
    AppPublisher addPublisher(String name) {
        return publishers.computeIfAbsent(
                name,
                absent -> new AppPublisher(
                        name, options.clock(), () -> onFirstGivenUp.accept("millrace/app/" + name), options.debug()));
    }

    /** By its full name, which the graph has. */
    OutputEnd known(String name) {
        return Objects.requireNonNull(ends.get(name), () -> "the graph was checked, but has no output " + name);
    }

    /** By its name; a node of one operator may be named without it. */
    public Optional<OutputEnd> find(String name) {
        return graph.findOutput(name).map(ref -> ends.get(ref.toString()));
    }

    /** The full names of nodes' outputs. */
    public List<String> names() {
        return List.copyOf(ends.keySet());
    }

    /** The ends that have a port of the node's own. */
    List<OutputEnd> of(String nodeId) {
        return ends.values().stream().filter(end -> end.isOf(nodeId)).toList();
    }

    /** By the names that the application gives them. */
    public Map<String, AppPublisher> publishers() {
        return Collections.unmodifiableMap(publishers);
    }

    /** The names of those that are not closed. */
    Set<String> openPublishers() {
        return publishers.entrySet().stream()
                .filter(entry -> !entry.getValue().isClosed())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    public void closePublishers() {
        publishers.values().forEach(AppPublisher::close);
    }

    /** By its full name, as {@link #find} has it, or {@code millrace/app/NAME}. */
    public Optional<TappedOutput> findTapped(String name) {
        return find(name).<TappedOutput>map(end -> end).or(() -> findPublisher(name));
    }

    private Optional<TappedOutput> findPublisher(String output) {
        return publishers.values().stream()
                .filter(publisher -> publisher.port().name().equals(output))
                .<TappedOutput>map(publisher -> publisher)
                .findFirst();
    }

    /** All that there is to tap. */
    public List<TappedOutput> tapped() {
        List<TappedOutput> all = new ArrayList<>(ends.values());
        all.addAll(publishers.values());
        return all;
    }
}
