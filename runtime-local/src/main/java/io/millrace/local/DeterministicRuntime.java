package io.millrace.local;

import io.millrace.graph.Graph;
import io.millrace.local.stepped.PreparedSteppedDataflow;
import io.millrace.runtime.DataflowRuntime;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.StartOptions;
import java.util.concurrent.CompletionStage;

/**
 * The runtime {@code deterministic}: one node runs at a time, in an order that {@link StartOptions#seed()} decides, by a clock that moves only when nobody has
 * anything to do, and then straight to the next timer. So a dataflow whose messages come from its own nodes does the same each time, and is done as soon as it
 * can be. Stateless; any thread.
 *
 * <p>The clock is the options' one if that is a {@link io.millrace.testkit.ManualClock}. Reactive nodes are stepped; a node with its own loop has a thread, which
 * runs only in its turn, and gives that up whenever it polls, waits, offers, sends or sleeps through its context. One that blocks elsewhere for ten seconds
 * fails by name. Nodes that are processes are refused. What the application does meanwhile comes when it comes: to be the same each time it must be done in
 * {@link StartOptions#whenOpen()}, or by a source of the dataflow. A subscription or tap under backpressure has nodes wait for the application, and so is part of what
 * happens; one that drops the oldest is not.
 *
 * <p>Completion stages and {@code whenOpen} are run by the thread that steps the nodes: what they do happens between two turns.
 */
public final class DeterministicRuntime implements DataflowRuntime {

    /** For {@link java.util.ServiceLoader}. */
    public DeterministicRuntime() {}

    @Override
    public String name() {
        return "deterministic";
    }

    @Override
    public CompletionStage<PreparedDataflow> prepare(Graph graph, StartOptions options) {
        return PreparedSteppedDataflow.begin(graph, options);
    }
}
