package io.millrace.remote.state;

import io.millrace.remote.state.JobGraph.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says on which executor a node is to run: on its {@code machine}; else, of those with its {@code labels}, on the one that has most of the ends of its edges, as long as that
 * has less than {@value #TOGETHER_PER_CORE} nodes to a core; else on the least loaded, by nodes to a core. What is equal is decided by machine id.
 *
 * <p>An edge counts once, whatever its policy: how much it carries nobody knows beforehand. The bound keeps a large dataflow, all of which hangs together, from ending up on one
 * machine. A choice looks at the executors that have neighbours of the node, and else at the first of an ordered set, so it takes microseconds, however many there are.
 */
final class Placement {
    static final int TOGETHER_PER_CORE = 8;

    /** More machines than these are counted, not named. */
    private static final int NAMED_MACHINES = 20;

    private final Executors executors;

    Placement(Executors executors) {
        this.executors = executors;
    }

    /**
     * The executor for a node.
     *
     * @param neighbours executors that have nodes it talks to, with the number of edges
     * @param excluded machine ids that it may not be placed on
     */
    Optional<ExecutorEntry> choose(Place node, Map<ExecutorEntry, Integer> neighbours, Set<String> excluded) {
        if (node.machine().isPresent()) {
            return executors.find(node.machine().get()).filter(executor -> fits(executor, node, excluded));
        }
        Optional<ExecutorEntry> together = neighbours.entrySet().stream()
                .filter(entry -> fits(entry.getKey(), node, excluded)
                        && entry.getKey().nodes < (long) TOGETHER_PER_CORE * entry.getKey().cores)
                .min(Map.Entry.<ExecutorEntry, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey(ExecutorEntry.BY_LOAD)))
                .map(Map.Entry::getKey);
        if (together.isPresent()) {
            return together;
        }
        for (ExecutorEntry executor : executors.candidates(node.labels())) {
            if (fits(executor, node, excluded)) {
                return Optional.of(executor);
            }
        }
        return Optional.empty();
    }

    private static boolean fits(ExecutorEntry executor, Place node, Set<String> excluded) {
        return executor.isEligible()
                && !excluded.contains(executor.machineId)
                && executor.labels.entrySet().containsAll(node.labels().entrySet());
    }

    /** Whether executors that are to come could take what none takes now: one with its name, or any. */
    boolean mayCome(Place node) {
        return node.machine().isEmpty()
                || executors
                        .find(node.machine().get())
                        .map(known -> !known.isHere())
                        .orElse(true);
    }

    /** Why there is none, machine by machine: {@code node 'x' can be placed nowhere: machine 'a': label gpu is 'no', wanted 'yes'; machine 'b': is draining}. */
    String whyNot(Place node, Set<String> excluded) {
        String intro = "node '" + node.id() + "' can be placed nowhere: ";
        if (node.machine().isPresent()) {
            String wanted = node.machine().get();
            return intro
                    + executors
                            .find(wanted)
                            .map(executor -> "machine '" + wanted + "': " + complaint(executor, node, excluded))
                            .orElseGet(() -> "it wants machine '" + wanted + "', which has not joined; "
                                    + joined(executors.someHere(NAMED_MACHINES)));
        }
        if (executors.count() == 0) {
            return intro + "no executor has joined";
        }
        List<String> complaints = new ArrayList<>();
        for (ExecutorEntry executor : executors.all()) {
            if (complaints.size() == NAMED_MACHINES) {
                complaints.add("and " + (executors.count() - NAMED_MACHINES) + " more");
                break;
            }
            complaints.add("machine '" + executor.machineId + "': " + complaint(executor, node, excluded));
        }
        return intro + String.join("; ", complaints);
    }

    private static String joined(List<String> machines) {
        return machines.isEmpty() ? "no executor has joined" : "joined are " + machines;
    }

    private static String complaint(ExecutorEntry executor, Place node, Set<String> excluded) {
        return switch (executor.condition()) {
            case LOST -> "is lost";
            case LEFT -> "has left";
            case DRAINING -> "is draining";
            case JOINED -> excluded.contains(executor.machineId) ? "could not start it" : differences(executor, node);
        };
    }

    private static String differences(ExecutorEntry executor, Place node) {
        List<String> differing = new ArrayList<>();
        new TreeMap<>(node.labels()).forEach((key, wanted) -> {
            @Nullable String found = executor.labels.get(key);
            if (!wanted.equals(found)) {
                differing.add(
                        found == null
                                ? "label " + key + " is missing, wanted '" + wanted + "'"
                                : "label " + key + " is '" + found + "', wanted '" + wanted + "'");
            }
        });
        return String.join(", ", differing);
    }
}
