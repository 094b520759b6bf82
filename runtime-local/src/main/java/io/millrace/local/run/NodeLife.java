package io.millrace.local.run;

import io.millrace.graph.Supervision;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodePorts;
import io.millrace.local.agent.Pulse;
import io.millrace.local.crew.Carrier;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.Incarnations;
import io.millrace.runtime.NodeState;
import org.jspecify.annotations.Nullable;

/** Where a node is in its life, through all its incarnations. The coordinator's thread, but for what says otherwise. */
final class NodeLife {
    private final Incarnations incarnations;
    private final Restarts restarts;
    private final long healthCheckTimeoutNs;
    private volatile Carrier carrier;
    private volatile NodeState state = NodeState.WAITING;
    private volatile @Nullable Look look;
    private @Nullable StuckException stuck;
    private boolean isRestartAsked;
    private boolean isStopAsked;

    /**
     * What was seen of a node's pulse.
     *
     * @param sinceNs when it was seen so first
     */
    record Look(NodeAgent agent, long pulse, long sinceNs) {}

    NodeLife(Incarnations incarnations, Carrier carrier) {
        Supervision supervision = incarnations.node().node().supervision();
        this.incarnations = incarnations;
        this.carrier = carrier;
        this.restarts = new Restarts(supervision);
        this.healthCheckTimeoutNs = Times.nanos(supervision.healthCheckTimeout(), Long.MAX_VALUE);
    }

    String nodeId() {
        return incarnations.nodeId();
    }

    /** The incarnation that counts. Any thread. */
    NodeAgent agent() {
        return incarnations.agent();
    }

    Restarts restarts() {
        return restarts;
    }

    /** Any thread. */
    NodeState state() {
        return state;
    }

    /** @throws IllegalStateException if that is not how a node lives */
    void become(NodeState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("node '" + nodeId() + "' is " + state + " and cannot become " + next);
        }
        state = next;
    }

    /** What drives the incarnation that counts from now on. */
    void setCarrier(Carrier next) {
        carrier = next;
    }

    /** Has it live. Throws whatever a thread factory may. */
    void start() {
        carrier.start(agent());
    }

    /** The thread that it is on, or would be. Any thread. */
    Thread thread() {
        return carrier.thread(agent());
    }

    void interrupt() {
        agent().orders().requestInterrupt();
        carrier.interrupt(agent());
    }

    /** If it does not come back from its code, it keeps nobody else from going on. */
    void setApart() {
        carrier.setApart(agent());
    }

    /** It does not run again: its edges close. */
    void settle() {
        agent().settle(incarnations.ports());
    }

    /** Whether its stack has overflowed in the middle of a message, and so an edge from it cannot be written any more. Once it has ended. */
    boolean isAnyEdgeBroken() {
        return incarnations.ports().stream().anyMatch(NodePorts::isAnyBroken);
    }

    // On request.

    void askRestart() {
        isRestartAsked = true;
    }

    /** Whether this end of it was asked for, so that it runs again. */
    boolean takeRestartAsked() {
        boolean asked = isRestartAsked;
        isRestartAsked = false;
        return asked;
    }

    void askStop() {
        isStopAsked = true;
    }

    /** Whether it is to end for good, whatever its policy says. */
    boolean isStopAsked() {
        return isStopAsked;
    }

    // Health.

    /** The limit of one callback, in nanoseconds; {@link Long#MAX_VALUE} for none. */
    long healthCheckTimeoutNs() {
        return healthCheckTimeoutNs;
    }

    /** Looks at the pulse. Returns for how many nanoseconds the same callback has been seen to run; 0 if none runs. */
    long look(long nowNs) {
        Look last = look;
        Look now = new Look(agent(), agent().pulse().look(), nowNs);
        if (last == null || last.agent != now.agent || last.pulse != now.pulse) {
            look = now;
            return 0;
        }
        return Pulse.isInside(now.pulse) ? nowNs - last.sinceNs : 0;
    }

    /** As {@link #look}, but without remembering it. Any thread. */
    long heldNs(long nowNs) {
        Look last = look;
        if (last == null
                || last.agent != agent()
                || last.pulse != last.agent.pulse().look()) {
            return 0;
        }
        return Pulse.isInside(last.pulse) ? Math.max(0, nowNs - last.sinceNs) : 0;
    }

    /** Interrupts it because it is stuck: however it ends now, that is why. */
    void interruptFor(StuckException why) {
        stuck = why;
        interrupt();
    }

    /** Whether it was interrupted because it was stuck, and has not ended yet. */
    boolean isInterrupted() {
        return stuck != null;
    }

    /** Why it has ended, given what it threw, if anything; null for no failure. */
    @Nullable Throwable causeOfEnd(@Nullable Throwable thrown) {
        StuckException why = stuck;
        stuck = null;
        if (why == null) {
            return thrown;
        }
        if (thrown != null) {
            why.addSuppressed(thrown);
        }
        return why;
    }
}
