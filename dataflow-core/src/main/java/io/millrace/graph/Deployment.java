package io.millrace.graph;

import java.util.Map;
import java.util.Optional;

/**
 * Where a node runs and where its files are, after the defaults of the dataflow were merged in.
 *
 * @param machine the machine that the node is pinned to
 * @param local whether the client's files are at hand where the node runs; empty where it is not written
 * @param workingDir as written
 * @param labels what an executor must offer
 * @param clientExpansion where that matters, what the client's variables make of the node's paths
 */
public record Deployment(
        Optional<String> machine,
        Optional<Boolean> local,
        Optional<String> workingDir,
        Map<String, String> labels,
        Distribution distribution,
        ClientExpansion clientExpansion) {
    /** Nothing written. */
    public static final Deployment NONE =
            new Deployment(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Distribution.LOCAL);

    public Deployment {
        labels = Map.copyOf(labels);
    }

    /** Of a node whose paths are not left open. */
    public Deployment(
            Optional<String> machine,
            Optional<Boolean> local,
            Optional<String> workingDir,
            Map<String, String> labels,
            Distribution distribution) {
        this(machine, local, workingDir, labels, distribution, ClientExpansion.NONE);
    }

    /** How a node's files come to its executor. */
    public enum Distribution {
        /** They are there already. */
        LOCAL,
        /** With the dataflow: written {@code ship}, {@code scp} or {@code http}. */
        SHIP
    }
}
