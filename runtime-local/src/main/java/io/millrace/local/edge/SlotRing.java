package io.millrace.local.edge;

/**
 * Where a slot ring keeps what: a word in a line of its own, then cells of equal length, each of them an entry and a slot for a record. {@link SlotWriter} tells how they are used.
 *
 * <pre>
 *   0                                       8                       stride
 *   +---------------------------------------+-----------------------+
 *   | position, 64 - s bits | slot, s bits  | record                |
 *   +---------------------------------------+-----------------------+
 * </pre>
 *
 * Positions count messages from {@link #cells} on, as if the first ones had been sent and taken before. The entry of position p is that of cell p modulo {@link #cells}, and so is its slot, but
 * for the few messages that have to stand elsewhere: who waits for an entry then finds the begin of the record in the same cache line. The last slot is no cell's: its entry is not used.
 */
final class SlotRing {
    /**
     * The position after the last one that the reader has taken, written by the reader alone: what of that the head says, for a writer that only wants to know. Who looks at the head takes its cache line from the reader, which
     * then waits for it when it takes the next message.
     */
    static final int TAKEN = Region.RING;

    private static final int ENTRY_LENGTH = Long.BYTES;

    /** Of a cell; a record in one line is not moved by writing its neighbour. */
    private static final int ALIGNMENT = 64;

    /** Two more than may wait: for the message in the reader's hand and for the one that is being written. */
    final int cells;

    final int slots;
    final int slotBits;
    private final int slotMask;
    private final int stride;

    SlotRing(int queueSize, int maxRecordLength) {
        cells = queueSize + 2;
        slots = cells + 1;
        int places = Region.nextPowerOfTwo(slots);
        slotBits = Integer.numberOfTrailingZeros(places);
        slotMask = places - 1;
        stride = Region.align(ENTRY_LENGTH + maxRecordLength, ALIGNMENT);
    }

    int ringBytes() {
        return Region.PADDING + slots * stride;
    }

    int entryOffset(int cell) {
        return TAKEN + Region.PADDING + cell * stride;
    }

    int recordOffset(int slot) {
        return entryOffset(slot) + ENTRY_LENGTH;
    }

    long entry(long position, int slot) {
        return position << slotBits | slot;
    }

    /** As it stands in the entry; perhaps none of the region, where somebody has written over that. */
    int slotOf(long entry) {
        return (int) entry & slotMask;
    }

    /** The same, and a slot of the region in any case. */
    int slotWithin(long entry) {
        return Math.min(slotOf(entry), slots - 1);
    }

    /** From the wanted position to the entry's; less than 0: the wanted one is not published yet. Right also when the upper bits of positions are lost. */
    long distance(long entry, long wanted) {
        return (entry - (wanted << slotBits)) >> slotBits;
    }

    int next(int cell) {
        return cell == cells - 1 ? 0 : cell + 1;
    }

    int after(int cell, long steps) {
        return steps == 0 ? cell : (int) Math.floorMod(cell + steps, (long) cells);
    }

    /** @param steps hardly ever more than there are cells; another process may have said them */
    int before(int cell, long steps) {
        long former = cell - steps;
        long wrapped = former < 0 ? former + cells : former;
        return wrapped >= 0 && wrapped < cells ? (int) wrapped : (int) Math.floorMod(wrapped, (long) cells);
    }
}
