package io.millrace.remote.wire;

import io.millrace.runtime.NodeState;
import java.util.List;

/** What happens in a part that an application is told of; see {@link io.millrace.runtime.DataflowEvent}. Not kept by masters. */
public sealed interface JobEvent {

    record NodeStateChanged(String node, NodeState state) implements JobEvent {}

    record NodeFailed(FailureRecord failure) implements JobEvent {}

    record NodeRestarted(String node, int incarnation) implements JobEvent {}

    record NodeStuck(String node, long stuckForNs, List<Frame> stack) implements JobEvent {
        public NodeStuck {
            stack = List.copyOf(stack);
        }
    }

    record FirstDrop(String edge) implements JobEvent {}

    /** One line of a stack. */
    record Frame(String type, String method, String file, int line) {}
}
