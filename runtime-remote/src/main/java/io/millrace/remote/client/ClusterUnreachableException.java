package io.millrace.remote.client;

/** No leading master was reached in time. */
public final class ClusterUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayBeDone;

    public ClusterUnreachableException(String message) {
        this(message, false);
    }

    /** @param mayBeDone whether a master was asked, and only its answer is missing */
    ClusterUnreachableException(String message, boolean mayBeDone) {
        super(message);
        this.mayBeDone = mayBeDone;
    }

    boolean mayBeDone() {
        return mayBeDone;
    }
}
