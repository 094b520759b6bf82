package io.millrace.local.run;

import io.millrace.local.agent.NodeFault;
import io.millrace.local.crew.DataflowThreads;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has every node open and then messages flow, or closes all again. The coordinator's thread, but for what says otherwise. */
final class Startup {
    private final Wiring wiring;
    private final Agenda agenda;
    private final DataflowLife life;
    private final NodeLives nodes;
    private final Shutdown shutdown;
    private final DataflowThreads threads;
    private final Supplier<LocalDataflow> handle;

    private final CompletableFuture<LocalDataflow> started = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();

    // The coordinator's thread.
    private boolean mayRun; // a part only when it is told
    private boolean isOpenTold;
    private boolean wasAbandonedInOpen;

    Startup(
            Wiring wiring,
            Agenda agenda,
            DataflowLife life,
            NodeLives nodes,
            Shutdown shutdown,
            DataflowThreads threads,
            Supplier<LocalDataflow> handle) {
        this.wiring = wiring;
        this.agenda = agenda;
        this.life = life;
        this.nodes = nodes;
        this.shutdown = shutdown;
        this.threads = threads;
        this.handle = handle;
        this.mayRun = wiring.part() == null;
    }

    /** When messages flow. Any thread. */
    CompletableFuture<LocalDataflow> started() {
        return started;
    }

    /** When every node is open, of a part that is not to run yet. Any thread. */
    CompletableFuture<@Nullable Void> opened() {
        return opened;
    }

    /** Gives the nodes so much time, as the options say. */
    void limitTime() {
        agenda.after(Times.nanos(wiring.options().startTimeout()), this::onTimeout);
    }

    void startNodes() {
        nodes.all().forEach(this::startThread);
    }

    private void startThread(NodeLife node) {
        if (life.startFailure() != null) {
            nodes.move(node, NodeState.STOPPED);
            return;
        }
        try {
            node.start();
        } catch (Throwable t) { // no memory for one, or a factory that has started it already, or makes its own kind
            nodes.move(node, NodeState.FAILED);
            fail(": the thread of node '" + node.nodeId() + "' cannot be started: " + NodeFault.describe(t), t);
        }
    }

    /** Has messages flow, once every node is open. */
    void release() {
        mayRun = true;
        openGateWhenReady();
    }

    void onOpened(NodeLife node) {
        nodes.move(node, NodeState.READY);
        openGateWhenReady();
    }

    private void openGateWhenReady() {
        if (!life.mayStart() || !nodes.areAllReady()) {
            return;
        }
        if (!mayRun) {
            tellOpened();
            return;
        }
        LocalDataflow made = handle.get();
        if (hasActedWhenOpen(made)) {
            wiring.gate().open();
            wakeAll();
            life.become(DataflowState.RUNNING);
            tellStarted(made);
        }
    }

    private boolean hasActedWhenOpen(LocalDataflow made) {
        if (wiring.part() != null) {
            return true; // that is for all parts, and so for their owner
        }
        try {
            wiring.options().whenOpen().ifPresent(action -> action.accept(made));
            return true;
        } catch (Throwable t) { // the application's code, and its failure is that of the start
            fail(": what was to be done before messages flow has failed: " + NodeFault.describe(t), t);
            return false;
        }
    }

    /** What an application has attached to the start may wait for the end, which would never come if it stood in this thread's way. */
    private void tellStarted(LocalDataflow made) {
        if (wiring.crew().isStepped()) {
            started.complete(made);
            return;
        }
        try {
            threads.run(() -> started.complete(made), "-started");
        } catch (OutOfMemoryError e) { // no room for a thread, but every node has its own
            started.complete(made);
        }
    }

    /** As {@link #tellStarted}. */
    private void tellOpened() {
        if (!isOpenTold) {
            isOpenTold = true;
            try {
                threads.run(() -> opened.complete(null), "-opened");
            } catch (OutOfMemoryError e) { // as there
                opened.complete(null);
            }
        }
    }

    private void onTimeout() {
        if (life.mayStart() && !isOpenTold) {
            fail(" within " + wiring.options().startTimeout() + ": still in open: node " + nodes.stillOpening(), null);
        }
    }

    /** The owner of the part does not want it any more. Nothing happens if messages flow. */
    void abandon() {
        if (life.mayStart()) {
            String late = nodes.stillOpening();
            wasAbandonedInOpen = !late.isEmpty();
            fail(": it was abandoned" + (late.isEmpty() ? "" : ", still in open: node " + late), null);
        }
    }

    /** @param how the end of a sentence */
    void fail(String how, @Nullable Throwable cause) {
        life.failStart(how, cause);
        // Before the gate opens: who waits there only has to be closed, and that is not to be interrupted.
        shutdown.interruptRunning();
        wiring.gate().abort();
        wiring.crew().relieve();
        wakeAll();
        agenda.after(Shutdown.ABANDON_AFTER_NS / 2, wiring.crew()::relieve);
        agenda.after(Shutdown.ABANDON_AFTER_NS, shutdown::abandonRunning);
    }

    private void wakeAll() {
        for (NodeLife node : nodes.all()) {
            node.agent().orders().wake();
        }
    }

    /** All is closed again. */
    void completeFailed(DataflowStartException failure) {
        started.completeExceptionally(failure);
        opened.completeExceptionally(failure);
    }

    /** What nodes threw, or who was still in open when the start was given up from outside. */
    List<Throwable> thrown(DataflowStartException failure) {
        return wasAbandonedInOpen ? List.of(failure) : List.of(failure.getSuppressed());
    }
}
