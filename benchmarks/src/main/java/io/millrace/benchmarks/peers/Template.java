package io.millrace.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What every message is copied from. The value goes into its first eight bytes; its last eight are looked at by the receiver. */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, and nobody compares two
record Template(byte[] bytes, long last) {
    /** Too short for a mark of its own. */
    private static final int SHORT = Long.BYTES;

    static Template of(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return new Template(
                bytes, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(length - Long.BYTES));
    }

    int length() {
        return bytes.length;
    }

    void check(long foundLast) {
        if (foundLast != last && bytes.length > SHORT) {
            throw new IllegalStateException("expected a message that ends in " + Long.toHexString(last) + ", found "
                    + Long.toHexString(foundLast));
        }
    }
}
