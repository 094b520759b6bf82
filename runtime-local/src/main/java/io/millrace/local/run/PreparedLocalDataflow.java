package io.millrace.local.run;

import io.millrace.graph.Graph;
import io.millrace.local.agent.NodeFault;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.Preparation;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A plan that waits to be started. Any thread. */
public final class PreparedLocalDataflow implements PreparedDataflow {
    private final Plan plan;
    private final StartOptions options;
    private final AtomicBoolean isUsed = new AtomicBoolean();

    private PreparedLocalDataflow(Plan plan, StartOptions options) {
        this.plan = plan;
        this.options = options;
    }

    /** Does not block. */
    public static CompletionStage<PreparedDataflow> begin(Graph graph, StartOptions options) {
        return Preparation.begin(graph, options, PreparedLocalDataflow::new);
    }

    @Override
    public CompletionStage<RunningDataflow> start() {
        if (!isUsed.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "dataflow '" + plan.graph().name() + "' was started or abandoned before: prepare it again");
        }
        try {
            return new Coordinator(plan, options).start().thenApply(running -> running);
        } catch (Throwable t) { // whatever could not be made for it: edges, threads
            plan.close();
            return CompletableFuture.failedFuture(new DataflowStartException(
                    "dataflow '" + plan.graph().name() + "' did not start: " + NodeFault.describe(t), t));
        }
    }

    @Override
    public void abandon() {
        if (isUsed.compareAndSet(false, true)) {
            plan.close();
        }
    }
}
