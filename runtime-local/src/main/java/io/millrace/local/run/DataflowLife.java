package io.millrace.local.run;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataflow is in its life, and what has gone wrong in it. The coordinator's thread, but for the state, which any thread may read.
 *
 * <pre>
 *   STARTING --all open--> RUNNING --stop--> STOPPING
 *      |                      |                 |        all nodes ended
 *      +-- open failed -------+-----------------+------> FINISHED | FAILED | STOPPED
 * </pre>
 */
final class DataflowLife {
    private final String name;
    private final Listeners listeners;
    private final List<DataflowResult.Failure> failures = new ArrayList<>();
    private @Nullable DataflowStartException startFailure;
    private volatile DataflowState state = DataflowState.STARTING;

    DataflowLife(String name, Listeners listeners) {
        this.name = name;
        this.listeners = listeners;
    }

    /** Any thread. */
    DataflowState state() {
        return state;
    }

    void become(DataflowState next) {
        state = next;
        listeners.tell(new DataflowEvent.StateChanged(next));
    }

    /** Also when the start has failed, until all is closed again. */
    boolean isStarting() {
        return state == DataflowState.STARTING;
    }

    boolean isRunning() {
        return state == DataflowState.RUNNING;
    }

    boolean isStopping() {
        return state == DataflowState.STOPPING;
    }

    /** Whether messages may flow yet. */
    boolean mayStart() {
        return isStarting() && startFailure == null;
    }

    /** @param how the end of a sentence */
    void failStart(String how, @Nullable Throwable cause) {
        startFailure = new DataflowStartException("dataflow '" + name + "' did not start" + how, cause);
    }

    /** Null if it has not failed. */
    @Nullable DataflowStartException startFailure() {
        return startFailure;
    }

    /** @param part the node, or the operator of it */
    void addFailure(String part, Throwable failure) {
        if (startFailure != null) {
            startFailure.addSuppressed(failure);
        } else {
            failures.add(new DataflowResult.Failure(part, failure));
        }
    }

    /** What it ends as, now that every node has. */
    DataflowState end() {
        if (!failures.isEmpty()) {
            return DataflowState.FAILED;
        }
        return isStopping() ? DataflowState.STOPPED : DataflowState.FINISHED;
    }

    List<DataflowResult.Failure> failures() {
        return failures;
    }
}
