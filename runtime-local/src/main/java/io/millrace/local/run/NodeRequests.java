package io.millrace.local.run;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does with a single node what somebody asks for. The coordinator's thread. */
final class NodeRequests {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRequests.class);
    /** What a node has at the most that is asked to end. */
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(10);

    private final String dataflow;
    private final Agenda agenda;
    private final DataflowLife life;
    private final NodeLives nodes;
    private final NodeSupervisor supervisor;
    private final Duration grace;

    NodeRequests(Wiring wiring, Agenda agenda, DataflowLife life, NodeLives nodes, NodeSupervisor supervisor) {
        Duration closeGrace = wiring.options().closeGrace();
        this.dataflow = wiring.name();
        this.agenda = agenda;
        this.life = life;
        this.nodes = nodes;
        this.supervisor = supervisor;
        this.grace = closeGrace.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : closeGrace;
    }

    /** Has a node end, a program as in {@link #stop}, and run again as if its policy allowed one more. What waits for it stays. */
    void restart(String nodeId) {
        NodeLife node = nodes.of(nodeId);
        if (!isInItsCode(node) || life.isStopping() || node.isStopAsked()) {
            LOG.warn("dataflow '{}': node '{}' is {} and is not started anew", dataflow, nodeId, node.state());
            return;
        }
        LOG.info("dataflow '{}': node '{}' is started anew, as was asked", dataflow, nodeId);
        NodeAgent agent = node.agent();
        node.askRestart();
        agent.setSupervised();
        agent.orders().postEndToRestart(StuckException.asked(nodeId));
        long graceNs = Times.nanos(grace);
        afterIfStill(node, agent, graceNs / 2, agent.orders()::postTerminate);
        afterIfStill(node, agent, graceNs, () -> {
            if (isInItsCode(node)) {
                supervisor.interruptStuck(node, StuckException.whenAsked(nodeId, grace, node.thread()));
            }
        });
    }

    private static boolean isInItsCode(NodeLife node) {
        return node.state() == NodeState.RUNNING || node.state() == NodeState.STUCK;
    }

    /** Has a node end for good. */
    void stop(String nodeId) {
        NodeLife node = nodes.of(nodeId);
        if (!life.isRunning() || node.state().isFinal() || node.isStopAsked()) {
            LOG.warn("dataflow '{}': node '{}' is {} and is not stopped", dataflow, nodeId, node.state());
            return;
        }
        LOG.info("dataflow '{}': node '{}' is stopped, as was asked", dataflow, nodeId);
        node.askStop();
        if (nodes.moveToStopping(node)) {
            NodeAgent agent = node.agent();
            long graceNs = Times.nanos(grace);
            agent.orders().postStop();
            if (graceNs > 0) { // as in a stop of the dataflow
                afterIfStill(node, agent, graceNs / 2, agent.orders()::postTerminate);
            }
            afterIfStill(node, agent, graceNs, node::interrupt);
            afterIfStill(node, agent, graceNs + Shutdown.ABANDON_AFTER_NS, () -> supervisor.abandonStopped(node));
        }
    }

    private void afterIfStill(NodeLife node, NodeAgent agent, long delayNs, Runnable action) {
        agenda.after(delayNs, () -> {
            if (node.agent() == agent && !node.state().isFinal()) {
                action.run();
            }
        });
    }
}
