package io.millrace.node;

/**
 * Code with its own loop, on the node's own thread.
 *
 * <p>{@code run} polls or waits for events through its {@link NodeContext} and ends by returning: when {@link NodeContext#next()} returns null, when
 * an output is {@link SendResult#CLOSED}, or when its work is done. What it throws fails the node. It may block elsewhere, but then is told of a stop
 * only by an interrupt. An instance is used for one incarnation.
 *
 * <p>A class named in a dataflow file is public, with a public constructor without parameters.
 */
public interface Node {

    /** Called once, before any node of the dataflow receives a message. May block. Sending here is an error. */
    default void open(NodeContext context) throws Exception {}

    /** The node's life. */
    void run(NodeContext context) throws Exception;

    /** Called once after {@code run}, also after a failure: releases what {@code open} took. Sending here has no effect. */
    default void close() throws Exception {}
}
