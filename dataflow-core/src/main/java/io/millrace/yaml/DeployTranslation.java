package io.millrace.yaml;

import io.millrace.graph.Deployment;
import io.millrace.graph.Deployment.Distribution;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Merges a node's {@code deploy} with the defaults of its machine and of the dataflow; the nearer wins, key by key. */
final class DeployTranslation {
    private final Fields defaults;
    private final Map<String, Located<Fields>> machines;
    private final boolean forCluster;
    private final Reading reading;
    private final Set<String> used = new HashSet<>();
    private final Map<EnvironmentText, Optional<String>> expanded = new HashMap<>();
    private final IdentityHashMap<Map<String, Located<String>>, Map<String, String>> labelTexts =
            new IdentityHashMap<>();

    /** @param forCluster whether it is open where a node is that does not say so */
    DeployTranslation(Fields defaults, boolean forCluster, Reading reading) {
        this.defaults = defaults;
        this.machines = defaults.get(DataflowSchema.MACHINES, Map.of());
        this.forCluster = forCluster;
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
        Map<String, Located<String>> ofDataflow = defaults.get(DataflowSchema.LABELS, Map.of());
        Map<String, Located<String>> labels = overlaid(
                overlaid(ofDataflow, ofMachine.get(DataflowSchema.LABELS, Map.of()), node),
                node.get(DataflowSchema.LABELS, Map.of()),
                node);
        return merged.with(DataflowSchema.LABELS, labels);
    }

    /** The same map for as many nodes as can be. */
    private Map<String, Located<String>> overlaid(
            Map<String, Located<String>> below, Map<String, Located<String>> above, Fields node) {
        if (below.isEmpty() || above.isEmpty()) {
            return above.isEmpty() ? below : above;
        }
        if (!reading.admitsCopies(below.size() + above.size(), node.keyLocation(DataflowSchema.LABELS))) {
            return above;
        }
        Map<String, Located<String>> both = new LinkedHashMap<>(below);
        both.putAll(above);
        return both;
    }

    /** Whose variables the paths of a node name. */
    PathVariables pathVariables(Fields merged) {
        return new PathVariables(merged, forCluster, expanded, reading);
    }

    /** @param variables to which the node's other paths were told already */
    Deployment deployment(Fields merged, PathVariables variables) {
        Optional<String> workingDir = merged.get(DataflowSchema.WORKING_DIR).flatMap(variables::workingDir);
        Map<String, String> labels =
                labelTexts.computeIfAbsent(merged.get(DataflowSchema.LABELS, Map.of()), Located::values);
        return new Deployment(
                merged.get(DataflowSchema.MACHINE),
                merged.get(DataflowSchema.LOCAL),
                workingDir,
                labels,
                merged.get(DataflowSchema.DISTRIBUTE, Distribution.LOCAL),
                variables.ofClient());
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
