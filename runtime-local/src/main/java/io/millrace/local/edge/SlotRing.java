package io.millrace.local.edge;

/**
 * Where a slot ring keeps what: an index of entries, then slots of equal length. {@link SlotWriter} tells how they are used.
 *
 * <pre>
 *   entry, i64:  | position, 64 - s bits | slot, s bits |
 * </pre>
 *
 * Positions count messages from {@link #slots} on, as if the first ones had been sent and taken before. The entry of position p is entry p modulo
 * {@link #entries}, a power of two that is not less than the number of slots.
 */
final class SlotRing {
    /** Of a slot; a record in one line is not moved by writing its neighbour. */
    private static final int ALIGNMENT = 64;

    /** Two more than may wait: for the message in the reader's hand and for the one that is being written. */
    final int slots;

    final int entries;
    final int slotBits;
    final int stride;
    final int slotsOffset;

    SlotRing(int queueSize, int maxRecordLength) {
        slots = queueSize + 2;
        entries = Region.nextPowerOfTwo(slots);
        slotBits = Integer.numberOfTrailingZeros(entries);
        stride = Region.align(maxRecordLength, ALIGNMENT);
        slotsOffset = Region.RING + Region.align(entries * Long.BYTES, Region.PADDING);
    }

    int ringBytes() {
        return slotsOffset - Region.RING + slots * stride;
    }
}
