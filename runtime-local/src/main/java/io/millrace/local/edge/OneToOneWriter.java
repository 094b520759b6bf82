package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes to a one-to-one ring through VarHandles, which need no JVM flag. See {@link OneToOneRing}. */
class OneToOneWriter extends LosslessWriter {
    private final int capacity;

    private int index; // where the next frame begins, from the ring's begin on
    private int claimedLength; // of the record

    OneToOneWriter(
            ByteBuffer region,
            int queueSize,
            int maxRecordLength,
            int capacity,
            @Nullable Slab[] bodies,
            @Nullable WakeSignal readerSignal) {
        super(region, queueSize, maxRecordLength, bodies, readerSignal);
        this.capacity = capacity;
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
        int next = (begin + OneToOneRing.frameLength(claimedLength)) & (capacity - 1);
        Region.putLong(region, address, Region.RING + next, 0);
        putFrame(begin, type, OneToOneRing.FRAME_HEADER_LENGTH + claimedLength);
        if (begin != index) {
            putFrame(index, OneToOneRing.PADDING, capacity - index);
        }
        index = next;
    }

    private void putFrame(int begin, int type, int length) {
        // Partner: OneToOneReader.headAt().
        Region.putLongRelease(region, address, Region.RING + begin, OneToOneRing.frameHead(type, length));
    }

    @Override
    void giveBack(int offset) {
        // Nothing was touched that the reader looks at.
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends OneToOneWriter {
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
