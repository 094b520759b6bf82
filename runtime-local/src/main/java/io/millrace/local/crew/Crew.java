package io.millrace.local.crew;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.Waiting;
import java.util.Optional;

/** Who drives the nodes of a dataflow. Used by the thread that makes the dataflow, and then by the coordinator's. */
public interface Crew {

    /** How an incarnation of the node is to wait that shares no edge with those before, whose threads may still use theirs. */
    Waiting waitingFor(PlannedNode node);

    /** How the next incarnation is to wait when the one before has ended, and its edges signal {@code former}. */
    Waiting waitingAfter(PlannedNode node, Waiting former);

    /**
     * What is to drive an incarnation.
     *
     * @param node whose incarnation it is
     * @param gate where it waits, once it is open, for the others
     */
    Carrier carrierFor(NodeAgent agent, PlannedNode node, StartGate gate);

    /** Whether nodes take turns, by a clock that stands still meanwhile. */
    default boolean isStepped() {
        return false;
    }

    /** Whether the caller is the thread of a node, or one that nodes share. Any thread. */
    boolean isNodeThread();

    /** Nodes that have not come back from their code since the last call, and keep others from going on, do so no longer. */
    void relieve();

    /** The dataflow has ended. */
    default void close() {}

    /** What was chosen: one line for the log. */
    String summary();

    /** What is amiss with that, if anything: one line for the log. */
    Optional<String> remark();
}
