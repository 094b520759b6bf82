package io.millrace.remote.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All executors, and those that may be given nodes in the order of their load: as a whole, and of each label. */
final class Executors {
    private final TreeMap<String, ExecutorEntry> all = new TreeMap<>();
    private final TreeSet<ExecutorEntry> eligible = new TreeSet<>(ExecutorEntry.BY_LOAD);
    private final TreeMap<String, ExecutorEntry> draining = new TreeMap<>();
    private final TreeMap<String, TreeSet<ExecutorEntry>> labelled = new TreeMap<>();

    Optional<ExecutorEntry> find(String machineId) {
        return Optional.ofNullable(all.get(machineId));
    }

    /** In the order of their machine ids. */
    Collection<ExecutorEntry> all() {
        return Collections.unmodifiableCollection(all.values());
    }

    int count() {
        return all.size();
    }

    void add(ExecutorEntry executor) {
        all.put(executor.machineId, executor);
        index(executor);
    }

    void remove(ExecutorEntry executor) {
        unindex(executor);
        all.remove(executor.machineId);
    }

    /** Changes what eligibility, labels or load are read from. */
    void change(ExecutorEntry executor, Runnable change) {
        unindex(executor);
        change.run();
        index(executor);
    }

    void addNodes(ExecutorEntry executor, int more) {
        change(executor, () -> executor.nodes += more);
    }

    /**
     * Those that may be given nodes and have one of the labels, the least loaded first: of the label that the fewest have. All of them where no label is wanted.
     */
    NavigableSet<ExecutorEntry> candidates(Map<String, String> labels) {
        TreeSet<ExecutorEntry> fewest = eligible;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            @Nullable TreeSet<ExecutorEntry> those = labelled.get(key(label));
            if (those == null) {
                return Collections.emptyNavigableSet();
            }
            if (those.size() < fewest.size()) {
                fewest = those;
            }
        }
        return Collections.unmodifiableNavigableSet(fewest);
    }

    /** Those that are there and are to be left, in the order of their machine ids. */
    List<ExecutorEntry> draining() {
        return List.copyOf(draining.values());
    }

    /** Machine ids of those that are there, the first few. */
    List<String> someHere(int atMost) {
        List<String> ids = new ArrayList<>();
        for (ExecutorEntry executor : all.values()) {
            if (executor.isHere() && ids.size() < atMost) {
                ids.add(executor.machineId);
            }
        }
        return ids;
    }

    private void index(ExecutorEntry executor) {
        if (executor.isHere() && executor.isDraining) {
            draining.put(executor.machineId, executor);
        }
        if (executor.isEligible()) {
            eligible.add(executor);
            for (Map.Entry<String, String> label : executor.labels.entrySet()) {
                labelled.computeIfAbsent(key(label), any -> new TreeSet<>(ExecutorEntry.BY_LOAD))
                        .add(executor);
            }
        }
    }

    private void unindex(ExecutorEntry executor) {
        draining.remove(executor.machineId);
        eligible.remove(executor);
        for (Map.Entry<String, String> label : executor.labels.entrySet()) {
            @Nullable TreeSet<ExecutorEntry> those = labelled.get(key(label));
            if (those != null && those.remove(executor) && those.isEmpty()) {
                labelled.remove(key(label));
            }
        }
    }

    private static String key(Map.Entry<String, String> label) {
        return label.getKey() + '\0' + label.getValue();
    }
}
