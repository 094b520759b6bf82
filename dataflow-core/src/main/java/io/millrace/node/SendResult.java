package io.millrace.node;

/** What became of a message that was offered to an output. */
public enum SendResult {
    /** On its way to every consumer. */
    ACCEPTED,
    /** Some consumer under backpressure has no room: nothing was sent, to nobody. Try again. */
    FULL,
    /** No consumer is left, or the output was closed: nothing was sent, and nothing will ever be. */
    CLOSED
}
