package io.millrace.remote.client;

/** No leading master was reached in time. */
public final class ClusterUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterUnreachableException(String message) {
        super(message);
    }
}
