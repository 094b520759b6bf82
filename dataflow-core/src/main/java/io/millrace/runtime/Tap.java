package io.millrace.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A handler that is called with what some outputs send, on a thread of its own, until the tap is closed or the outputs are. Any thread. */
public interface Tap extends AutoCloseable {

    /** The full names of the outputs, in the order in which they were given. */
    List<String> outputs();

    /** The counters at this moment, in the same order. Allocates; disturbs nobody. */
    List<OutputCounts> counts();

    /**
     * Ends the tap in order: what was sent before this call, by nodes that have taken notice of it, is still handed over. Does not block; idempotent.
     *
     * @return {@link #completion()}
     */
    CompletionStage<Void> end();

    /** Completes when the handler will not be called any more; exceptionally with what it threw, if that was why, or where not all has come, as when the link to a node elsewhere was lost. */
    CompletionStage<Void> completion();

    /**
     * Ends the tap at once: what still waits is not handed over, and the nodes wait for this tap no longer. A call of the handler that is under way goes on. Does
     * not block; idempotent.
     */
    @Override
    void close();

    /**
     * What became of the messages of one output.
     *
     * @param received messages that the handler was called with
     * @param dropped messages that gave way to newer ones
     * @param heldUp how long the tap's edge was full, and so may have kept the node waiting; zero where the edge drops
     */
    record OutputCounts(String output, long received, long dropped, Duration heldUp) {}
}
