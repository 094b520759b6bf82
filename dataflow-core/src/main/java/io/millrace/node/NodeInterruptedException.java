package io.millrace.node;

/**
 * A node's thread was interrupted while it waited for an event or for room, as happens at the end of a stop's grace. The thread's interrupt flag is
 * set. A node lets it pass: that is no failure while the dataflow is stopping.
 */
public final class NodeInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NodeInterruptedException(String message) {
        super(message);
    }
}
