package io.millrace.runtime;

import io.millrace.node.Message;

/** Takes what a {@link Tap} brings, on the tap's thread. */
@FunctionalInterface
public interface TapHandler {

    /**
     * The message is valid until the method returns. May block: what waits meanwhile is bounded by the tap's options.
     *
     * @param output the full name of the output that sent it: the same object for all its messages
     * @throws Exception ends the tap, and nothing else: it is logged, and is what {@link Tap#completion()} completes with
     */
    void onMessage(String output, Message message) throws Exception;

    /**
     * Nothing waits after the messages that came: called once for them, before the thread waits for more, and before it ends, unless a handler has failed. Who gathers messages does
     * with them what remains to be done.
     *
     * @throws Exception as for {@link #onMessage}
     */
    default void onPause() throws Exception {}
}
