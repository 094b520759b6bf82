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
}
