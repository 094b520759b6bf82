package io.millrace.local.run;

import io.millrace.graph.GraphSettings.OnFailure;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a dataflow in order, when it is told to or a node has failed: first nothing more comes in, and what is on its way is still handled; later nodes are asked to end; at the end of
 * the grace they are interrupted; who does not come back then is left behind. The coordinator's thread.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    /** From the interrupt until a node is left behind. */
    static final long ABANDON_AFTER_NS = Duration.ofSeconds(1).toNanos();

    private final Wiring wiring;
    private final Agenda agenda;
    private final DataflowLife life;
    private final NodeLives nodes;
    private final Listeners listeners;
    private long endsNs; // of the grace, once it stops

    Shutdown(Wiring wiring, Agenda agenda, DataflowLife life, NodeLives nodes, Listeners listeners) {
        this.wiring = wiring;
        this.agenda = agenda;
        this.life = life;
        this.nodes = nodes;
        this.listeners = listeners;
    }

    /** A grace in nanoseconds that sums can be made of. */
    static long graceNs(Duration grace) {
        return Math.min(Math.max(0, Times.nanos(grace)), Agenda.LONGEST_NS);
    }

    /** A node has failed for good. */
    void onFailure(String part, Throwable failure) {
        life.addFailure(part, failure);
        listeners.tell(new DataflowEvent.NodeFailed(part, failure));
        if (wiring.settings().onFailure() == OnFailure.STOP) {
            begin(graceNs(wiring.options().closeGrace()));
        }
        LOG.error("dataflow '{}': node '{}' failed", wiring.name(), part, failure);
    }

    /** Once more only to end it sooner. Does nothing while it starts. */
    void begin(long graceNs) {
        long sooner = agenda.nanoTime() + graceNs;
        if (life.isStarting() || life.isStopping() && sooner - endsNs >= 0) {
            return;
        }
        endsNs = sooner;
        if (!life.isStopping()) {
            life.become(DataflowState.STOPPING);
            wiring.outputs().closePublishers();
            nodes.running().forEach(this::begin);
            wiring.endApplicationInputs(false);
            agenda.after(graceNs / 4, () -> wiring.endApplicationInputs(true));
        }
        relieve();
        agenda.after(graceNs / 2, this::stopRunning);
        if (graceNs > 0) { // else there is no time that a program could be late
            agenda.after(graceNs - graceNs / 4, this::terminateRunning);
        }
        agenda.after(graceNs, this::interruptRunning);
        agenda.after(graceNs + ABANDON_AFTER_NS / 2, this::relieve);
        agenda.after(graceNs + ABANDON_AFTER_NS, this::abandonRunning);
    }

    private void begin(NodeLife node) {
        if (nodes.moveToStopping(node)) {
            node.agent().orders().postBeginStop();
        }
    }

    private void relieve() {
        wiring.crew().relieve();
    }

    private void stopRunning() {
        relieve();
        nodes.running().forEach(node -> node.agent().orders().postStop());
    }

    private void terminateRunning() {
        nodes.running().forEach(node -> node.agent().orders().postTerminate());
    }

    void interruptRunning() {
        nodes.running().forEach(NodeLife::interrupt);
    }

    void abandonRunning() {
        nodes.running().forEach(this::abandon);
    }

    /** Leaves a node behind, whose thread does not come back. */
    void abandon(NodeLife node) {
        Thread left = node.thread();
        IllegalStateException stuck = new IllegalStateException("node '" + node.nodeId()
                + "' did not end when it was interrupted, and its thread '" + left.getName() + "' was left behind");
        stuck.setStackTrace(left.getStackTrace());
        nodes.move(node, NodeState.ABANDONED);
        life.addFailure(node.nodeId(), stuck);
        LOG.error("dataflow '{}': {}; it stands at", wiring.name(), stuck.getMessage(), stuck);
    }
}
