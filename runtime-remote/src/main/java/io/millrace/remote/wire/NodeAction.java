package io.millrace.remote.wire;

/** What is done to one node of a running job. */
public enum NodeAction {
    RESTART,
    STOP
}
