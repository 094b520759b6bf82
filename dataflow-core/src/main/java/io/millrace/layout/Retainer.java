package io.millrace.layout;

import io.millrace.node.RetainedMessage;

/** Where a message goes that is to outlive its callback. */
public interface Retainer {
    /** @param message valid now; its own thread calls */
    RetainedMessage retain(MessageView message);
}
