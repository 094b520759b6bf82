package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the encoding postcard 1.x from a buffer and believes nothing: every length is held against what is left before anything is made of it. Whatever the bytes,
 * it throws {@link ProtocolException} and nothing else. Used by one thread, for one body after the other.
 */
final class PostcardReader {
    /** Of a name: of a node, an output, a parameter. */
    static final int MAX_NAME_BYTES = 4096;

    private static final int MAX_VARINT_BYTES = 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final KnownTexts known = new KnownTexts();
    private ByteBuffer body = NOTHING;
    private int begin;
    // The same clock and the same names come again and again: they are made once.
    private @Nullable ClockId lastClock;

    /** Reads from the buffer's position to its limit. Moves the position. */
    PostcardReader wrap(ByteBuffer newBody) {
        body = newBody.order(ByteOrder.LITTLE_ENDIAN);
        begin = body.position();
        return this;
    }

    int remaining() {
        return body.remaining();
    }

    int u8(String what) {
        need(1, what);
        return body.get() & 0xFF;
    }

    boolean flag(String what) {
        int value = u8(what);
        if (value > 1) {
            throw refused(what + " is 0 or 1, found " + value, 1);
        }
        return value == 1;
    }

    /** Of 64 bits without a sign. */
    long varint(String what) {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            int next = u8(what);
            if (i == MAX_VARINT_BYTES - 1 && next > 1) {
                break;
            }
            value |= (next & 0x7FL) << 7 * i;
            if (next < 0x80) {
                return value;
            }
        }
        throw refused(what + " has more than 64 bits", 1);
    }

    /** A number within 0 and {@code most}. */
    int varint(String what, int most) {
        int at = body.position();
        long value = varint(what);
        if (value < 0 || value > most) {
            throw refused(
                    what + " is at most " + most + ", found " + Long.toUnsignedString(value), body.position() - at);
        }
        return (int) value;
    }

    long zigzag(String what) {
        long value = varint(what);
        return value >>> 1 ^ -(value & 1);
    }

    double f64(String what) {
        need(Double.BYTES, what);
        return body.getDouble();
    }

    /** How many elements follow, each of {@code elementBytes} or more. */
    int count(String what, int elementBytes, int most) {
        int at = body.position();
        int count = limited("the number of " + what, elementBytes, most);
        if ((long) count * elementBytes > body.remaining()) {
            throw refused(
                    "the " + body.remaining() + " bytes that are left cannot hold " + count + " " + what,
                    body.position() - at);
        }
        return count;
    }

    String name(String what) {
        return text(what, MAX_NAME_BYTES);
    }

    String text(String what, int mostBytes) {
        int length = length(what, mostBytes);
        if (length > KnownTexts.MAX_BYTES) {
            return decode(what, slice(length));
        }
        @Nullable String found = known.find(body, body.position(), length);
        if (found != null) {
            body.position(body.position() + length);
            return found;
        }
        String text = decode(what, slice(length));
        known.add(text);
        return text;
    }

    private String decode(String what, ByteBuffer bytes) {
        try {
            CharBuffer chars = utf8.decode(bytes);
            return chars.toString();
        } catch (CharacterCodingException e) {
            throw refused(what + " is not UTF-8", bytes.limit());
        }
    }

    /** A piece of the body, not copied. */
    ByteBuffer bytes(String what) {
        return slice(length(what, Integer.MAX_VALUE));
    }

    private int length(String what, int most) {
        int at = body.position();
        int length = limited("the length of " + what, 1, most);
        if (length > body.remaining()) {
            throw refused(
                    what + " of " + length + " bytes does not fit into the " + body.remaining() + " that are left",
                    body.position() - at);
        }
        return length;
    }

    /** A number of things of {@code bytes} each or more. One above {@code most} is no garbage if the body goes on for so long. */
    private int limited(String what, int bytes, int most) {
        int at = body.position();
        long value = varint(what);
        if (value >= 0 && value <= most) {
            return (int) value;
        }
        String why = what + " is at most " + most + ", found " + Long.toUnsignedString(value);
        throw value > 0 && value <= body.remaining() / bytes
                ? new NotCarriedException(why)
                : refused(why, body.position() - at);
    }

    private ByteBuffer slice(int length) {
        ByteBuffer slice = body.slice(body.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        body.position(body.position() + length);
        return slice;
    }

    UUID uuid(String what) {
        int length = varint("the length of " + what, 16);
        if (length != 16) {
            throw refused(what + " has 16 bytes, found " + length, 1);
        }
        need(length, what);
        return new UUID(bigEndian(), bigEndian());
    }

    Timestamp timestamp() {
        long ntp64 = varint("a timestamp");
        need(16, "a clock's id");
        long first = bigEndian();
        long last = bigEndian();
        if ((first | last) == 0) {
            throw refused("a clock's id is not 0", 16);
        }
        if (lastClock == null || lastClock.first() != first || lastClock.last() != last) {
            lastClock = new ClockId(first, last);
        }
        return new Timestamp(ntp64, lastClock);
    }

    private long bigEndian() {
        return Long.reverseBytes(body.getLong());
    }

    /** After the last field. */
    void end(String what) {
        if (body.hasRemaining()) {
            throw refused(body.remaining() + " bytes are left over behind " + what, 0);
        }
    }

    /** @param back how many bytes ago the place was */
    ProtocolException refused(String why, int back) {
        int at = Math.max(0, body.position() - begin - back);
        return new ProtocolException("malformed frame, at byte " + at + ": " + why);
    }

    private void need(int bytes, String what) {
        if (body.remaining() < bytes) {
            throw refused(
                    "expected " + what + " of " + bytes + (bytes == 1 ? " byte" : " bytes") + ", found the last "
                            + body.remaining(),
                    0);
        }
    }
}
