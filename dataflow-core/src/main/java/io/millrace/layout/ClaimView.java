package io.millrace.layout;

import io.millrace.node.Claim;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A claim over writable memory; what commit and abort do is its owner's. Used by the sending thread only. */
public abstract class ClaimView extends PaddedClaim {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NOTHING;
    /** Of the buffer, if that is on the heap: then it is written there, which takes less. */
    private byte @Nullable [] array;

    private int offset;
    private int length = -1;
    private int format;

    protected ClaimView() {}

    /** Shows {@code length} bytes from {@code offset} on, of format BYTES. */
    protected final void open(ByteBuffer region, int payloadOffset, int payloadLength) {
        if (buffer != region) { // storing a reference costs more than looking
            buffer = region;
            array = region.hasArray() && region.arrayOffset() == 0 ? region.array() : null;
        }
        offset = payloadOffset;
        length = payloadLength;
        format = 0;
    }

    /** The same bytes as the last time, {@code payloadLength} of them. */
    protected final void openAgain(int payloadLength) {
        length = payloadLength;
        format = 0;
    }

    /** From now on every access throws, until the next {@link #open}. The buffer stays, for the next claim is most likely in the same one. */
    protected final void shut() {
        length = -1;
    }

    public final boolean isOpen() {
        return length >= 0;
    }

    /** The code of the format that was said. */
    protected final int formatCode() {
        return format;
    }

    protected final void checkOpen() {
        if (length < 0) {
            throw new IllegalStateException("this claim was committed or aborted before");
        }
    }

    /** The index in the buffer of a number's first byte: one comparison for all that could be wrong. */
    private int within(int index, int bytes) {
        return index >= 0 && index <= length - bytes ? offset + index : at(index, bytes);
    }

    private int at(int index, int count) {
        checkOpen();
        return offset + Objects.checkFromIndexSize(index, count, length);
    }

    @Override
    public final ByteBuffer buffer() {
        checkOpen();
        return buffer;
    }

    @Override
    public final int offset() {
        checkOpen();
        return offset;
    }

    @Override
    public final int length() {
        checkOpen();
        return length;
    }

    @Override
    public final void putByte(int index, byte value) {
        int at = within(index, Byte.BYTES);
        byte[] bytes = array;
        if (bytes == null) {
            buffer.put(at, value);
        } else {
            bytes[at] = value;
        }
    }

    @Override
    public final void putShort(int index, short value) {
        int at = within(index, Short.BYTES);
        byte[] bytes = array;
        if (bytes == null) {
            buffer.putShort(at, value);
        } else {
            HeapBytes.putShort(bytes, at, value);
        }
    }

    @Override
    public final void putInt(int index, int value) {
        int at = within(index, Integer.BYTES);
        byte[] bytes = array;
        if (bytes == null) {
            buffer.putInt(at, value);
        } else {
            HeapBytes.putInt(bytes, at, value);
        }
    }

    @Override
    public final void putLong(int index, long value) {
        int at = within(index, Long.BYTES);
        byte[] bytes = array;
        if (bytes == null) {
            buffer.putLong(at, value);
        } else {
            HeapBytes.putLong(bytes, at, value);
        }
    }

    @Override
    public final void putFloat(int index, float value) {
        int at = within(index, Float.BYTES);
        byte[] bytes = array;
        if (bytes == null) {
            buffer.putFloat(at, value);
        } else {
            HeapBytes.putFloat(bytes, at, value);
        }
    }

    @Override
    public final void putDouble(int index, double value) {
        int at = within(index, Double.BYTES);
        byte[] bytes = array;
        if (bytes == null) {
            buffer.putDouble(at, value);
        } else {
            HeapBytes.putDouble(bytes, at, value);
        }
    }

    @Override
    public final void putBytes(int index, byte[] source, int sourceOffset, int count) {
        buffer.put(at(index, count), source, sourceOffset, count);
    }

    @Override
    public final void putBytes(int index, ByteBuffer source) {
        int count = source.remaining();
        buffer.put(at(index, count), source, source.position(), count);
    }

    @Override
    public final Claim format(PayloadFormat payloadFormat) {
        checkOpen();
        format = payloadFormat.code();
        return this;
    }

    @Override
    public final Claim formatCode(int code) {
        checkOpen();
        if (code < 0 || code > 0xFFFF) {
            throw new IllegalArgumentException("a payload's format is a number within 0 to 65535, found " + code);
        }
        format = code;
        return this;
    }
}
