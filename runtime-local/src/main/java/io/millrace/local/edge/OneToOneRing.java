package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;

/**
 * What both rings of {@code backpressure} edges share: frames of any length in a circle of bytes whose length is a power of two. The frames are those that
 * Agrona publishes for its rings, so one reader reads both.
 *
 * <pre>
 *   0                     4                     8
 *   +---------------------+---------------------+-----------------------------+
 *   | length, with these 8| MESSAGE, PADDING, … | record, filled up to 8      |
 *   +---------------------+---------------------+-----------------------------+
 * </pre>
 *
 * A frame is published by its length: more than 0. The writer zeroes the length of the frame that will follow before it publishes one, so the reader never
 * takes old bytes for a frame. A frame does not wrap around: where it does not fit before the end, a padding frame fills that.
 *
 * <p><b>Brief records.</b> A record that differs from the one before only in what a reader can count, or has to be told anyway, goes without a header: the frame is of type BRIEF, with the payload's format in the
 * type's upper bits, and holds the timestamp and the payload. It has no parameters, its incarnation is that of the record before, and its sequence the next one. For a small payload that is most of the bytes that go
 * from core to core beside it.
 *
 * <p><b>How much fits is decided by count alone.</b> The reader publishes how many messages it has taken, the writer claims while sent - taken is less than
 * the queue size n. At the moment of a claim there are at most n - 1 waiting messages and one in the reader's hand; with the claimed one these are n + 1
 * frames of at most A bytes, one padding of less than A, and the 8 zeroed bytes. A capacity of (n + 2) A + 8 bytes or more holds them, so whatever the writer
 * overwrites belongs to messages before the one in hand, and those are done with: the reader publishes "taken" with release after it is done with
 * the message before, and the writer reads it with acquire.
 */
final class OneToOneRing {
    static final int FRAME_HEADER_LENGTH = 8;
    static final int MESSAGE = 1;
    static final int PADDING = -1;

    /** The timestamp. */
    static final int BRIEF_HEADER_LENGTH = Long.BYTES;

    private static final int BRIEF = 2;
    private static final int KIND_BITS = 8;

    private OneToOneRing() {}

    static int frameLength(int recordLength) {
        return RecordLayout.align8(FRAME_HEADER_LENGTH + recordLength);
    }

    /** A frame's first eight bytes. */
    static long frameHead(int type, int length) {
        return (long) type << Integer.SIZE | length;
    }

    static int briefType(int format) {
        return format << KIND_BITS | BRIEF;
    }

    static boolean isBrief(long head) {
        return (typeOf(head) & (1 << KIND_BITS) - 1) == BRIEF;
    }

    /** Of a brief record. */
    static int formatOf(long head) {
        return typeOf(head) >>> KIND_BITS;
    }

    static int typeOf(long head) {
        return (int) (head >> Integer.SIZE);
    }

    /** The bytes of the circle. Agrona's ring takes no record longer than an eighth of it. */
    static int capacity(int queueSize, int maxRecordLength) {
        int needed = (queueSize + 2) * frameLength(maxRecordLength) + FRAME_HEADER_LENGTH;
        return Region.nextPowerOfTwo(Math.max(needed, 8 * maxRecordLength));
    }

    /** A power of two of places for bodies by reference, for the messages that wait and one more. */
    static int bodySlots(int queueSize) {
        return Region.nextPowerOfTwo(queueSize + 1);
    }
}
