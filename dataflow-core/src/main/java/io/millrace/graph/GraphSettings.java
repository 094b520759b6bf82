package io.millrace.graph;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The keys of a dataflow's root that bear on how it runs.
 *
 * @param exitWhenNodesFinish whether a node that has a timer input is told that all its other inputs are closed
 * @param strictTypes whether a difference between declared types is an error
 * @param threads how many threads its reactive nodes share; empty for a thread each
 */
public record GraphSettings(
        OnFailure onFailure,
        boolean exitWhenNodesFinish,
        boolean strictTypes,
        Optional<Duration> healthCheckInterval,
        OptionalInt threads) {
    /** The most threads that nodes share. */
    public static final int MAX_THREADS = 1024;

    /** Nothing written. */
    public static final GraphSettings DEFAULT = new GraphSettings(OnFailure.CONTINUE, false, false, Optional.empty());

    /** A thread for each node. */
    public GraphSettings(
            OnFailure onFailure,
            boolean exitWhenNodesFinish,
            boolean strictTypes,
            Optional<Duration> healthCheckInterval) {
        this(onFailure, exitWhenNodesFinish, strictTypes, healthCheckInterval, OptionalInt.empty());
    }

    /** @throws IllegalArgumentException if {@code threads} is not within 1 to {@value #MAX_THREADS} */
    public GraphSettings {
        if (threads.isPresent() && (threads.getAsInt() < 1 || threads.getAsInt() > MAX_THREADS)) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS + ", found " + threads.getAsInt());
        }
    }

    /** The same with so many threads for its reactive nodes. */
    public GraphSettings withThreads(int count) {
        return new GraphSettings(
                onFailure, exitWhenNodesFinish, strictTypes, healthCheckInterval, OptionalInt.of(count));
    }

    /** The same, where the failure of a node does this to the others. */
    public GraphSettings withOnFailure(OnFailure effect) {
        return new GraphSettings(effect, exitWhenNodesFinish, strictTypes, healthCheckInterval, threads);
    }

    /** The same, where a timer input keeps no node from being told that all its others are closed. */
    public GraphSettings withExitWhenNodesFinish() {
        return new GraphSettings(onFailure, true, strictTypes, healthCheckInterval, threads);
    }

    /** What the failure of a node does to the others. */
    public enum OnFailure {
        CONTINUE,
        STOP
    }
}
