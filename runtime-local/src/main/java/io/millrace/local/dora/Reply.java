package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node gets for a request. */
public sealed interface Reply {
    /** Done, or the text of why not. */
    record Result(@Nullable String error) implements Reply {
        public static final Result OK = new Result(null);
    }

    /** To {@link Request.NextEvent}. None at all means that there will be no more. Whoever serves events writes them by {@link EventBatch}. */
    record NextEvents(List<TimedEvent> events) implements Reply {
        public static final NextEvents END = new NextEvents(List.of());
    }

    /** To {@link Request.ExtensionLoad}; null for nothing. */
    record ExtensionValue(@Nullable ByteBuffer value) implements Reply {}

    /** Part of the protocol, and never sent. */
    record Empty() implements Reply {}

    /** To {@link Request.ExtensionRequest}, where that went well. */
    record ExtensionReply(ByteBuffer payload) implements Reply {}
}
