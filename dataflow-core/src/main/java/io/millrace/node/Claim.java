package io.millrace.node;

import java.nio.ByteBuffer;

/**
 * Room for one message, to be written in place and then committed or aborted, before anything else is sent on the same output.
 *
 * <p>Index 0 of the putters is the payload's first byte; numbers are little-endian; an index outside the claim throws {@link
 * IndexOutOfBoundsException}. The room is not cleared: whoever commits has written all of it. Nothing allocates except where it is said. Not meant to be
 * extended outside Millrace.
 */
public abstract class Claim {
    protected Claim() {}

    /**
     * The memory to write to: little-endian; the payload begins at {@link #offset()}. It is used for other messages too: its position, limit, mark and byte order must be left alone. What
     * {@code slice} and {@code duplicate} make of it is big-endian until its {@code order} is said.
     */
    public abstract ByteBuffer buffer();

    /** Where in {@link #buffer()} the payload begins. */
    public abstract int offset();

    /** The length that was asked for, in bytes. */
    public abstract int length();

    public abstract void putByte(int index, byte value);

    public abstract void putShort(int index, short value);

    public abstract void putInt(int index, int value);

    public abstract void putLong(int index, long value);

    public abstract void putFloat(int index, float value);

    public abstract void putDouble(int index, double value);

    /** Copies {@code length} bytes of {@code source} to {@code index}. */
    public abstract void putBytes(int index, byte[] source, int sourceOffset, int length);

    /** Copies what remains in {@code source} to {@code index}; its position stays where it is. */
    public abstract void putBytes(int index, ByteBuffer source);

    /** Says what the bytes are; {@link PayloadFormat#BYTES} unless said. */
    public abstract Claim format(PayloadFormat format);

    /**
     * Says what the bytes are by a number: that of a {@link PayloadFormat}, or the id of a codec. Whoever passes a message on as it came passes
     * {@link Message#formatCode()} on.
     *
     * @throws IllegalArgumentException if it is not within 0 to 65,535
     */
    public abstract Claim formatCode(int code);

    /**
     * Sends what was written. Never blocks. Where the receiver is an operator of the same node it may run within this call; what it throws
     * does not come out here.
     */
    public abstract void commit();

    /** Gives the room back; nothing was sent. */
    public abstract void abort();
}
