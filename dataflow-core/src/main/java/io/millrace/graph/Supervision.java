package io.millrace.graph;

import java.time.Duration;
import java.util.Optional;

/**
 * What happens when a node ends or gets stuck; the keys mean what dora's documents say.
 *
 * @param policyWritten whether the policy was written, or is the default
 * @param maxRestarts 0 is unlimited
 */
public record Supervision(
        RestartPolicy restartPolicy,
        boolean policyWritten,
        int maxRestarts,
        Optional<Duration> restartDelay,
        Optional<Duration> maxRestartDelay,
        Optional<Duration> restartWindow,
        Optional<Duration> healthCheckTimeout) {
    /** Nothing written. */
    public static final Supervision NONE = new Supervision(
            RestartPolicy.NEVER, false, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** With a policy that was written. */
    public Supervision(
            RestartPolicy restartPolicy,
            int maxRestarts,
            Optional<Duration> restartDelay,
            Optional<Duration> maxRestartDelay,
            Optional<Duration> restartWindow,
            Optional<Duration> healthCheckTimeout) {
        this(restartPolicy, true, maxRestarts, restartDelay, maxRestartDelay, restartWindow, healthCheckTimeout);
    }

    /** Whether the node may be started on another machine when its own is lost, which is no failure of it: unless {@code never} is written. */
    public boolean isPlacedAgain() {
        return restartPolicy != RestartPolicy.NEVER || !policyWritten;
    }

    /** When a node that has ended is started again. */
    public enum RestartPolicy {
        NEVER,
        ON_FAILURE,
        ALWAYS
    }
}
