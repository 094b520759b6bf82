package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a slot ring. {@link SlotWriter} says how it works. */
class SlotReader extends EdgeReader {
    private final int entryMask;
    private final int slotBits;
    private final int slotMask;
    private final int slotsOffset;
    private final int stride;
    private final long firstPosition;

    private long position; // the one after the message that was taken last; may have been dropped since

    SlotReader(
            ByteBuffer region,
            SlotRing ring,
            @Nullable Slab[] bodies,
            EdgeWriter writer,
            @Nullable WakeSignal writerSignal) {
        super(region, Region.CHECKED, bodies, writer, writerSignal);
        this.entryMask = ring.entries - 1;
        this.slotBits = ring.slotBits;
        this.slotMask = ring.entries - 1;
        this.slotsOffset = ring.slotsOffset;
        this.stride = ring.stride;
        this.firstPosition = ring.slots;
        this.position = firstPosition;
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
        return (long) Region.LONGS.getAndAdd(region, Region.READER_POSITION, 1L);
    }

    /** Takes the message of this position into hand; false if it was given up. */
    boolean hold(long taken) {
        long entry = entryOf(taken);
        if (distance(entry, taken) != 0) {
            entry = region.getLong(Region.NOTE); // written before the entry that stands there now
        }
        int slot = (int) entry & slotMask;
        position = taken + 1;
        return hold(slotsOffset + slot * stride, slot, position - firstPosition);
    }

    @Override
    void giveBack() {
        // The slot goes back when the next one is taken: until then the writer has others.
    }

    @Override
    boolean isWaiting() {
        return distance(entryOf(position), position) >= 0;
    }

    private long entryOf(long wanted) {
        // Partner: SlotWriter.publish().
        return (long) Region.LONGS.getAcquire(region, Region.RING + ((int) wanted & entryMask) * Long.BYTES);
    }

    /** From the wanted position to the entry's; less than 0: the wanted one is not published yet. Right also when the upper bits of positions are lost. */
    long distance(long entry, long wanted) {
        return (entry - (wanted << slotBits)) >> slotBits;
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
