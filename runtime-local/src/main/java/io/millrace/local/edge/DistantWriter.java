package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands for the writer in another JVM: tells what that has sent, and is closed when that has closed, or is gone. */
final class DistantWriter extends EdgeWriter {
    private final MappedLayout layout;

    DistantWriter(ByteBuffer region, MappedLayout layout, @Nullable WakeSignal readerSignal) {
        super(region, Region.CHECKED, layout.maxRecordLength, new @Nullable Slab[0], readerSignal);
        this.layout = layout;
    }

    @Override
    public long sent() {
        // What has given way is counted where that was done.
        long givenWay = (long) Region.LONGS.getOpaque(region, layout.givenWay);
        return Math.max(0, (long) Region.LONGS.getOpaque(region, layout.sent) - givenWay);
    }

    @Override
    boolean hasRoomInRing() {
        return false;
    }

    @Override
    int claimInRing(int recordLength) {
        return FULL;
    }

    @Override
    void publish(int offset, @Nullable Slab body, int type) {
        throw new IllegalStateException("who writes is in another JVM");
    }

    /** Closed here when the other JVM has marked the reader as closed for itself, in the same memory: the reader of this JVM is told all the same. */
    @Override
    void releaseBodies() {
        tellClosed();
        signalReader();
    }

    @Override
    void giveBack(int offset) {
        throw new IllegalStateException("who writes is in another JVM");
    }
}
