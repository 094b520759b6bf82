package io.millrace.runtime;

/** What an application is told about a running dataflow. */
public sealed interface DataflowEvent {

    /** The dataflow has come to another state. */
    record StateChanged(DataflowState state) implements DataflowEvent {}

    /** A node has come to another state. */
    record NodeStateChanged(String node, NodeState state) implements DataflowEvent {}

    /** A node has failed. */
    record NodeFailed(String node, Throwable error) implements DataflowEvent {}

    /** An edge has dropped a message for the first time. */
    record FirstDrop(String edge) implements DataflowEvent {}
}
