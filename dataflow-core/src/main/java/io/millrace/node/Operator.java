package io.millrace.node;

import org.jspecify.annotations.Nullable;

/**
 * Reactive code: called back for every message and event, always on the thread of its node.
 *
 * <p>The operators of one node share that thread, so a callback must not block: nothing it may call here does. What a callback throws
 * fails the node; the message in hand is not delivered again. An instance is used for one incarnation of its node.
 *
 * <p>Order of calls: {@code open}, then messages and events, then {@code close}. {@code onInputClosed} comes after the last message of that
 * input, {@code onAllInputsClosed} after the last {@code onInputClosed}, {@code onStop} before any message that still waits. The operator ends
 * after {@code onAllInputsClosed} or {@code onStop}.
 *
 * <p>A class named in a dataflow file is public, with a public constructor without parameters.
 */
public interface Operator {

    /** Called once, before any node of the dataflow receives a message. May block. Sending here is an error. */
    default void open(NodeContext context) throws Exception {}

    /**
     * Called with the messages that wait at one input. The default hands each to {@link #onInput}. Whoever overrides it takes
     * messages with {@link Batch#next()} until that is null; what is not taken is offered again: at once when messages
     * come to another input, else now and then, about every millisecond.
     */
    default void onBatch(Input input, Batch batch) throws Exception {
        for (@Nullable Message message = batch.next(); message != null; message = batch.next()) {
            onInput(input, message);
        }
    }

    /** Called for each message. The message is valid until the callback returns. */
    default void onInput(Input input, Message message) throws Exception {}

    /** The input will bring no more messages, unless it recovers: from an {@code input_timeout}, or on a cluster from a link that was down for too long. */
    default void onInputClosed(Input input) throws Exception {}

    /** An input that {@code input_timeout}, or on a cluster a link that was down, had closed brings messages again: the next callback has one. */
    default void onInputRecovered(Input input) throws Exception {}

    /** Every data input has closed: the last chance to send. */
    default void onAllInputsClosed() throws Exception {}

    /** A node that feeds this one has failed. Where it will not be restarted, {@code onInputClosed} follows. */
    default void onNodeFailed(NodeFailure failure) throws Exception {}

    /** A node that feeds this one runs again, as a new incarnation whose sequence numbers begin at 0. */
    default void onNodeRestarted(String node) throws Exception {}

    /** The dataflow is being stopped; messages that still wait will not be delivered. The last chance to send. */
    default void onStop() throws Exception {}

    /** Called once after the last callback, also after a failure: releases what {@code open} took. Sending here has no effect. */
    default void close() throws Exception {}
}
