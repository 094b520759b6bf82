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
 */
public record Deployment(
        Optional<String> machine,
        Optional<Boolean> local,
        Optional<String> workingDir,
        Map<String, String> labels,
        Distribution distribution) {
    /** Nothing written. */
    public static final Deployment NONE =
            new Deployment(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Distribution.LOCAL);

    public Deployment {
        labels = Map.copyOf(labels);
    }

    /** How a node's files come to its executor. */
    public enum Distribution {
        /** They are there already. */
        LOCAL,
        /** With the dataflow: written {@code ship}, {@code scp} or {@code http}. */
        SHIP
    }
}
