package io.millrace.remote.wire;

import java.util.Map;

/**
 * An executor as its masters know it.
 *
 * @param incarnation grows with every start of it
 * @param nodes assigned to it now
 */
public record ExecutorView(
        String machineId,
        String instance,
        long incarnation,
        Condition condition,
        Map<String, String> labels,
        String linkHost,
        int linkPort,
        int cores,
        int nodes) {
    public ExecutorView {
        labels = Map.copyOf(labels);
    }

    /** What can be expected of it. */
    public enum Condition {
        JOINED,
        /** It gets no new parts, and its movable ones go elsewhere. */
        DRAINING,
        LOST,
        LEFT
    }
}
