package io.millrace.runtime;

/**
 * A dataflow did not start: a node's {@code open} failed, or did not return in time. Nothing is left running. Or nobody waits for it any more, because that thread was
 * interrupted: then what has begun of it comes to its end by itself.
 */
public final class DataflowStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param cause what a node threw, or what else kept it from starting, or null */
    public DataflowStartException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
