package io.millrace.graph;

import java.time.Duration;
import java.util.Optional;

/**
 * What happens when a node ends or gets stuck; the keys mean what dora's documents say.
 *
 * @param maxRestarts 0 is unlimited
 */
public record Supervision(
        RestartPolicy restartPolicy,
        int maxRestarts,
        Optional<Duration> restartDelay,
        Optional<Duration> maxRestartDelay,
        Optional<Duration> restartWindow,
        Optional<Duration> healthCheckTimeout) {
    /** Nothing written. */
    public static final Supervision NONE = new Supervision(
            RestartPolicy.NEVER, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** When a node that has ended is started again. */
    public enum RestartPolicy {
        NEVER,
        ON_FAILURE,
        ALWAYS
    }
}
