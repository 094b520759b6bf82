package io.millrace.remote.state;

import io.millrace.graph.Deployment;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InputSource;
import io.millrace.graph.Source;
import io.millrace.remote.wire.GraphForm;
import io.millrace.workdir.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of a graph bears on where its nodes run: wishes, and who talks to whom. Immutable. */
final class JobGraph {
    /** Without a node. */
    static final JobGraph NONE = new JobGraph(new GraphForm("", GraphSettings.DEFAULT, List.of()));

    private final Map<String, Place> nodes = new HashMap<>();
    private final List<Place> ordered = new ArrayList<>();
    private final Set<String> codes = new HashSet<>();
    private final boolean stopsOnFailure;
    private final boolean hasNodesByHand;

    JobGraph(GraphForm form) {
        stopsOnFailure = form.settings().onFailure() == GraphSettings.OnFailure.STOP;
        for (GraphNode node : form.nodes()) {
            Place place = new Place(node, ordered.size());
            nodes.put(node.id(), place);
            ordered.add(place);
            node.operators()
                    .forEach(operator ->
                            codes.add(operator.id().isEmpty() ? node.id() : node.id() + "/" + operator.id()));
        }
        for (GraphNode node : form.nodes()) {
            for (GraphInput input : node.inputs()) {
                if (input.source() instanceof InputSource.OutputRef from) {
                    connect(from.node(), node.id());
                } else if (input.source() instanceof InputSource.Logs logs) {
                    readLogs(logs.node(), node.id());
                }
            }
        }
        long byHand = ordered.stream().filter(Place::isStartedByHand).count();
        hasNodesByHand = byHand > 0 && byHand < ordered.size();
    }

    private void connect(String from, String to) {
        @Nullable Place producer = nodes.get(from);
        @Nullable Place consumer = nodes.get(to);
        if (producer != null && consumer != null && producer != consumer) {
            producer.neighbours.merge(to, 1, Integer::sum);
            consumer.neighbours.merge(from, 1, Integer::sum);
            acquaint(producer, consumer);
        }
    }

    /** @param logging empty for all nodes */
    private void readLogs(String logging, String reader) {
        Place to = node(reader);
        for (Place from : ordered) {
            if (from != to && (logging.isEmpty() || from.id.equals(logging))) {
                acquaint(from, to);
            }
        }
    }

    private static void acquaint(Place one, Place other) {
        one.acquaintances.add(other.id);
        other.acquaintances.add(one.id);
    }

    /** In the order of the graph. */
    List<Place> nodes() {
        return Collections.unmodifiableList(ordered);
    }

    Place node(String id) {
        @Nullable Place place = nodes.get(id);
        if (place == null) {
            throw new IllegalArgumentException("no node '" + id + "'");
        }
        return place;
    }

    boolean has(String id) {
        return nodes.containsKey(id);
    }

    /** Whether it is a node without operators, or an operator with its node. */
    boolean hasCode(String code) {
        return codes.contains(code);
    }

    /** Whether some nodes, and not all, are started by hand. */
    boolean hasNodesByHand() {
        return hasNodesByHand;
    }

    boolean stopsOnFailure() {
        return stopsOnFailure;
    }

    /** A node's wishes. */
    static final class Place {
        private final String id;
        private final int position;
        private final Deployment deployment;
        private final boolean isPlacedAgain;
        private final boolean isStartedByHand;
        private final Map<String, Integer> neighbours = new TreeMap<>();
        private final Set<String> acquaintances = new TreeSet<>();

        private Place(GraphNode node, int position) {
            this.id = node.id();
            this.position = position;
            this.deployment = node.deployment();
            this.isPlacedAgain = node.supervision().isPlacedAgain();
            Map<String, String> ofClient = deployment.clientExpansion().texts();
            this.isStartedByHand = node.operators().stream()
                    .map(GraphOperator::source)
                    .anyMatch(source -> source instanceof Source.ProgramSource program
                            && Target.program(ofClient.getOrDefault(program.path(), program.path()))
                                    instanceof Target.Dynamic);
        }

        String id() {
            return id;
        }

        /** Within the graph. */
        int position() {
            return position;
        }

        Optional<String> machine() {
            return deployment.machine();
        }

        Map<String, String> labels() {
            return deployment.labels();
        }

        boolean isPlacedAgain() {
            return isPlacedAgain;
        }

        /** Whether it is a program that somebody starts by hand, and that keeps no job from its end. */
        boolean isStartedByHand() {
            return isStartedByHand;
        }

        /** Nodes at the other ends of its edges, with the number of these edges. */
        Map<String, Integer> neighbours() {
            return Collections.unmodifiableMap(neighbours);
        }

        /** Nodes whose executors are to know where it is: its neighbours, those that read what it logs, and those whose logs it reads, which has no bearing on where they run. */
        Set<String> acquaintances() {
            return Collections.unmodifiableSet(acquaintances);
        }
    }
}
