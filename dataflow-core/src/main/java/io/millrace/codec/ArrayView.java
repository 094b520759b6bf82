package io.millrace.codec;

import io.millrace.node.Message;
import org.jspecify.annotations.Nullable;

/** What the views of arrays have in common. Used by one thread at a time. */
public abstract class ArrayView {
    private @Nullable Message message;
    private int length;

    ArrayView() {}

    /** The number of values; 0 before the first message. */
    public final int length() {
        return length;
    }

    final void show(Message shown, ArrayCodec<?> codec) {
        length = codec.countOf(shown);
        message = shown;
    }

    final Message message() {
        @Nullable Message shown = message;
        if (shown == null) {
            throw new IllegalStateException("this view shows no message yet: wrap one first");
        }
        return shown;
    }
}
