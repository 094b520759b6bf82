package io.millrace.runtime;

import io.millrace.graph.Graph;
import java.util.concurrent.CompletionStage;

/**
 * Runs dataflows: the service interface, found with {@link java.util.ServiceLoader}. Asynchronous and in two phases, so that a dataflow that spans machines
 * is either prepared everywhere or nowhere. Any thread.
 */
public interface DataflowRuntime {

    /** Names it in {@link StartOptions#runtime()}; {@code local} runs in this JVM. */
    String name();

    /**
     * Checks and takes all that the dataflow needs (files, classes, memory) without running any of its code but static initialisers. Does not block.
     *
     * @return completes with the prepared dataflow, or exceptionally with {@link io.millrace.graph.InvalidDataflowException} holding every finding; then
     *     nothing is left behind
     */
    CompletionStage<PreparedDataflow> prepare(Graph graph, StartOptions options);
}
