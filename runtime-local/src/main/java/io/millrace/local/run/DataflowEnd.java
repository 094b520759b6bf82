package io.millrace.local.run;

import io.millrace.runtime.DataflowResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The end of a dataflow, for the handles by which applications wait for it. Any thread. */
public final class DataflowEnd {
    private final String dataflow;
    private final CompletableFuture<DataflowResult> completion;
    private final BooleanSupplier isBringingItAbout;
    private final BooleanSupplier isAwaited;

    /** Of a dataflow whose nodes are elsewhere. */
    public DataflowEnd(
            String dataflow, CompletableFuture<DataflowResult> completion, BooleanSupplier isBringingItAbout) {
        this(dataflow, completion, isBringingItAbout, () -> false);
    }

    /**
     * @param completion fails only where nobody can say how the dataflow has ended
     * @param isBringingItAbout whether it is the calling thread that completes it, and calls listeners before: that one cannot wait
     * @param isAwaited whether the calling thread is a node's, whose own end is waited for: that one cannot wait either
     */
    DataflowEnd(
            String dataflow,
            CompletableFuture<DataflowResult> completion,
            BooleanSupplier isBringingItAbout,
            BooleanSupplier isAwaited) {
        this.isAwaited = isAwaited;
        this.dataflow = dataflow;
        this.completion = completion;
        this.isBringingItAbout = isBringingItAbout;
    }

    /** @throws IllegalStateException if a listener waits, or a node of the dataflow */
    public DataflowResult await() throws InterruptedException {
        requireMayWait();
        try {
            return completion.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /** Likewise. */
    public DataflowResult await(Duration timeout) throws InterruptedException, TimeoutException {
        requireMayWait();
        try {
            return completion.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return e.getCause() instanceof RuntimeException unknown ? unknown : new IllegalStateException(e.getCause());
    }

    /**
     * Waits after a stop. Whoever is interrupted meanwhile waits no longer, and stays interrupted.
     *
     * @return false if it has not ended within its grace and what was waited beyond
     */
    public boolean awaitClosed(Duration grace, Duration beyond) {
        long graceNs = TimeUnit.NANOSECONDS.convert(grace);
        long beyondNs = TimeUnit.NANOSECONDS.convert(beyond);
        try {
            await(Duration.ofNanos(Math.min(graceNs, Long.MAX_VALUE - beyondNs) + beyondNs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            return false;
        }
        return true;
    }

    private void requireMayWait() {
        if (completion.isDone()) {
            return;
        }
        if (isAwaited.getAsBoolean()) {
            throw new IllegalStateException(
                    "dataflow '" + dataflow + "': a node cannot wait for the end of its own dataflow");
        }
        if (isBringingItAbout.getAsBoolean()) {
            throw new IllegalStateException(
                    "dataflow '" + dataflow
                            + "': neither a listener nor who steps the dataflow can wait for the end, for this thread brings it about");
        }
    }
}
