package io.millrace.runtime;

/** Where a node is in its life. The last four are final. */
public enum NodeState {
    /** Its thread has not begun. */
    WAITING,
    /** In {@code open}. */
    OPENING,
    /** Opened, waiting for the others. */
    READY,
    RUNNING,
    /** Told to stop. */
    STOPPING,
    /** Ended by itself. */
    FINISHED,
    /** Ended because the dataflow was told to stop. */
    STOPPED,
    /** It threw. */
    FAILED,
    /** It did not end when it was interrupted, and its thread was left behind. */
    ABANDONED;

    public boolean isFinal() {
        return this == FINISHED || this == STOPPED || this == FAILED || this == ABANDONED;
    }
}
