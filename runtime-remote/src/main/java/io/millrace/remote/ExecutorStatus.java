package io.millrace.remote;

import io.millrace.remote.wire.ExecutorView;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An executor as the masters know it at one moment.
 *
 * @param instance of its process: another one after it was started anew
 * @param incarnation grows with every start of it
 * @param labels what it offers, in the order of their names
 * @param address where others reach its links
 * @param cores of its machine
 * @param nodes assigned to it now
 */
public record ExecutorStatus(
        String machineId,
        String instance,
        long incarnation,
        Condition condition,
        Map<String, String> labels,
        HostPort address,
        int cores,
        int nodes) {
    public ExecutorStatus {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    static ExecutorStatus of(ExecutorView view) {
        return new ExecutorStatus(
                view.machineId(),
                view.instance(),
                view.incarnation(),
                Condition.valueOf(view.condition().name()),
                view.labels(),
                new HostPort(view.linkHost(), view.linkPort()),
                view.cores(),
                view.nodes());
    }

    /** What can be expected of it. */
    public enum Condition {
        JOINED,
        /** It gets no new nodes, and those that may move go elsewhere. */
        DRAINING,
        LOST,
        LEFT
    }
}
