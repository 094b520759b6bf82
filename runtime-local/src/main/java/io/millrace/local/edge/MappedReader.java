package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a one-to-one ring that another JVM writes, in place. See {@link OneToOneRing} and {@link ReceivedRecords}. */
final class MappedReader extends EdgeReader {
    private final MappedLayout layout;
    private final @Nullable Slab[] slabs;
    private final ReceivedRecords records;

    private long position; // of the next frame; bytes, ever growing
    private long taken;

    MappedReader(
            ByteBuffer region,
            MappedLayout layout,
            @Nullable Slab[] slabs,
            DistantWriter writer,
            WakeSignal writerSignal,
            ReceivedRecords records) {
        super(region, slabs, writer, writerSignal);
        this.layout = layout;
        this.slabs = slabs;
        this.records = records;
    }

    @Override
    boolean take() {
        int begin = frame();
        if (begin < 0) {
            return false;
        }
        int length = lengthAt(begin);
        int offset = Region.RING + begin + OneToOneRing.FRAME_HEADER_LENGTH;
        long message = taken + 1;
        int slot = (int) message & (slabs.length - 1);
        if (!isFrame(begin, length)
                || !records.isSound(offset, length - OneToOneRing.FRAME_HEADER_LENGTH)
                || !fetchBody(offset, slot)) {
            return false;
        }
        position += RecordLayout.align8(length);
        taken = message;
        hold(offset, slot, message);
        Region.LONGS.setOpaque(region, MappedLayout.RECEIVED, message);
        // Partner: LosslessWriter.hasRoomInRing(). The message before is done with.
        Region.LONGS.setRelease(region, Region.READER_POSITION, message);
        signalWriter();
        return true;
    }

    /** Where the next frame begins; less than 0 if there is none, or it has to wait. */
    private int frame() {
        int begin = (int) position & (layout.capacity - 1);
        int length = lengthAt(begin);
        if (length <= 0 || !records.isOpen()) {
            return -1;
        }
        if (OneToOneRing.typeOf(region.getLong(Region.RING + begin)) != OneToOneRing.PADDING) {
            return begin;
        }
        if (length != layout.capacity - begin) {
            records.broken("padding of " + length + " bytes at " + begin);
            return -1;
        }
        position += length;
        return lengthAt(0) > 0 ? 0 : -1;
    }

    private boolean isFrame(int begin, int length) {
        int longest = OneToOneRing.FRAME_HEADER_LENGTH + layout.maxRecordLength;
        return length >= OneToOneRing.FRAME_HEADER_LENGTH + RecordLayout.HEADER_LENGTH
                        && length <= longest
                        && begin <= layout.capacity - length
                || records.broken(
                        "a frame of " + length + " bytes at " + begin + ", where up to " + longest + " are expected");
    }

    private boolean fetchBody(int offset, int slot) {
        if (!RecordLayout.isReference(region, offset)) {
            return true;
        }
        @Nullable Slab body = records.body(offset, (long) Region.LONGS.getOpaque(region, layout.place(slot)) - 1);
        slabs[slot] = body;
        return body != null;
    }

    @Override
    void giveBack() {
        // The place of a message is the writer's when the one after it is taken: see OneToOneRing.
    }

    @Override
    boolean isWaiting() {
        return frame() >= 0;
    }

    private int lengthAt(int begin) {
        // Partner: OneToOneWriter.publishFrame().
        return (int) Region.INTS.getAcquire(region, Region.RING + begin);
    }

    @Override
    void tellClosed() {
        records.onClosed();
    }
}
