package io.millrace.codec;

import io.millrace.node.Message;
import java.util.Objects;

/** The ints of a message, read in place: nothing is copied or allocated. Valid as long as the message; made once and used for one message after the other. */
public final class IntArrayView extends ArrayView {
    private static final int SHIFT = 2;

    /** A view of nothing yet. */
    public IntArrayView() {}

    /**
     * Shows the ints of this message from now on.
     *
     * @throws CodecException if {@link Codecs#INTS} did not write it, or it ends within a value
     */
    public IntArrayView wrap(Message message) {
        Codecs.INTS.check(message);
        return decode(message);
    }

    /**
     * As {@link #wrap} whatever the message says it is: for senders that say nothing.
     *
     * @throws CodecException if the payload ends within a value
     */
    public IntArrayView decode(Message message) {
        show(message, Codecs.INTS);
        return this;
    }

    /** @throws IndexOutOfBoundsException if {@code index} is not within 0 to {@link #length} - 1 */
    public int get(int index) {
        return message().getInt(Objects.checkIndex(index, length()) << SHIFT);
    }

    /** Copies {@code count} values, from {@code index} on. */
    public void copyTo(int index, int[] target, int targetIndex, int count) {
        Objects.checkFromIndexSize(index, count, length());
        Objects.checkFromIndexSize(targetIndex, count, target.length);
        for (int i = 0; i < count; i++) {
            target[targetIndex + i] = get(index + i);
        }
    }

    /** Allocates: a copy of all. */
    public int[] toArray() {
        int[] copy = new int[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }
}
