package io.millrace.runtime;

import java.util.Set;

/**
 * Where a node is in its life. The last four are final: no restart follows.
 *
 * <pre>
 *   WAITING -> OPENING -> READY -> RUNNING {@literal <-->} STUCK
 *               ^  |        |         |           |
 *               |  v        +---------+-----------+-----> STOPPING
 *            RESTARTING {@literal <-------------}+-----------+
 * </pre>
 *
 * Where a final state follows is said by {@link #mayBecome}, which is the whole table.
 */
public enum NodeState {
    /** Its thread has not begun. */
    WAITING,
    /** In {@code open}. */
    OPENING,
    /** Opened, waiting for the others. */
    READY,
    RUNNING,
    /** One callback takes longer than its {@code health_check_timeout}. */
    STUCK,
    /** It has ended, and its next incarnation waits for the time at which it begins. */
    RESTARTING,
    /** Told to stop. */
    STOPPING,
    /** Ended by itself. */
    FINISHED,
    /**
     * Ended because the dataflow was told to stop. Where nodes run on several machines, one whose inputs come to their end before its own machine hears of the stop is {@link
     * #FINISHED}; the dataflow itself has stopped all the same.
     */
    STOPPED,
    /** It threw. */
    FAILED,
    /** It did not end when it was interrupted, and its thread was left behind. */
    ABANDONED;

    public boolean isFinal() {
        return this == FINISHED || this == STOPPED || this == FAILED || this == ABANDONED;
    }

    /** Whether a node in this state can come to {@code next} in one step. No state follows itself, and none follows a final one. */
    public boolean mayBecome(NodeState next) {
        return successors().contains(next);
    }

    private Set<NodeState> successors() {
        return switch (this) {
            case WAITING -> Set.of(OPENING, STOPPED, FAILED, ABANDONED);
            case OPENING -> Set.of(READY, RESTARTING, STOPPED, FAILED, ABANDONED);
            case READY -> Set.of(RUNNING, STOPPING, STOPPED, FAILED, ABANDONED);
            case RUNNING -> Set.of(STUCK, RESTARTING, STOPPING, FINISHED, FAILED, ABANDONED);
            case STUCK -> Set.of(RUNNING, RESTARTING, STOPPING, FINISHED, FAILED, ABANDONED);
            case RESTARTING -> Set.of(OPENING, STOPPED, FAILED);
            case STOPPING -> Set.of(STOPPED, FAILED, ABANDONED);
            case FINISHED, STOPPED, FAILED, ABANDONED -> Set.of();
        };
    }
}
