package io.millrace.benchmarks;

/**
 * What the messages say: the first eight bytes how many messages of the order follow, the rest whatever. The receiver looks at the first and the last eight
 * bytes and holds the count against its own, so that nothing can be lost or swapped unnoticed.
 */
final class Payload {
    /** Instead of a count: the bare ring's receiver may go. */
    static final long END = -1;

    private Payload() {}

    static byte[] template(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** The last eight bytes of a {@link #template}, little-endian. */
    static long last(int length) {
        long last = 0;
        for (int i = 1; i <= Long.BYTES; i++) {
            last = last << Byte.SIZE | (length - i & 0xFF);
        }
        return last;
    }

    static void check(long expectedLeft, long left, long expectedLast, long last) {
        if (left != expectedLeft || last != expectedLast) {
            throw wrong(expectedLeft, left, expectedLast, last);
        }
    }

    private static IllegalStateException wrong(long expectedLeft, long left, long expectedLast, long last) {
        return new IllegalStateException("expected message " + expectedLeft + " ending in "
                + Long.toHexString(expectedLast) + ", found message " + left + " ending in " + Long.toHexString(last));
    }
}
