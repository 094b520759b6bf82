package io.millrace.local;

import io.millrace.graph.Graph;
import io.millrace.local.run.PreparedLocalDataflow;
import io.millrace.runtime.DataflowRuntime;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.StartOptions;
import java.util.concurrent.CompletionStage;

/** The runtime {@code local}: a thread for each node of the dataflow, in this JVM. Stateless; any thread. */
public final class LocalRuntime implements DataflowRuntime {

    /** For {@link java.util.ServiceLoader}. */
    public LocalRuntime() {}

    @Override
    public String name() {
        return "local";
    }

    @Override
    public CompletionStage<PreparedDataflow> prepare(Graph graph, StartOptions options) {
        return PreparedLocalDataflow.begin(graph, options);
    }
}
