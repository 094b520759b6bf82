package io.millrace.node;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A message as its receiver sees it: a view on memory of the edge, valid until the callback returns, or until the next poll. What is needed longer is
 * retained: {@link #retain}.
 *
 * <p>Index 0 of the getters is the payload's first byte; numbers are little-endian; an index outside the payload throws {@link
 * IndexOutOfBoundsException}. Nothing allocates except where it is said. Not meant to be extended outside Millrace.
 */
public abstract class Message {
    protected Message() {}

    /**
     * The memory that holds the payload: read-only, little-endian, made once for a whole region, so the payload begins at {@link #offset()}. It
     * is shared with all who read there: its position, limit, mark and byte order mean nothing to the message and must be left alone. What {@code slice} and {@code duplicate} make of it is
     * big-endian until its {@code order} is said.
     */
    public abstract ByteBuffer buffer();

    /** Where in {@link #buffer()} the payload begins. */
    public abstract int offset();

    /** The payload's length in bytes; 0 for a timer's tick. */
    public abstract int length();

    public abstract byte getByte(int index);

    public abstract short getShort(int index);

    public abstract int getInt(int index);

    public abstract long getLong(int index);

    public abstract float getFloat(int index);

    public abstract double getDouble(int index);

    /** Copies {@code length} bytes from {@code index} on into {@code target}. */
    public abstract void getBytes(int index, byte[] target, int targetOffset, int length);

    /** Allocates: the UTF-8 text of {@code length} bytes from {@code index} on. */
    public abstract String getText(int index, int length);

    /** Allocates: the whole payload as UTF-8 text. */
    public String text() {
        return getText(0, length());
    }

    /** Allocates: a copy of the payload, which is the caller's to keep. */
    public byte[] toByteArray() {
        byte[] copy = new byte[length()];
        getBytes(0, copy, 0, copy.length);
        return copy;
    }

    /** What the payload's bytes are, as its sender said; {@link PayloadFormat#BYTES} where they were written by a codec with an id of its own. */
    public abstract PayloadFormat format();

    /** The number of {@link #format()}, or the id of the codec that wrote the payload. */
    public abstract int formatCode();

    /** Which incarnation of the producing node sent it. */
    public abstract int incarnation();

    /** Counts the messages of one output, from 0 in each incarnation; a gap is a loss. */
    public abstract long sequence();

    /**
     * When it was sent, by dora's hybrid logical clock: the upper 32 bits are seconds since 1970 without a sign, the lower 32 bits their fraction, of which the
     * last four bits count events. Grows from message to message of a node, also across nodes that one causes in the other, if compared as unsigned
     * numbers. Its wall-clock part is read once
     * per cycle of the sender's loop.
     */
    public abstract long timestamp();

    /** Allocates: {@link #timestamp()} as an instant. */
    public abstract Instant time();

    /** Allocates, unless there are none: the parameters that were sent with it. */
    public abstract Parameters parameters();

    /** Whether any parameters were sent with it. */
    public abstract boolean hasParameters();

    /**
     * Keeps this message beyond its callback, until what is returned is released. To be called while this message is valid, by the thread that received it; on a
     * retained message by any thread that may read it, and then each of the two is released by itself.
     *
     * <p>Does not block. Allocates a small object. A large payload stays where it is and counts against the {@code payload_budget} of the output that it came from; a
     * small one, which stands in memory of the edge, is copied once.
     *
     * @throws IllegalStateException if this message is no longer valid, or was released, or there is no room for the copy within the {@code payload_budget} of the retaining node
     */
    public abstract RetainedMessage retain();
}
