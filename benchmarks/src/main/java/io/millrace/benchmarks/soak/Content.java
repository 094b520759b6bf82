package io.millrace.benchmarks.soak;

import io.millrace.node.Claim;
import io.millrace.node.Message;

/**
 * What payloads say: a number in the first eight bytes, and in the last eight one that follows from it and from the length. Between the two they are whatever the memory
 * held. A payload too short for both is filled with its length.
 */
final class Content {
    private static final int LEAST = 2 * Long.BYTES;

    private Content() {}

    static void write(Claim claim, long number) {
        int length = claim.length();
        if (length < LEAST) {
            for (int i = 0; i < length; i++) {
                claim.putByte(i, (byte) length);
            }
            return;
        }
        claim.putLong(0, number);
        claim.putLong(length - Long.BYTES, seal(number, length));
    }

    static void copy(Message from, Claim to) {
        to.buffer().put(to.offset(), from.buffer(), from.offset(), from.length());
    }

    static void check(Message message, Ledger ledger, String where) {
        int length = message.length();
        if (length >= LEAST && message.getLong(length - Long.BYTES) != seal(message.getLong(0), length)) {
            ledger.wrong(where + ": message " + message.sequence() + " of " + length + " bytes is not as it was sent");
        }
        for (int i = 0; length < LEAST && i < length; i++) {
            if (message.getByte(i) != (byte) length) {
                ledger.wrong(where + ": message " + message.sequence() + " of " + length
                        + " bytes is not as it was sent at byte " + i);
            }
        }
    }

    private static long seal(long number, int length) {
        return (number ^ length) * 0x9E3779B97F4A7C15L;
    }
}
