package io.millrace.remote.wire;

import io.millrace.remote.wire.RecordCodec.Limits;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a message as it is written, growing up to its limit. One thread. */
final class WireWriter {
    private static final int FIRST_BYTES = 256;

    private final Limits limits;
    private byte[] bytes;
    private int length;
    private int depth;

    WireWriter(Limits limits) {
        this.limits = limits;
        this.bytes = new byte[Math.min(FIRST_BYTES, limits.maxBytes())];
    }

    void writeByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    void writeLong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        writeByte((int) rest);
    }

    void writeFixed(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            writeByte((int) (value >>> shift));
        }
    }

    void writeBytes(byte[] value) {
        writeLong(value.length);
        append(value);
    }

    void writeText(String text) {
        if (text.length() > limits.maxTextBytes()) {
            throw tooLong(text.length() + " characters");
        }
        byte[] encoded = utf8(text);
        boolean isUtf8 = encoded.length > 0 || text.isEmpty();
        if (!isUtf8) {
            encoded = text.getBytes(StandardCharsets.UTF_16BE);
            // What has no character in UTF-16 either is replaced there: halves of characters are kept by hand.
            for (int i = 0; i < text.length(); i++) {
                encoded[2 * i] = (byte) (text.charAt(i) >>> 8);
                encoded[2 * i + 1] = (byte) text.charAt(i);
            }
        }
        if (encoded.length > limits.maxTextBytes()) {
            throw tooLong(encoded.length + " bytes");
        }
        writeLong(2L * encoded.length + (isUtf8 ? 0 : 1));
        append(encoded);
    }

    void writeCount(int count) {
        if (count > limits.maxCount()) {
            throw new WireFormatException(count + " elements, expected at most " + limits.maxCount());
        }
        writeLong(count);
    }

    void enter() {
        if (++depth > limits.maxDepth()) {
            throw new WireFormatException("nested deeper than " + limits.maxDepth());
        }
    }

    void leave() {
        depth--;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private WireFormatException tooLong(String found) {
        return new WireFormatException("text of " + found + ", expected at most " + limits.maxTextBytes() + " bytes");
    }

    /** Empty for text that has none: with a surrogate alone. */
    private static byte[] utf8(String text) {
        boolean isPlain = true;
        for (int i = 0; i < text.length() && isPlain; i++) {
            isPlain = !Character.isSurrogate(text.charAt(i));
        }
        if (isPlain) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[encoded.remaining()];
            encoded.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            return new byte[0];
        }
    }

    private void append(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    private void ensure(int more) {
        long needed = (long) length + more;
        if (needed > limits.maxBytes()) {
            throw new WireFormatException("larger than " + limits.maxBytes() + " bytes");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limits.maxBytes(), Math.max(needed, 2L * bytes.length)));
        }
    }
}
