package io.millrace.runtime;

import io.millrace.node.Message;

/** Takes messages that an application has subscribed to. */
@FunctionalInterface
public interface MessageHandler {

    /** The message is valid until the method returns. */
    void onMessage(Message message);
}
