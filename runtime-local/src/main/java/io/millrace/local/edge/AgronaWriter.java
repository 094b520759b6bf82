package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Agrona's one-to-one ring, which stands in the region behind our words. Its own limit of bytes is never reached: see {@link OneToOneRing}.
 *
 * <p>Its claim is made at commit only, where its place is known before: a claim marks the frame in the very word that the reader waits for, so that until it is published each of the two takes
 * the line away from the other. What is written in between, a message's header and payload, takes much longer than a claim and a commit in a row.
 */
class AgronaWriter extends LosslessWriter {
    private final UnsafeBuffer ringBuffer;
    private final OneToOneRingBuffer ring;
    private final int capacity;

    private int index; // where the next frame begins
    private int claimedLength; // of the record

    AgronaWriter(
            ByteBuffer region,
            int queueSize,
            int maxRecordLength,
            int capacity,
            @Nullable Slab[] bodies,
            @Nullable WakeSignal readerSignal) {
        super(region, queueSize, maxRecordLength, bodies, readerSignal);
        this.ringBuffer = new UnsafeBuffer(region, Region.RING, capacity + RingBufferDescriptor.TRAILER_LENGTH);
        this.ring = new OneToOneRingBuffer(ringBuffer);
        this.capacity = capacity;
    }

    /** The bytes behind the circle in which the ring keeps its positions. */
    static int trailerLength() {
        return RingBufferDescriptor.TRAILER_LENGTH;
    }

    /** Where the reader says how far it has read, from the region's begin on. */
    static int headOffset(int capacity) {
        return Region.RING + capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET;
    }

    @Override
    int claimFrame(int recordLength) {
        claimedLength = recordLength;
        // As the ring's claim decides it.
        int begin = OneToOneRing.frameLength(recordLength) <= capacity - index ? index : 0;
        return Region.RING + begin + OneToOneRing.FRAME_HEADER_LENGTH;
    }

    /**
     * Publishes the frame as the ring's own commit does, which first reads its length to check that it is claimed: where the reader waits for that very word, the
     * read costs the way to the other core and back, for every message.
     */
    @Override
    void publishFrame(int offset) {
        int found = ring.tryClaim(OneToOneRing.MESSAGE, claimedLength);
        if (found != offset - Region.RING) {
            throw new AssertionError(
                    "Agrona's ring was to have room at " + (offset - Region.RING) + ", found " + found);
        }
        int begin = frameOf(offset);
        // Partner: OneToOneReader.headAt().
        ringBuffer.putIntRelease(begin, OneToOneRing.FRAME_HEADER_LENGTH + claimedLength);
        index = (begin + OneToOneRing.frameLength(claimedLength)) & (capacity - 1);
    }

    @Override
    void giveBack(int offset) {
        // Nothing was touched that the reader or the ring looks at.
    }

    private static int frameOf(int offset) {
        return offset - Region.RING - OneToOneRing.FRAME_HEADER_LENGTH;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends AgronaWriter {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
                ByteBuffer region,
                int queueSize,
                int maxRecordLength,
                int capacity,
                @Nullable Slab[] bodies,
                @Nullable WakeSignal readerSignal) {
            super(region, queueSize, maxRecordLength, capacity, bodies, readerSignal);
        }
    }
}
