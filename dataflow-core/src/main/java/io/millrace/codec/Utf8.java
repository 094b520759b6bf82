package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import java.nio.ByteBuffer;

/**
 * Text as UTF-8, written and checked in place. A surrogate without its partner, which is no Unicode, is written as a question mark, as the JDK does it.
 */
final class Utf8 {
    private static final int REPLACEMENT = '?';
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /**
     * The bytes that the text takes.
     *
     * @throws IllegalArgumentException if they are more than a payload may have
     */
    static int length(String text) {
        int chars = text.length();
        long bytes = chars;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                if (isPair(text, i)) {
                    bytes += 2; // four bytes for two chars
                    i++;
                } else if (!Character.isSurrogate(c)) {
                    bytes += c < 0x800 ? 1 : 2;
                }
            }
        }
        if (bytes > Output.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("a text of " + bytes
                    + " bytes in UTF-8 is longer than a payload may be, " + Output.MAX_PAYLOAD_BYTES);
        }
        return (int) bytes;
    }

    /** Writes the text from {@code index} on; returns the index behind it. */
    static int put(Claim claim, int index, String text) {
        int ascii = putAscii(claim, index, text);
        int at = index + ascii;
        int chars = text.length();
        for (int i = ascii; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                claim.putByte(at++, (byte) c);
            } else if (isPair(text, i)) {
                at = putFour(claim, at, Character.toCodePoint(c, text.charAt(++i)));
            } else {
                at = putFew(claim, at, Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return at;
    }

    /** Writes the characters of one byte that the text begins with, as far as there is room, and returns how many: for most texts, all. */
    private static int putAscii(Claim claim, int index, String text) {
        int most = Math.min(text.length(), claim.length() - index);
        ByteBuffer buffer = claim.buffer();
        int begin = claim.offset() + index;
        for (int i = 0; i < most; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return i;
            }
            buffer.put(begin + i, (byte) c);
        }
        return Math.max(most, 0);
    }

    private static boolean isPair(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }

    private static int putFew(Claim claim, int index, int point) {
        int at = index;
        if (point < 0x80) {
            claim.putByte(at++, (byte) point);
        } else if (point < 0x800) {
            claim.putByte(at++, (byte) (0xC0 | point >> 6));
            claim.putByte(at++, tail(point));
        } else {
            claim.putByte(at++, (byte) (0xE0 | point >> 12));
            claim.putByte(at++, tail(point >> 6));
            claim.putByte(at++, tail(point));
        }
        return at;
    }

    private static int putFour(Claim claim, int index, int point) {
        claim.putByte(index, (byte) (0xF0 | point >> 18));
        claim.putByte(index + 1, tail(point >> 12));
        claim.putByte(index + 2, tail(point >> 6));
        claim.putByte(index + 3, tail(point));
        return index + 4;
    }

    private static byte tail(int point) {
        return (byte) (0x80 | point & 0x3F);
    }

    /** Where the first byte stands that is no UTF-8; -1 where all is. Neither overlong forms nor surrogates are. */
    static int firstMalformed(Message message, int begin, int length) {
        int end = begin + length;
        int at = begin;
        while (at < end) {
            if (end - at >= Long.BYTES && (message.getLong(at) & HIGH_BITS) == 0) {
                at += Long.BYTES;
            } else {
                int size = sequenceLength(message, at, end);
                if (size == 0) {
                    return at;
                }
                at += size;
            }
        }
        return -1;
    }

    /** The bytes of the character at {@code at}; 0 if it is none. */
    private static int sequenceLength(Message message, int at, int end) {
        int first = message.getByte(at) & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (size == 0 || end - at < size || !isSecond(first, message.getByte(at + 1) & 0xFF)) {
            return 0;
        }
        for (int i = 2; i < size; i++) {
            if ((message.getByte(at + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    /** What may follow the first byte: fewer than all after those that could begin an overlong form, a surrogate, or what is beyond Unicode. */
    private static boolean isSecond(int first, int second) {
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
