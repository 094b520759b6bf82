package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes to a one-to-one ring that another JVM reads. Large bodies are copied once, into files that both map; their slabs are held until the other JVM is done with the copies. */
final class MappedWriter extends OneToOneWriter {
    private final MappedLayout layout;
    private final SentBodies bodies;
    private final MappedEdge.Listener listener;

    MappedWriter(
            ByteBuffer region,
            MappedLayout layout,
            WakeSignal readerSignal,
            SentBodies bodies,
            MappedEdge.Listener listener) {
        super(
                region,
                layout.queueSize,
                layout.maxRecordLength,
                layout.capacity,
                new @Nullable Slab[layout.slots],
                readerSignal);
        this.layout = layout;
        this.bodies = bodies;
        this.listener = listener;
    }

    @Override
    boolean hasRoomInRing() {
        bodies.collect();
        return super.hasRoomInRing();
    }

    @Override
    void publish(int offset, @Nullable Slab body) {
        long message = sentSoFar();
        Region.LONGS.setOpaque(region, layout.sent, message);
        int slot = (int) message & (layout.slots - 1);
        if (body == null || place(layout, bodies, listener, offset, slot, body, message)) {
            publishFrame(offset);
        }
    }

    /** Copies the body of a record to where the other JVM finds it; if there is no memory for it, nothing goes over this edge any more. */
    static boolean place(
            MappedLayout layout,
            SentBodies bodies,
            MappedEdge.Listener listener,
            int offset,
            int slot,
            Slab body,
            long message) {
        ByteBuffer region = bodies.region();
        int length = RecordLayout.bodyLength(
                region.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET),
                region.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET));
        try {
            long place = bodies.put(body, length, message);
            Region.LONGS.setOpaque(region, layout.place(slot), place + 1);
            return true;
        } catch (IOException | IllegalStateException e) {
            body.release();
            Region.closeReader(region); // as if nobody read any more
            listener.onBroken("a body of " + length + " bytes: " + e.getMessage());
            return false;
        }
    }

    @Override
    void tellClosed() {
        bodies.releaseAll(); // the other end reads copies
        listener.onClosed();
    }

    @Override
    void releaseBodies() {
        bodies.releaseAll();
    }
}
