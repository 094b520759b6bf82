package io.millrace.runtime;

import java.util.concurrent.CompletionStage;

/** A dataflow that has all it needs and waits for the word. Either started once or abandoned. Any thread. */
public interface PreparedDataflow {

    /**
     * Runs {@code open} of every node, each on its own thread, and then lets messages flow. Does not block.
     *
     * @return completes when every {@code open} has returned; or exceptionally with {@link DataflowStartException}, after all that was opened has been closed
     * @throws IllegalStateException if it was started or abandoned before
     */
    CompletionStage<RunningDataflow> start();

    /** Gives back all that was taken. Idempotent; without effect once started. Does not block. */
    void abandon();
}
