package io.millrace.local.stepped;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.crew.Carrier;
import io.millrace.local.crew.Crew;
import io.millrace.local.crew.NodeThreads;
import io.millrace.local.crew.ThreadCrew;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.run.Coordinator;
import io.millrace.local.waiting.Baton;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.Waiting;
import io.millrace.local.wiring.Statuses;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drives a dataflow by hand: one node at a time, by a clock that stands still meanwhile. What happens is the same whenever the same turns are taken, which {@link Turns}
 * decides. All belongs to the one thread that steps, and to the node's thread whose turn it is.
 *
 * <p>A node that polls without finding anything, or offers without being taken, could go on like that for ever: it has no further turn until somebody gets
 * something done, or time passes. (It has a few, for it may do something else after a while.)
 */
final class Stepper implements Crew {
    private final ManualClock clock;
    private final Turns turns;
    private final long limitNs;
    private final NodeThreads threads;
    private final WakeSignal signal = new WakeSignal();
    private final Map<String, Baton> batons = new HashMap<>();
    private final List<SteppedNode> nodes = new ArrayList<>();
    private final List<Integer> able = new ArrayList<>();
    private @Nullable Coordinator coordinator;
    private boolean hasProgressed;
    private @Nullable String lastTurn;

    /** A node holds its turn for too long: it blocks outside of its context. */
    static final class StuckException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        private final transient String node;

        StuckException(String node, String message) {
            super(message);
            this.node = node;
        }

        String node() {
            return node;
        }
    }

    /** @param limitNs how long a turn may last, in real time */
    Stepper(ManualClock clock, Turns turns, long limitNs, ThreadCrew.Threads threads) {
        this.clock = clock;
        this.turns = turns;
        this.limitNs = limitNs;
        this.threads = new NodeThreads(threads);
    }

    /** Before the first step. */
    void attach(Coordinator stepped) {
        coordinator = stepped;
    }

    /** From 0. */
    long nanoTime() {
        return clock.elapsed().toNanos();
    }

    /** Told of what comes from other threads. */
    WakeSignal signal() {
        return signal;
    }

    // The crew.

    @Override
    public Waiting waitingFor(PlannedNode node) {
        if (node.isReactive()) {
            return SteppedOperators.waiting(signal);
        }
        Baton baton = new Baton(this::nanoTime, signal);
        batons.put(node.node().id(), baton);
        return baton;
    }

    @Override
    public Waiting waitingAfter(PlannedNode node, Waiting former) {
        return waitingFor(node); // the signal is the same for all
    }

    @Override
    public Carrier carrierFor(NodeAgent agent, PlannedNode node, StartGate gate) {
        Baton baton = batons.get(agent.nodeId());
        return baton == null
                ? new SteppedOperators(agent, this, gate, turns, node.loader())
                : new SteppedLoop(agent, this, baton, gate, () -> messages(agent), limitNs, threads, node.loader());
    }

    private long messages(NodeAgent agent) {
        return Statuses.messages(Objects.requireNonNull(coordinator).wiring(), agent);
    }

    @Override
    public boolean isStepped() {
        return true;
    }

    @Override
    public boolean isNodeThread() {
        return threads.isCalling();
    }

    @Override
    public void relieve() {}

    @Override
    public String summary() {
        return "nodes are stepped one at a time, " + turns.describe() + ", by a clock that is moved by hand";
    }

    @Override
    public Optional<String> remark() {
        return Optional.empty();
    }

    void join(SteppedNode node) {
        nodes.add(node);
    }

    // Stepping.

    /**
     * One turn, with what the coordinator has to do before and after it; false if there is nothing to do at this time.
     *
     * @throws StuckException if a node does not give its turn up
     */
    boolean step() {
        boolean isCoordinated = coordinate();
        SteppedNode node = next();
        if (node == null) {
            return isCoordinated;
        }
        lastTurn = node.agent.nodeId();
        SteppedNode.Outcome outcome = node.turn();
        hasProgressed = outcome == SteppedNode.Outcome.PROGRESS;
        if (hasProgressed) {
            wakeIdling();
        } else {
            node.onFruitlessTurn();
        }
        nodes.removeIf(SteppedNode::isOver);
        coordinate();
        if (outcome == SteppedNode.Outcome.STUCK && node instanceof SteppedLoop loop) {
            throw stuck(loop);
        }
        return true;
    }

    private boolean coordinate() {
        boolean any = false;
        while (Objects.requireNonNull(coordinator).step()) {
            any = true;
        }
        if (any) {
            wakeIdling();
        }
        return any;
    }

    private @Nullable SteppedNode next() {
        able.clear();
        for (int i = 0; i < nodes.size(); i++) {
            if (!nodes.get(i).isIdling() && nodes.get(i).canRun()) {
                able.add(i);
            }
        }
        return able.isEmpty() ? null : nodes.get(able.get(turns.next(able)));
    }

    /** Something has happened that may be what they wait for. */
    void wakeIdling() {
        nodes.forEach(SteppedNode::onProgress);
    }

    /** Whether something came of the last turn. */
    boolean hasProgressed() {
        return hasProgressed;
    }

    /** The node that had a turn last; empty before the first. */
    Optional<String> lastTurn() {
        return Optional.ofNullable(lastTurn);
    }

    /** Whether somebody asks again and again, and so wants time to pass. */
    boolean isAnyIdling() {
        return nodes.stream().anyMatch(SteppedNode::isIdling);
    }

    /** Nanoseconds until there is something to do because time has passed; {@link Long#MAX_VALUE} for never. */
    long untilDueNs() {
        long until = Objects.requireNonNull(coordinator).untilDueNs();
        for (SteppedNode node : nodes) {
            long ofNodeNs = node.untilDueNs();
            // Who was given turns in vain while something is due does not look for it.
            if (ofNodeNs > 0 || !node.isIdling()) {
                until = Math.min(until, ofNodeNs);
            }
        }
        return until;
    }

    /** Whether {@link #step} has something to do. */
    boolean canStep() {
        return Objects.requireNonNull(coordinator).canStep()
                || nodes.stream().anyMatch(node -> !node.isIdling() && node.canRun());
    }

    /** Waits a moment, in real time, for nodes that were stuck and then interrupted. */
    void awaitStuck(long timeoutNs) {
        long endNs = System.nanoTime() + timeoutNs;
        for (SteppedNode node : nodes) {
            if (node instanceof SteppedLoop loop) {
                loop.awaitEndIfStuck(endNs - System.nanoTime());
            }
        }
    }

    private StuckException stuck(SteppedLoop node) {
        StuckException stuck = new StuckException(
                node.agent.nodeId(),
                "node '" + node.agent.nodeId() + "' holds its turn for longer than "
                        + Duration.ofNanos(limitNs)
                        + ": it blocks outside of its context, where nobody can give others their turn meanwhile; let it wait in"
                        + " context.next, output.send or context.sleep, or raise the limit");
        stuck.setStackTrace(node.stack());
        return stuck;
    }
}
