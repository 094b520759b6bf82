package io.millrace.remote.wire;

/** How far an executor is to bring a part. */
public enum PartPhase {
    /** Files, classes, memory. */
    PREPARE,
    /** Nodes are opened, and wait. */
    OPEN,
    /** Messages flow. */
    RUN,
    /** End in order, within the grace, to be started elsewhere: what it feeds is left without messages for a while, not closed. */
    MOVE,
    /** End in order, within the grace. */
    STOP,
    /** At once, whatever it does, and forget it. */
    DROP
}
