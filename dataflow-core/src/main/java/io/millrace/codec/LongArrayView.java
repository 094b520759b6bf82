package io.millrace.codec;

import io.millrace.node.Message;
import java.util.Objects;

/** The longs of a message, read in place: nothing is copied or allocated. Valid as long as the message; made once and used for one message after the other. */
public final class LongArrayView extends ArrayView {
    private static final int SHIFT = 3;

    /** A view of nothing yet. */
    public LongArrayView() {}

    /**
     * Shows the longs of this message from now on.
     *
     * @throws CodecException if {@link Codecs#LONGS} did not write it, or it ends within a value
     */
    public LongArrayView wrap(Message message) {
        Codecs.LONGS.check(message);
        return decode(message);
    }

    /**
     * As {@link #wrap} whatever the message says it is: for senders that say nothing.
     *
     * @throws CodecException if the payload ends within a value
     */
    public LongArrayView decode(Message message) {
        show(message, Codecs.LONGS);
        return this;
    }

    /** @throws IndexOutOfBoundsException if {@code index} is not within 0 to {@link #length} - 1 */
    public long get(int index) {
        return message().getLong(Objects.checkIndex(index, length()) << SHIFT);
    }

    /** Copies {@code count} values, from {@code index} on. */
    public void copyTo(int index, long[] target, int targetIndex, int count) {
        Objects.checkFromIndexSize(index, count, length());
        Objects.checkFromIndexSize(targetIndex, count, target.length);
        for (int i = 0; i < count; i++) {
            target[targetIndex + i] = get(index + i);
        }
    }

    /** Allocates: a copy of all. */
    public long[] toArray() {
        long[] copy = new long[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }
}
