package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a slot ring that another JVM writes, in place. See {@link SlotWriter}, {@link SlotReader} and {@link ReceivedRecords}. */
final class MappedSlotReader extends EdgeReader {
    private final MappedLayout layout;
    private final SlotRing ring;
    private final @Nullable Slab[] slabs;
    private final ReceivedRecords records;

    private long position; // the one after the message that was taken last; may have been dropped since
    private int cell; // of that position

    MappedSlotReader(
            ByteBuffer region,
            MappedLayout layout,
            SlotRing ring,
            @Nullable Slab[] slabs,
            DistantWriter writer,
            ReceivedRecords records) {
        super(region, Region.CHECKED, slabs, writer, null);
        this.layout = layout;
        this.ring = ring;
        this.slabs = slabs;
        this.records = records;
        this.position = ring.cells;
    }

    @Override
    boolean take() {
        // What was given up is passed over; there is no more of that than there are slots.
        for (int i = 0; i <= ring.slots && isWaiting(); i++) {
            // Partner: SlotWriter.makeRoom(), as in SlotReader.
            if (hold((long) Region.LONGS.getAndAdd(region, Region.READER_POSITION, 1L))) {
                return true;
            }
        }
        return false;
    }

    private boolean hold(long taken) {
        int its = ring.after(cell, taken - position);
        long entry = entryIn(its);
        if (ring.distance(entry, taken) != 0) {
            entry = region.getLong(Region.NOTE); // written before the entry that stands there now
        }
        int slot = ring.slotOf(entry);
        position = taken + 1;
        cell = ring.next(its);
        Region.LONGS.setRelease(region, SlotRing.TAKEN, position);
        if (slot >= ring.slots) {
            return records.broken("slot " + slot + " of " + ring.slots);
        }
        int offset = ring.recordOffset(slot);
        if (!records.isSound(offset, 0) || !fetchBody(offset, slot)) {
            return false;
        }
        hold(offset, slot, position - ring.cells);
        Region.LONGS.setOpaque(region, MappedLayout.RECEIVED, receivedSoFar());
        return true;
    }

    /** False if it was given up, or makes no sense. */
    private boolean fetchBody(int offset, int slot) {
        if (!RecordLayout.isReference(region, offset)) {
            return true;
        }
        // Partner: MappedSlotWriter.dropBody() and giveUpBodyIn(): one of the two has it.
        long word = (long) Region.LONGS.getAndSet(region, layout.place(slot), 0L);
        if (word == MappedLayout.GIVEN_UP) {
            return false;
        }
        @Nullable Slab body = records.body(offset, word - 1);
        slabs[slot] = body;
        return body != null;
    }

    @Override
    void giveBack() {
        // The slot goes back when the next one is taken: until then the writer has others.
    }

    @Override
    boolean isWaiting() {
        return ring.distance(entryIn(cell), position) >= 0 && records.isOpen();
    }

    private long entryIn(int of) {
        // Partner: SlotWriter.publishSlot().
        return (long) Region.LONGS.getAcquire(region, ring.entryOffset(of));
    }

    @Override
    void tellClosed() {
        records.onClosed();
    }
}
