package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A writer that claims while fewer messages than the queue size wait, by the reader's own count. See {@link OneToOneRing}. */
abstract class LosslessWriter extends EdgeWriter {
    private final int queueSize;
    private final int bodyMask;

    private long taken; // by the reader, as far as known

    LosslessWriter(
            ByteBuffer region,
            int queueSize,
            int maxRecordLength,
            @Nullable Slab[] bodies,
            @Nullable WakeSignal readerSignal) {
        super(region, Region.addressOf(region), maxRecordLength, bodies, readerSignal);
        this.queueSize = queueSize;
        this.bodyMask = bodies.length - 1;
    }

    @Override
    public final int depth() {
        return queueSize;
    }

    @Override
    public final long taken() {
        // Partner: OneToOneReader.take().
        taken = Region.getLongAcquire(region, address, Region.READER_POSITION);
        return taken;
    }

    @Override
    public final void wakeAt(long messagesTaken) {
        // Partner: OneToOneReader.take().
        Region.LONGS.setOpaque(region, Region.WAKE_AT, messagesTaken);
    }

    @Override
    boolean hasRoomInRing() {
        long sent = sentSoFar();
        if (sent - taken < queueSize) {
            return true;
        }
        // Partner: OneToOneReader.take().
        taken = Region.getLongAcquire(region, address, Region.READER_POSITION);
        boolean hasRoom = sent - taken < queueSize;
        onRoomKnown(hasRoom);
        if (!hasRoom) {
            noteFull();
        }
        return hasRoom;
    }

    @Override
    final int claimInRing(int recordLength) {
        return hasRoomInRing() ? claimFrame(recordLength) : FULL;
    }

    @Override
    void publish(int offset, @Nullable Slab body, int type) {
        int slot = (int) sentSoFar() & bodyMask;
        putBody(slot, body);
        noteTime(slot);
        publishFrame(offset, type);
    }

    /** @return the record's offset */
    abstract int claimFrame(int recordLength);

    abstract void publishFrame(int offset, int type);
}
