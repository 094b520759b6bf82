package io.millrace.remote.state;

import io.millrace.remote.state.Job.Waiting;
import io.millrace.remote.state.JobGraph.Place;
import io.millrace.remote.state.Part.Kind;
import io.millrace.remote.state.Part.Origin;
import io.millrace.remote.wire.Shortened;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Places nodes of one job together and makes parts of them: those with a machine first, then along the edges from what is placed, and where no edge leads on, from the first in
 * the order of the graph. So each finds those that it talks to placed, as far as that can be.
 */
final class NodePlacing {
    private final Step step;
    private final Job job;
    private final Map<String, Place> pending = new LinkedHashMap<>();
    private final TreeMap<Integer, ExecutorEntry> chosen = new TreeMap<>();
    private final List<Unplaced> unplaced = new ArrayList<>();
    private final Queue<Place> next = new ArrayDeque<>();

    NodePlacing(Step step, Job job, Collection<String> nodes) {
        this.step = step;
        this.job = job;
        nodes.stream()
                .map(job.graph::node)
                .sorted(Comparator.comparingInt(Place::position))
                .forEach(place -> pending.put(place.id(), place));
    }

    /** Chooses an executor for each. Counts them there. */
    NodePlacing choose() {
        for (Place place : List.copyOf(pending.values())) {
            if (place.machine().isPresent()) {
                choose(place);
            } else if (place.neighbours().keySet().stream().anyMatch(node -> executorOf(node) != null)) {
                next.add(place);
            }
        }
        while (!pending.isEmpty()) {
            @Nullable Place place = next.poll();
            if (place == null) {
                choose(pending.values().iterator().next());
            } else if (pending.containsKey(place.id())) {
                choose(place);
            }
        }
        return this;
    }

    private void choose(Place place) {
        pending.remove(place.id());
        Set<String> excluded = job.refusals.getOrDefault(place.id(), Set.of());
        Optional<ExecutorEntry> executor = step.placement.choose(place, neighbours(place), excluded);
        if (executor.isPresent()) {
            step.executors.addNodes(executor.get(), 1);
            chosen.put(place.position(), executor.get());
            for (String neighbour : place.neighbours().keySet()) {
                @Nullable Place waiting = pending.get(neighbour);
                if (waiting != null) {
                    next.add(waiting);
                }
            }
        } else {
            unplaced.add(new Unplaced(place, step.placement.whyNot(place, excluded)));
        }
    }

    private Map<ExecutorEntry, Integer> neighbours(Place place) {
        Map<ExecutorEntry, Integer> there = new HashMap<>();
        place.neighbours().forEach((node, edges) -> {
            @Nullable ExecutorEntry executor = executorOf(node);
            if (executor != null) {
                there.merge(executor, edges, Integer::sum);
            }
        });
        return there;
    }

    private @Nullable ExecutorEntry executorOf(String node) {
        @Nullable ExecutorEntry executor = chosen.get(job.graph.node(node).position());
        if (executor != null) {
            return executor;
        }
        @Nullable Part part = job.partOf.get(node);
        return part == null || part.isDone() ? null : part.executor;
    }

    /** Those that can be placed nowhere, each with the reason. */
    List<Unplaced> unplaced() {
        return unplaced;
    }

    /** Takes the choices back. */
    void undo() {
        chosen.values().forEach(executor -> step.executors.addNodes(executor, -1));
        chosen.clear();
    }

    /** Makes parts of what was placed: on each executor at most one of each kind. */
    void makeParts(Map<String, Integer> incarnations) {
        Map<ExecutorEntry, Map<Kind, List<String>>> grouped = new LinkedHashMap<>();
        chosen.forEach((position, executor) -> {
            Place place = job.graph.nodes().get(position);
            grouped.computeIfAbsent(executor, any -> new TreeMap<>())
                    .computeIfAbsent(kind(place), any -> new ArrayList<>())
                    .add(place.id());
        });
        grouped.forEach(
                (executor, kinds) -> kinds.forEach((kind, nodes) -> makePart(executor, kind, nodes, incarnations)));
    }

    private void makePart(ExecutorEntry executor, Kind kind, List<String> nodes, Map<String, Integer> incarnations) {
        Map<String, Integer> first = new TreeMap<>();
        for (String node : nodes) {
            int incarnation = incarnations.getOrDefault(node, 0);
            if (incarnation > 0) {
                first.put(node, incarnation);
            }
            job.waiting.remove(node);
        }
        Part part = new Part(job, job.nextPart++, step.index, kind, executor, Origin.of(executor, first), nodes);
        part.phaseSinceMs = step.nowMs;
        job.add(part, true);
        step.touchAround(part);
    }

    /** Leaves what cannot be placed to wait. */
    void keepWaiting(Map<String, Integer> incarnations) {
        for (Unplaced one : unplaced) {
            String node = one.place.id();
            @Nullable Waiting before = job.waiting.get(node);
            long since = before == null ? step.nowMs : before.sinceMs();
            job.waiting.put(node, new Waiting(node, incarnations.getOrDefault(node, 0), since, one.reason));
            step.touch(job);
        }
    }

    private static Kind kind(Place place) {
        if (place.machine().isPresent()) {
            return Kind.PINNED;
        }
        return place.isPlacedAgain() ? Kind.MOVABLE : Kind.ONCE;
    }

    /** @param reason for people, with the node's name */
    record Unplaced(Place place, String reason) {
        private static final int MAX_REASON = 1024;

        Unplaced {
            reason = Shortened.text(reason, MAX_REASON);
        }
    }
}
