package io.millrace.remote.wire;

import io.millrace.remote.wire.RecordCodec.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a message as they are read, none of them trusted. One thread. */
final class WireReader {
    private final byte[] bytes;
    private final Limits limits;
    private int position;
    private int depth;

    WireReader(byte[] bytes, Limits limits) {
        if (bytes.length > limits.maxBytes()) {
            throw new WireFormatException(bytes.length + " bytes, expected at most " + limits.maxBytes());
        }
        this.bytes = bytes;
        this.limits = limits;
    }

    void expectVersion(byte expected) {
        byte found = readByte();
        if (found != expected) {
            throw new WireFormatException("format version " + found + ", expected " + expected);
        }
    }

    void expectEnd() {
        if (position != bytes.length) {
            throw new WireFormatException((bytes.length - position) + " bytes more than expected");
        }
    }

    byte readByte() {
        if (position >= bytes.length) {
            throw new WireFormatException("ends too early, after " + bytes.length + " bytes");
        }
        return bytes[position++];
    }

    boolean readBoolean() {
        byte found = readByte();
        if (found != 0 && found != 1) {
            throw new WireFormatException("neither true nor false: " + found);
        }
        return found == 1;
    }

    long readLong() {
        long raw = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = readByte();
            raw |= (next & 0x7FL) << shift;
            if (next >= 0) {
                boolean isLonger = next == 0 && shift > 0;
                boolean isLost = shift == 63 && next > 1;
                if (isLonger || isLost) {
                    break;
                }
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new WireFormatException("a number that is not in its shortest form");
    }

    long readWithin(long min, long max) {
        long value = readLong();
        if (value < min || value > max) {
            throw new WireFormatException("number " + value + ", expected " + min + " to " + max);
        }
        return value;
    }

    long readFixed(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (readByte() & 0xFF);
        }
        return value;
    }

    byte[] readBytes() {
        return take(readLength(limits.maxBytes()));
    }

    String readText() {
        long coded = readWithin(0, 2L * limits.maxTextBytes() + 1);
        byte[] encoded = take((int) available(coded >>> 1));
        return (coded & 1) == 0 ? utf8(encoded) : utf16(encoded);
    }

    /** No more than there are bytes: every element has one at least. */
    int readCount() {
        return readLength(limits.maxCount());
    }

    void enter() {
        if (++depth > limits.maxDepth()) {
            throw new WireFormatException("nested deeper than " + limits.maxDepth());
        }
    }

    void leave() {
        depth--;
    }

    private int readLength(int max) {
        return (int) available(readWithin(0, max));
    }

    private long available(long length) {
        if (length > bytes.length - position) {
            throw new WireFormatException(
                    "length " + length + ", but only " + (bytes.length - position) + " bytes follow");
        }
        return length;
    }

    private byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(bytes, position, position + count);
        position += count;
        return taken;
    }

    private static String utf8(byte[] encoded) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(encoded))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireFormatException("text that is not UTF-8", e);
        }
    }

    private static String utf16(byte[] encoded) {
        if (encoded.length % 2 != 0) {
            throw new WireFormatException("text of " + encoded.length + " bytes, which is no UTF-16");
        }
        char[] text = new char[encoded.length / 2];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) ((encoded[2 * i] & 0xFF) << 8 | encoded[2 * i + 1] & 0xFF);
        }
        String decoded = String.valueOf(text);
        if (StandardCharsets.UTF_8.newEncoder().canEncode(decoded)) {
            throw new WireFormatException("text in UTF-16 that has a form in UTF-8");
        }
        return decoded;
    }
}
