package io.millrace.graph;

import java.time.Duration;
import java.util.Optional;

/**
 * The keys of a dataflow's root that bear on how it runs.
 *
 * @param exitWhenNodesFinish whether a timer input keeps a node from being told that all its inputs are closed
 * @param strictTypes whether a difference between declared types is an error
 */
public record GraphSettings(
        OnFailure onFailure, boolean exitWhenNodesFinish, boolean strictTypes, Optional<Duration> healthCheckInterval) {
    /** Nothing written. */
    public static final GraphSettings DEFAULT = new GraphSettings(OnFailure.CONTINUE, false, false, Optional.empty());

    /** What the failure of a node does to the others. */
    public enum OnFailure {
        CONTINUE,
        STOP
    }
}
