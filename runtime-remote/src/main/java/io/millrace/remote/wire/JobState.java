package io.millrace.remote.wire;

/** Where a job is in its life. The last three are final. */
public enum JobState {
    SUBMITTED,
    PREPARING,
    RUNNING,
    STOPPING,
    FINISHED,
    FAILED,
    STOPPED;

    public boolean isFinal() {
        return this == FINISHED || this == FAILED || this == STOPPED;
    }
}
