package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Writes Agrona's one-to-one ring, which stands in the region behind our words. Its own limit of bytes is never reached: see {@link OneToOneRing}.
 *
 * <p>What Agrona's classes find there is what their own writer would leave: frames, positions, and a zeroed word behind the last frame. But their {@code tryClaim} marks the frame in the very word
 * that a waiting reader looks at, and {@code commit} reads that word back, so that the two threads take the line from one another for every message, twice. Here it is written once, when the message stands.
 */
class AgronaWriter extends LosslessWriter {
    private final int capacity;
    private final int tailOffset;

    private int index; // where the next frame begins
    private long tail; // the same, ever growing
    private int claimedLength; // of the record

    AgronaWriter(
            ByteBuffer region,
            int queueSize,
            int maxRecordLength,
            int capacity,
            @Nullable Slab[] bodies,
            @Nullable WakeSignal readerSignal) {
        super(region, queueSize, maxRecordLength, bodies, readerSignal);
        this.capacity = capacity;
        this.tailOffset = Region.RING + capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET;
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
        int begin = OneToOneRing.frameLength(recordLength) <= capacity - index ? index : 0;
        return Region.RING + begin + OneToOneRing.FRAME_HEADER_LENGTH;
    }

    @Override
    void publishFrame(int offset, int type) {
        int begin = offset - OneToOneRing.FRAME_HEADER_LENGTH - Region.RING;
        int end = begin + OneToOneRing.frameLength(claimedLength);
        int next = end & (capacity - 1);
        int skipped = begin == index ? 0 : capacity - index;
        tail += skipped + end - begin;
        Region.putLong(region, address, Region.RING + next, 0);
        Region.putLongRelease(region, address, tailOffset, tail);
        putFrame(begin, type, OneToOneRing.FRAME_HEADER_LENGTH + claimedLength);
        if (skipped != 0) {
            putFrame(index, OneToOneRing.PADDING, skipped);
        }
        index = next;
    }

    private void putFrame(int begin, int type, int length) {
        // Partner: OneToOneReader.headAt().
        Region.putLongRelease(region, address, Region.RING + begin, OneToOneRing.frameHead(type, length));
    }

    @Override
    void giveBack(int offset) {
        // Nothing was touched that the reader or the ring looks at.
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
