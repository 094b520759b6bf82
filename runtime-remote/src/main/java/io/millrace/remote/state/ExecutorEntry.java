package io.millrace.remote.state;

import io.millrace.remote.wire.ExecutorView;
import io.millrace.remote.wire.ExecutorView.Condition;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeSet;

/** An executor: what it is, whether it is there, and what it has. Changed by {@link Executors} and the rules of a job's life alone. */
final class ExecutorEntry {
    final String machineId;

    // Of its process now, or the last one.
    String instance = "";
    long incarnation;
    Map<String, String> labels = Map.of();
    String linkHost = "";
    int linkPort;
    int cores = 1;
    String system = "";
    /** For how long after its last renewal movable nodes of it may run: the longest that it was ever told, for the last may not have reached it. */
    long holdsMs;

    Presence presence = Presence.HERE;
    boolean isDraining;
    /** When it was lost or left. */
    long goneAtMs;

    /** Of parts that have not ended. */
    int nodes;
    /** Index of the entry that last changed what it is to do. */
    long revision;
    /** What it has, or is waited for with, in the order of jobs and numbers. */
    final TreeSet<Part> parts = new TreeSet<>(Part.ORDER);

    ExecutorEntry(String machineId) {
        this.machineId = machineId;
    }

    /** The least loaded first: nodes to a core, counted with one more. */
    static final Comparator<ExecutorEntry> BY_LOAD = (one, other) -> {
        int byLoad = Long.compare((one.nodes + 1L) * other.cores, (other.nodes + 1L) * one.cores);
        return byLoad != 0 ? byLoad : one.machineId.compareTo(other.machineId);
    };

    boolean isHere() {
        return presence == Presence.HERE;
    }

    /** Whether it may be given new parts. */
    boolean isEligible() {
        return isHere() && !isDraining;
    }

    Condition condition() {
        return switch (presence) {
            case HERE -> isDraining ? Condition.DRAINING : Condition.JOINED;
            case LOST -> Condition.LOST;
            case LEFT -> Condition.LEFT;
        };
    }

    ExecutorView view() {
        return new ExecutorView(
                machineId, instance, incarnation, condition(), labels, linkHost, linkPort, cores, nodes);
    }

    /** Whether it is there, for the masters. */
    enum Presence {
        HERE,
        LOST,
        LEFT
    }

    @Override
    public String toString() {
        return "executor '" + machineId + "', " + condition();
    }
}
