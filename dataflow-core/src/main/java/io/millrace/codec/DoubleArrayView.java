package io.millrace.codec;

import io.millrace.node.Message;
import java.util.Objects;

/** The doubles of a message, read in place: nothing is copied or allocated. Valid as long as the message; made once and used for one message after the other. */
public final class DoubleArrayView extends ArrayView {
    private static final int SHIFT = 3;

    /** A view of nothing yet. */
    public DoubleArrayView() {}

    /**
     * Shows the doubles of this message from now on.
     *
     * @throws CodecException if {@link Codecs#DOUBLES} did not write it, or it ends within a value
     */
    public DoubleArrayView wrap(Message message) {
        Codecs.DOUBLES.check(message);
        return decode(message);
    }

    /**
     * As {@link #wrap} whatever the message says it is: for senders that say nothing.
     *
     * @throws CodecException if the payload ends within a value
     */
    public DoubleArrayView decode(Message message) {
        show(message, Codecs.DOUBLES);
        return this;
    }

    /** @throws IndexOutOfBoundsException if {@code index} is not within 0 to {@link #length} - 1 */
    public double get(int index) {
        return message().getDouble(Objects.checkIndex(index, length()) << SHIFT);
    }

    /** Copies {@code count} values, from {@code index} on. */
    public void copyTo(int index, double[] target, int targetIndex, int count) {
        Objects.checkFromIndexSize(index, count, length());
        Objects.checkFromIndexSize(targetIndex, count, target.length);
        for (int i = 0; i < count; i++) {
            target[targetIndex + i] = get(index + i);
        }
    }

    /** Allocates: a copy of all. */
    public double[] toArray() {
        double[] copy = new double[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }
}
