package io.millrace.local.stepped;

import io.millrace.graph.Graph;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.local.agent.NodeFault;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.Preparation;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A plan that waits to be started, and then is stepped by a thread of its own. Any thread. */
public final class PreparedSteppedDataflow implements PreparedDataflow {
    private static final Duration TURN_LIMIT = Duration.ofSeconds(10);

    private final Plan plan;
    private final StartOptions options;
    private final AtomicBoolean isUsed = new AtomicBoolean();

    private PreparedSteppedDataflow(Plan plan, StartOptions options) {
        this.plan = plan;
        this.options = options;
    }

    /** Does not block. */
    public static CompletionStage<PreparedDataflow> begin(Graph graph, StartOptions options) {
        try {
            SteppedDataflow.checkSteppable(graph);
        } catch (InvalidDataflowException e) {
            return CompletableFuture.failedFuture(e);
        }
        ManualClock clock = options.clock() instanceof ManualClock given ? given : new ManualClock();
        return Preparation.begin(graph, options.toBuilder().clock(clock).build(), PreparedSteppedDataflow::new);
    }

    @Override
    public CompletionStage<RunningDataflow> start() {
        if (!isUsed.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "dataflow '" + plan.graph().name() + "' was started or abandoned before: prepare it again");
        }
        CompletableFuture<RunningDataflow> started = new CompletableFuture<>();
        Thread driver =
                new Thread(() -> drive(started), "millrace-" + plan.graph().name());
        driver.setDaemon(!options.keepAlive());
        try {
            driver.start();
        } catch (OutOfMemoryError e) {
            plan.close();
            started.completeExceptionally(new DataflowStartException(
                    "dataflow '" + plan.graph().name() + "' did not start: " + NodeFault.describe(e), e));
        }
        return started;
    }

    private void drive(CompletableFuture<RunningDataflow> started) {
        SteppedDataflow stepped;
        try {
            Long seed = options.seed().isPresent() ? options.seed().getAsLong() : null;
            ManualClock clock = (ManualClock) options.clock();
            stepped = SteppedDataflow.start(plan, options, new SteppedDataflow.Manner(clock, seed, TURN_LIMIT, null));
        } catch (Throwable t) { // whatever happened is the caller's to see
            started.completeExceptionally(t);
            return;
        }
        started.complete(stepped.running());
        stepped.drive();
    }

    @Override
    public void abandon() {
        if (isUsed.compareAndSet(false, true)) {
            plan.close();
        }
    }
}
