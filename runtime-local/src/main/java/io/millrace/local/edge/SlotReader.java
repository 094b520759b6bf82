package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a slot ring. {@link SlotWriter} says how it works. */
class SlotReader extends EdgeReader {
    private final SlotRing ring;

    private long position; // the one after the message that was taken last; may have been dropped since
    private int cell; // of that position

    SlotReader(
            ByteBuffer region,
            SlotRing ring,
            @Nullable Slab[] bodies,
            EdgeWriter writer,
            @Nullable WakeSignal writerSignal) {
        super(region, Region.addressOf(region), bodies, writer, writerSignal);
        this.ring = ring;
        this.position = ring.cells;
    }

    @Override
    boolean take() {
        while (isWaiting()) {
            if (hold(moveHead())) {
                return true;
            }
        }
        return false;
    }

    /** @return the position that was taken by this; its slot is the reader's now */
    long moveHead() {
        // Partner: SlotWriter.makeRoom(). Gives the slot of the message before back, and shows what was published
        // before a drop.
        return Region.getAndAddLong(region, address, Region.READER_POSITION, 1);
    }

    /** Takes the message of this position into hand; false if it was given up. */
    boolean hold(long taken) {
        int its = ring.after(cell, taken - position);
        long entry = entryIn(its);
        if (ring.distance(entry, taken) != 0) {
            entry = Region.getLong(region, address, Region.NOTE); // written before the entry that stands there now
        }
        int slot = ring.slotWithin(entry);
        position = taken + 1;
        cell = ring.next(its);
        Region.putLongRelease(region, address, SlotRing.TAKEN, position);
        return hold(ring.recordOffset(slot), slot, position - ring.cells);
    }

    @Override
    void giveBack() {
        // The slot goes back when the next one is taken: until then the writer has others.
    }

    @Override
    boolean isWaiting() {
        return ring.distance(entryIn(cell), position) >= 0;
    }

    private long entryIn(int of) {
        // Partner: SlotWriter.publishSlot().
        return Region.getLongAcquire(region, address, ring.entryOffset(of));
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends SlotReader {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
                ByteBuffer region,
                SlotRing ring,
                @Nullable Slab[] bodies,
                EdgeWriter writer,
                @Nullable WakeSignal writerSignal) {
            super(region, ring, bodies, writer, writerSignal);
        }
    }
}
