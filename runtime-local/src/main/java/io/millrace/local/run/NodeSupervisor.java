package io.millrace.local.run;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodeFault;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a node that has ended, or does not come back: whether it runs again, and when. The coordinator's thread. */
final class NodeSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSupervisor.class);

    private final Wiring wiring;
    private final Agenda agenda;
    private final DataflowLife life;
    private final NodeLives nodes;
    private final Listeners listeners;
    private final Startup startup;
    private final Shutdown shutdown;
    private final StragglerWatch stragglers;

    NodeSupervisor(
            Wiring wiring,
            Agenda agenda,
            DataflowLife life,
            NodeLives nodes,
            Listeners listeners,
            Startup startup,
            Shutdown shutdown,
            StragglerWatch stragglers) {
        this.wiring = wiring;
        this.agenda = agenda;
        this.life = life;
        this.nodes = nodes;
        this.listeners = listeners;
        this.startup = startup;
        this.shutdown = shutdown;
        this.stragglers = stragglers;
    }

    void onRunning(NodeLife node) {
        if (node.state() != NodeState.READY) {
            return;
        }
        nodes.move(node, life.isStopping() || node.isStopAsked() ? NodeState.STOPPING : NodeState.RUNNING);
        int incarnation = node.agent().incarnation();
        if (incarnation > 0) {
            LOG.info("dataflow '{}': node '{}' runs again, restart {}", wiring.name(), node.nodeId(), incarnation);
            listeners.tell(new DataflowEvent.NodeRestarted(node.nodeId(), incarnation));
        }
    }

    /** @param thrown null if it has ended by itself, or was asked to */
    void onEnded(NodeLife node, @Nullable Throwable thrown, String failedPart) {
        Throwable failure = node.causeOfEnd(thrown);
        NodeAgent ended = node.agent();
        boolean isAsked = node.takeRestartAsked() && ended.isRetired();
        if (mayRestart(node, failure, isAsked) && restart(node, failure, failedPart, isAsked)) {
            return;
        }
        if (ended.isRetired()) {
            wiring.succession().renew(node.nodeId(), ended.incarnation());
            node.settle();
        }
        if (failure == null) {
            boolean isTold = life.isStopping() || node.isStopAsked() || life.startFailure() != null;
            nodes.move(node, isTold ? NodeState.STOPPED : NodeState.FINISHED);
        } else {
            nodes.move(node, NodeState.FAILED);
            onFailed(failedPart, failure);
        }
    }

    private boolean mayRestart(NodeLife node, @Nullable Throwable failure, boolean isAsked) {
        NodeAgent ended = node.agent();
        return !life.isStarting()
                && !life.isStopping()
                && !node.isStopAsked()
                && !stragglers.isFound(node.nodeId())
                && (isAsked || node.restarts().covers(failure != null, ended.isLastEventOut(), ended.isExhausted()));
    }

    private void onFailed(String part, Throwable failure) {
        if (life.mayStart()) {
            startup.fail(": node '" + part + "' failed in open: " + NodeFault.describe(failure), failure);
        } else if (life.isStarting()) {
            life.addFailure(part, failure);
        } else {
            shutdown.onFailure(part, failure);
        }
    }

    // It runs again.

    /** False if its restarts are used up, of which one that was asked for is none. */
    private boolean restart(NodeLife node, @Nullable Throwable failure, String failedPart, boolean isAsked) {
        long delayNs = isAsked ? 0 : node.restarts().next(agenda.nanoTime());
        if (delayNs == Restarts.USED_UP) {
            return false;
        }
        int number = node.agent().incarnation() + 1;
        if (wiring.boundaryOrNull() != null && node.isAnyEdgeBroken()) {
            wiring.succession().replace(node.nodeId(), number); // else what leads elsewhere is not made anew
        } else {
            wiring.succession().renew(node.nodeId(), number);
        }
        awaitRestart(node, failure, failedPart, delayNs);
        return true;
    }

    private void awaitRestart(NodeLife node, @Nullable Throwable failure, String failedPart, long delayNs) {
        NodeAgent next = node.agent();
        nodes.move(node, NodeState.RESTARTING);
        agenda.after(delayNs, () -> startAgain(node, next));
        Duration delay = Duration.ofNanos(delayNs);
        if (failure == null) {
            LOG.info("dataflow '{}': node '{}' has ended and will run again in {}", wiring.name(), failedPart, delay);
        } else {
            listeners.tell(new DataflowEvent.NodeFailed(failedPart, failure));
            LOG.warn(
                    "dataflow '{}': node '{}' failed and will run again in {}",
                    wiring.name(),
                    failedPart,
                    delay,
                    failure);
        }
    }

    private void startAgain(NodeLife node, NodeAgent next) {
        if (node.agent() != next || node.state() != NodeState.RESTARTING) {
            return;
        }
        nodes.move(node, NodeState.OPENING); // before its thread is at work
        try {
            node.setCarrier(wiring.carrierFor(next));
            node.start();
        } catch (Throwable t) { // as at the first start
            node.settle();
            nodes.move(node, NodeState.FAILED);
            shutdown.onFailure(node.nodeId(), t);
            return;
        }
        if (!wiring.crew().isStepped()) { // else a turn has its own limit, of real time
            int incarnation = next.incarnation(); // and not the agent, which would be kept as long as the limit
            agenda.after(Times.nanos(wiring.options().startTimeout()), () -> onRestartTimeout(node, incarnation));
        }
    }

    private void onRestartTimeout(NodeLife node, int incarnation) {
        if (node.agent().incarnation() == incarnation && node.state() == NodeState.OPENING && !life.isStopping()) {
            Duration limit = wiring.options().startTimeout();
            interruptStuck(node, StuckException.inOpen(node.nodeId(), limit, node.thread()));
        }
    }

    // It does not come back.

    void onStuck(NodeLife node, Duration stuckFor) {
        StuckException stuck = StuckException.inCallback(node.nodeId(), stuckFor, node.thread());
        nodes.move(node, NodeState.STUCK);
        listeners.tell(new DataflowEvent.NodeStuck(node.nodeId(), stuckFor, List.of(stuck.getStackTrace())));
        LOG.error("dataflow '{}': {}; it stands at", wiring.name(), stuck.getMessage(), stuck);
        node.setApart(); // whatever becomes of it, others that share its thread go on
        if (node.restarts().isEver() && !node.agent().isClosing()) { // what is given back takes its time
            interruptStuck(node, stuck);
        }
    }

    void onNoLongerStuck(NodeLife node) {
        nodes.move(node, NodeState.RUNNING);
        LOG.info("dataflow '{}': node '{}' is no longer stuck", wiring.name(), node.nodeId());
    }

    /** However it ends now, {@code stuck} is why; if it does not, another incarnation takes its place. */
    void interruptStuck(NodeLife node, StuckException stuck) {
        NodeAgent agent = node.agent();
        node.setApart();
        node.interruptFor(stuck);
        agenda.after(Shutdown.ABANDON_AFTER_NS, () -> replaceStuck(node, agent, stuck));
    }

    private void replaceStuck(NodeLife node, NodeAgent former, StuckException stuck) {
        if (node.agent() != former || node.state().isFinal() || life.isStopping() || node.isStopAsked()) {
            return; // or whoever stops it leaves it behind
        }
        Thread left = node.thread();
        node.causeOfEnd(null); // told now
        long delayNs = delayOfReplacement(node);
        boolean runsAgain = delayNs != Restarts.USED_UP;
        LOG.error(
                "dataflow '{}': node '{}' did not end when it was interrupted: its thread '{}' is left behind, with {} messages that waited for it",
                wiring.name(),
                node.nodeId(),
                left.getName(),
                wiring.edges().backlogOf(node.nodeId()));
        wiring.succession().replace(node.nodeId(), former.incarnation() + (runsAgain ? 1 : 0));
        node.agent().tellFailed(stuck);
        if (runsAgain) {
            awaitRestart(node, stuck, node.nodeId(), delayNs);
        } else {
            node.settle();
            nodes.move(node, NodeState.ABANDONED);
            shutdown.onFailure(node.nodeId(), stuck);
        }
    }

    /** As for one that has failed and ended. */
    private long delayOfReplacement(NodeLife node) {
        if (node.takeRestartAsked()) {
            return 0;
        }
        NodeAgent left = node.agent();
        return node.restarts().covers(true, left.wasToldTheEnd(), false)
                ? node.restarts().next(agenda.nanoTime())
                : Restarts.USED_UP;
    }

    /** Leaves a node behind that was stopped and does not come back, and no other takes its place; the others go on without it. */
    void abandonStopped(NodeLife node) {
        shutdown.abandon(node);
        if (!life.isStopping()) {
            wiring.succession().replace(node.nodeId(), node.agent().incarnation());
            node.settle();
        }
    }
}
