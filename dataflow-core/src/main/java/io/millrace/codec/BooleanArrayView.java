package io.millrace.codec;

import io.millrace.node.Message;
import java.util.Objects;

/** The booleans of a message, read in place: nothing is copied or allocated. Valid as long as the message; made once and used for one message after the other. */
public final class BooleanArrayView extends ArrayView {
    /** A view of nothing yet. */
    public BooleanArrayView() {}

    /**
     * Shows the booleans of this message from now on.
     *
     * @throws CodecException if {@link Codecs#BOOLEANS} did not write it, or it ends within a value
     */
    public BooleanArrayView wrap(Message message) {
        Codecs.BOOLEANS.check(message);
        return decode(message);
    }

    /**
     * As {@link #wrap} whatever the message says it is: for senders that say nothing.
     *
     * @throws CodecException if the payload ends within a value
     */
    public BooleanArrayView decode(Message message) {
        show(message, Codecs.BOOLEANS);
        return this;
    }

    /** @throws IndexOutOfBoundsException if {@code index} is not within 0 to {@link #length} - 1 */
    public boolean get(int index) {
        return Bits.toBoolean(Codecs.BOOLEANS, message(), Objects.checkIndex(index, length()));
    }

    /** Copies {@code count} values, from {@code index} on. */
    public void copyTo(int index, boolean[] target, int targetIndex, int count) {
        Objects.checkFromIndexSize(index, count, length());
        Objects.checkFromIndexSize(targetIndex, count, target.length);
        for (int i = 0; i < count; i++) {
            target[targetIndex + i] = get(index + i);
        }
    }

    /** Allocates: a copy of all. */
    public boolean[] toArray() {
        boolean[] copy = new boolean[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }
}
