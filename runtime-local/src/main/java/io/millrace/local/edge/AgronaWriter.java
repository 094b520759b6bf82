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
 */
class AgronaWriter extends LosslessWriter {
    private final UnsafeBuffer ringBuffer;
    private final OneToOneRingBuffer ring;
    private final int tailOffset; // in ringBuffer

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
        this.tailOffset = capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET;
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
        int index = ring.tryClaim(OneToOneRing.MESSAGE, recordLength);
        if (index < 0) {
            return FULL;
        }
        claimedLength = recordLength;
        return Region.RING + index;
    }

    /**
     * Publishes the frame as the ring's own commit does, which first reads its length to check that it is claimed: where the reader waits for that very word, the
     * read costs the way to the other core and back, for every message.
     */
    @Override
    void publishFrame(int offset) {
        // Partner: OneToOneReader.headAt().
        ringBuffer.putIntRelease(frameOf(offset), OneToOneRing.FRAME_HEADER_LENGTH + claimedLength);
    }

    /**
     * Takes the ring's tail back. Its own abort would leave a frame of padding, and enough of those before a stalled reader would fill the ring though
     * fewer messages than the queue size wait. Only this thread writes the tail, and nothing after the claimed frame exists yet.
     */
    @Override
    void giveBack(int offset) {
        long tail = ringBuffer.getLong(tailOffset);
        ringBuffer.putInt(frameOf(offset), 0); // not published, as before the claim
        ringBuffer.putLongRelease(tailOffset, tail - OneToOneRing.frameLength(claimedLength));
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
