package io.millrace.node;

/**
 * What {@link NodeContext#next()} hands to a node with its own loop: a view that is used again for the next event.
 *
 * <p>Not meant to be extended outside Millrace.
 */
public abstract class Event {

    /** What happened. */
    public enum Type {
        /** A message: {@link Event#input()} and {@link Event#message()}. */
        INPUT,
        /** {@link Event#input()} will bring no more messages; comes after its last one. */
        INPUT_CLOSED,
        /** {@link Event#input()}, which {@code input_timeout} had closed, brings messages again. */
        INPUT_RECOVERED,
        /** Every data input has closed; the last event. */
        ALL_INPUTS_CLOSED,
        /** A node that feeds this one has failed: {@link Event#failure()}. */
        NODE_FAILED,
        /** A node that feeds this one runs again: {@link Event#node()}. */
        NODE_RESTARTED,
        /** The dataflow is being stopped; the last event, before any message that still waits. */
        STOP
    }

    protected Event() {}

    public abstract Type type();

    /** @throws IllegalStateException if the event has no input */
    public abstract Input input();

    /** @throws IllegalStateException if the event is not a message */
    public abstract Message message();

    /** @throws IllegalStateException if the event is not a failure */
    public abstract NodeFailure failure();

    /**
     * The id of the node that has failed or runs again.
     *
     * @throws IllegalStateException if the event is not about another node
     */
    public abstract String node();
}
