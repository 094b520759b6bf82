package io.millrace.yaml;

import io.millrace.graph.Deployment;
import io.millrace.graph.Deployment.Distribution;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Merges a node's {@code deploy} with the defaults of its machine and of the dataflow; the nearer wins, key by key. */
final class DeployTranslation {
    private final Fields defaults;
    private final Map<String, Located<Fields>> machines;
    private final Reading reading;
    private final Set<String> used = new HashSet<>();
    private final Map<EnvironmentText, Optional<String>> expanded = new HashMap<>();

    DeployTranslation(Fields defaults, Reading reading) {
        this.defaults = defaults;
        this.machines = defaults.get(DataflowSchema.MACHINES, Map.of());
        this.reading = reading;
    }

    /** What is in force for a node that has written this. */
    Fields merged(Fields node) {
        Fields ofMachine = Fields.none(node.location());
        Optional<String> own = node.get(DataflowSchema.MACHINE);
        Optional<String> machine = own.isPresent() ? own : defaults.get(DataflowSchema.MACHINE);
        if (machine.isPresent()) {
            used.add(machine.get());
            Located<Fields> written = machines.get(machine.get());
            ofMachine = written == null ? ofMachine : written.value();
        }
        Fields merged = defaults.overlaidBy(ofMachine).overlaidBy(node);
        Map<String, Located<String>> labels = new LinkedHashMap<>();
        labels.putAll(defaults.get(DataflowSchema.LABELS, Map.of()));
        labels.putAll(ofMachine.get(DataflowSchema.LABELS, Map.of()));
        labels.putAll(node.get(DataflowSchema.LABELS, Map.of()));
        return merged.with(DataflowSchema.LABELS, labels);
    }

    /** Whether the client expands the paths of a node: not where its files are known to be elsewhere. */
    static boolean clientExpandsPaths(Fields merged) {
        return merged.get(DataflowSchema.LOCAL, true)
                || merged.get(DataflowSchema.DISTRIBUTE, Distribution.LOCAL) == Distribution.SHIP;
    }

    Deployment deployment(Fields merged) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, Located<String>> label :
                merged.get(DataflowSchema.LABELS, Map.of()).entrySet()) {
            labels.put(label.getKey(), label.getValue().value());
        }
        return new Deployment(
                merged.get(DataflowSchema.MACHINE),
                merged.get(DataflowSchema.LOCAL),
                workingDir(merged),
                labels,
                merged.get(DataflowSchema.DISTRIBUTE, Distribution.LOCAL));
    }

    /** Whether a written working directory is known. */
    boolean isPlaced(Fields merged) {
        return merged.get(DataflowSchema.WORKING_DIR).isEmpty()
                || workingDir(merged).isPresent();
    }

    /** A default is expanded once, and what is wrong with it said once, however many nodes have it. */
    private Optional<String> workingDir(Fields merged) {
        boolean isClientsDirectory = merged.get(DataflowSchema.LOCAL, true);
        return merged.get(DataflowSchema.WORKING_DIR)
                .flatMap(written -> isClientsDirectory
                        ? expanded.computeIfAbsent(written, text -> text.expand(Place.of("working_dir"), reading))
                        : Optional.of(written.text()));
    }

    void warnOfUnusedMachines() {
        for (Map.Entry<String, Located<Fields>> machine : machines.entrySet()) {
            if (!used.contains(machine.getKey())) {
                reading.problems()
                        .warning(
                                machine.getValue().location(),
                                "no node is on machine '" + machine.getKey() + "': these defaults are not used");
            }
        }
    }
}
