package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a one-to-one ring that another JVM writes, in place. See {@link OneToOneRing} and {@link ReceivedRecords}.
 *
 * <p>Accesses by address are to words at fixed places, to frames' heads at places of our own account, and to headers of records whose frame was found to lie within the ring.
 */
final class MappedReader extends EdgeReader {
    private final MappedLayout layout;
    private final int capacityMask;
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
        super(region, Region.addressOf(region), slabs, writer, writerSignal);
        this.layout = layout;
        this.capacityMask = layout.capacity - 1;
        this.slabs = slabs;
        this.records = records;
    }

    @Override
    boolean take() {
        int begin = (int) position & capacityMask;
        long head = headAt(begin);
        if (lengthOf(head) <= 0 || !records.isOpen()) {
            return false;
        }
        if (isPadding(head)) {
            if (!skip(begin, lengthOf(head))) {
                return false;
            }
            begin = 0;
            head = headAt(0);
        }
        return lengthOf(head) > 0 && take(begin, lengthOf(head));
    }

    private boolean take(int begin, int length) {
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
        Region.putLongRelease(region, address, Region.READER_POSITION, message);
        // Partner: LosslessWriter.wakeAt().
        if (message >= Region.getLongOpaque(region, address, Region.WAKE_AT)) {
            signalRoom();
        }
        return true;
    }

    private boolean skip(int begin, int length) {
        if (length != capacityMask + 1 - begin) {
            return records.broken("padding of " + length + " bytes at " + begin);
        }
        position += length;
        return true;
    }

    private boolean isFrame(int begin, int length) {
        int longest = OneToOneRing.FRAME_HEADER_LENGTH + layout.maxRecordLength;
        return length >= OneToOneRing.FRAME_HEADER_LENGTH + RecordLayout.HEADER_LENGTH
                        && length <= longest
                        && begin <= capacityMask + 1 - length
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
        long head = headAt((int) position & capacityMask);
        return lengthOf(head) > 0 && records.isOpen() && (!isPadding(head) || lengthOf(headAt(0)) > 0);
    }

    /** Length and type of a frame in one look. */
    private long headAt(int begin) {
        // Partner: OneToOneWriter.publishFrame().
        return Region.getLongAcquire(region, address, Region.RING + begin);
    }

    private static int lengthOf(long head) {
        return (int) head;
    }

    private static boolean isPadding(long head) {
        return OneToOneRing.typeOf(head) == OneToOneRing.PADDING;
    }

    @Override
    void tellClosed() {
        records.onClosed();
    }
}
