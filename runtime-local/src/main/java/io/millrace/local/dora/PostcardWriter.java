package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Writes the encoding postcard 1.x into memory that grows up to the size of a frame and is used again. Used by one thread. */
final class PostcardWriter {
    private static final int INITIAL_BYTES = 4096;
    // Of what may stand beside a frame's body: its header, and the head of a list of events.
    private static final int MARGIN_BYTES = 64;

    private ByteBuffer memory = ByteBuffer.allocateDirect(INITIAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    int position() {
        return memory.position();
    }

    /** Goes back, or forward over bytes that are written later. */
    void position(int position) {
        if (position > memory.position()) {
            ensure(position - memory.position());
        }
        memory.position(position);
    }

    /** Writes the length of a frame, where room was left for it. */
    void patch(int at, long value) {
        memory.putLong(at, value);
    }

    /** What was written between two positions, not copied. Valid until more is written. */
    ByteBuffer view(int from, int to) {
        return memory.slice(from, to - from);
    }

    void u8(int value) {
        ensure(1);
        memory.put((byte) value);
    }

    void flag(boolean value) {
        u8(value ? 1 : 0);
    }

    void varint(long value) {
        ensure(10);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            memory.put((byte) (left | 0x80));
            left >>>= 7;
        }
        memory.put((byte) left);
    }

    static int varintBytes(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }

    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void f64(double value) {
        ensure(Double.BYTES);
        // A NaN keeps its bits.
        memory.putLong(Double.doubleToRawLongBits(value));
    }

    void text(String text) {
        int length = text.length();
        if (isAscii(text)) {
            varint(length);
            ensure(length);
            for (int i = 0; i < length; i++) {
                memory.put((byte) text.charAt(i));
            }
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            varint(utf8.length);
            ensure(utf8.length);
            memory.put(utf8);
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    void bytes(ByteBuffer bytes) {
        varint(bytes.remaining());
        raw(bytes);
    }

    /** Without a length in front. */
    void raw(ByteBuffer bytes) {
        int length = bytes.remaining();
        ensure(length);
        memory.put(memory.position(), bytes, bytes.position(), length);
        memory.position(memory.position() + length);
    }

    void uuid(UUID uuid) {
        u8(16);
        bigEndian(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    void timestamp(Timestamp timestamp) {
        varint(timestamp.ntp64());
        bigEndian(timestamp.clock().first(), timestamp.clock().last());
    }

    private void bigEndian(long first, long last) {
        ensure(16);
        memory.putLong(Long.reverseBytes(first)).putLong(Long.reverseBytes(last));
    }

    private void ensure(int bytes) {
        if (memory.remaining() < bytes) {
            grow(bytes);
        }
    }

    private void grow(int bytes) {
        long needed = (long) memory.position() + bytes;
        if (needed > FrameReader.MAX_BODY_BYTES + MARGIN_BYTES) {
            throw new FrameTooLargeException(needed);
        }
        int capacity =
                (int) Math.min(Math.max(needed, 2L * memory.capacity()), FrameReader.MAX_BODY_BYTES + MARGIN_BYTES);
        memory = ByteBuffer.allocateDirect(capacity)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(memory.flip());
    }
}
