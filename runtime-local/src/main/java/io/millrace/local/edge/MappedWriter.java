package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import org.jspecify.annotations.Nullable;

/** Writes to a one-to-one ring that another JVM reads. Large bodies are copied once, into files that both map; their slabs are held until the other JVM is done with the copies. */
final class MappedWriter extends OneToOneWriter {
    private final SentRecords records;
    private final SentBodies bodies;
    private final int slotMask;

    MappedWriter(SentRecords records, WakeSignal readerSignal) {
        super(
                records.region(),
                records.layout().queueSize,
                records.layout().maxRecordLength,
                records.layout().capacity,
                new @Nullable Slab[records.layout().slots],
                readerSignal);
        this.records = records;
        this.bodies = records.bodies();
        this.slotMask = records.layout().slots - 1;
    }

    @Override
    boolean hasRoomInRing() {
        bodies.collect();
        return super.hasRoomInRing() && !records.isStranded();
    }

    @Override
    void publish(int offset, @Nullable Slab body, int type) {
        long message = sentSoFar();
        @Nullable String lack = body == null ? null : records.place(offset, (int) message & slotMask, body, message);
        if (body == null || lack == null) {
            records.countSent(message);
            publishFrame(offset, type);
        } else {
            records.strand(offset, body, lack);
        }
    }

    @Override
    void tellClosed() {
        records.onClosed();
    }

    @Override
    void releaseBodies() {
        records.releaseAll();
    }
}
