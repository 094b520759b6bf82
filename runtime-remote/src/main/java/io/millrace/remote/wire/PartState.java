package io.millrace.remote.wire;

/** How far a part has come on its executor. The last two are final. */
public enum PartState {
    PREPARING,
    PREPARED,
    OPENING,
    OPENED,
    RUNNING,
    STOPPING,
    /** Every node of it has ended. */
    ENDED,
    /** It could not be prepared or opened; nothing of it is left running. */
    FAILED;

    /** Whether it has come so far, or further. */
    public boolean isAtLeast(PartState other) {
        return compareTo(other) >= 0;
    }

    public boolean isFinal() {
        return this == ENDED || this == FAILED;
    }
}
