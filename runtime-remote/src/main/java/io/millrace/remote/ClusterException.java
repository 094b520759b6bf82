package io.millrace.remote;

/** A cluster has not done what was asked of it: no master leads, or the masters say no. The message says which and why. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
