package io.millrace.runtime;

/** Where a dataflow is in its life. The last three are final. */
public enum DataflowState {
    /** Nodes are being opened. */
    STARTING,
    RUNNING,
    /** Told to stop; nodes are ending. */
    STOPPING,
    /** Every node has ended by itself. */
    FINISHED,
    /** Every node has ended, at least one by a failure. */
    FAILED,
    /** Every node has ended because the dataflow was told to stop. */
    STOPPED;

    public boolean isFinal() {
        return this == FINISHED || this == FAILED || this == STOPPED;
    }
}
