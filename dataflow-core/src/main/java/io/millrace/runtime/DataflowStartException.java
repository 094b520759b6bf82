package io.millrace.runtime;

/** A dataflow did not start: a node's {@code open} failed, or did not return in time. Nothing is left running. */
public final class DataflowStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param cause what a node threw, or null */
    public DataflowStartException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
