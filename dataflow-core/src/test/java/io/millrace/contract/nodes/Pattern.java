package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Payloads of any length that are all different, each known by its number, so that whoever receives one can check every byte. */
public final class Pattern {
    /** Where a payload begins in a buffer made here: not at 0, so that whoever ignores a buffer's position is found out. */
    private static final int BUFFER_OFFSET = 3;

    private Pattern() {}

    /** Fills the claim. */
    public static void write(Claim claim, long number) {
        int words = claim.length() >>> 3;
        for (int word = 0; word < words; word++) {
            claim.putLong(word << 3, word(number, word));
        }
        for (int index = words << 3; index < claim.length(); index++) {
            claim.putByte(index, tail(number, index));
        }
    }

    /** A read-only buffer in which the payload remains, between bytes that do not belong to it. */
    public static ByteBuffer buffer(long number, int length) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_OFFSET + length + 5).order(ByteOrder.LITTLE_ENDIAN);
        int words = length >>> 3;
        for (int word = 0; word < words; word++) {
            bytes.putLong(BUFFER_OFFSET + (word << 3), word(number, word));
        }
        for (int index = words << 3; index < length; index++) {
            bytes.put(BUFFER_OFFSET + index, tail(number, index));
        }
        return bytes.position(BUFFER_OFFSET).limit(BUFFER_OFFSET + length).asReadOnlyBuffer();
    }

    /** The number of the payload; one too short to hold it is taken at the sender's word, its sequence. */
    public static long number(Message message) {
        return message.length() >= Long.BYTES ? message.getLong(0) : message.sequence();
    }

    /** @throws IllegalStateException naming the first byte that is not as it was written */
    public static void check(Message message, long number) {
        int words = message.length() >>> 3;
        for (int word = 0; word < words; word++) {
            if (message.getLong(word << 3) != word(number, word)) {
                throw damaged(message, number, word << 3);
            }
        }
        for (int index = words << 3; index < message.length(); index++) {
            if (message.getByte(index) != tail(number, index)) {
                throw damaged(message, number, index);
            }
        }
    }

    private static long word(long number, int word) {
        return word == 0 ? number : (number + 1) * 0x9E37_79B9_7F4A_7C15L + word * 0xC2B2_AE3D_27D4_EB4FL;
    }

    private static byte tail(long number, int index) {
        return (byte) (number * 31 + index * 7L + 1);
    }

    private static IllegalStateException damaged(Message message, long number, int index) {
        return new IllegalStateException("message " + number + " of " + message.length()
                + " bytes is not what was sent, from byte " + index + " on");
    }
}
