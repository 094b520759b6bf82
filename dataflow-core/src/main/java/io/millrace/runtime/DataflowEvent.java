package io.millrace.runtime;

import java.time.Duration;
import java.util.List;

/** What an application is told about a running dataflow. */
public sealed interface DataflowEvent {

    /** The dataflow has come to another state. */
    record StateChanged(DataflowState state) implements DataflowEvent {}

    /** A node has come to another state. */
    record NodeStateChanged(String node, NodeState state) implements DataflowEvent {}

    /** A node has failed. Where its state becomes {@link NodeState#RESTARTING} it will run again. */
    record NodeFailed(String node, Throwable error) implements DataflowEvent {}

    /**
     * A node runs again.
     *
     * @param incarnation 1 after the first restart
     */
    record NodeRestarted(String node, int incarnation) implements DataflowEvent {}

    /**
     * One callback of a node, or the stretch of its own loop between two calls of its context, takes longer than its {@code health_check_timeout}.
     *
     * @param stuckFor at least so long
     * @param stack where its thread stands
     */
    record NodeStuck(String node, Duration stuckFor, List<StackTraceElement> stack) implements DataflowEvent {
        public NodeStuck {
            stack = List.copyOf(stack);
        }
    }

    /** An edge has dropped a message for the first time. */
    record FirstDrop(String edge) implements DataflowEvent {}
}
