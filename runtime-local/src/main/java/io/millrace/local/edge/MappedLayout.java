package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;

/**
 * Where a one-to-one ring that two JVMs map keeps what: as in {@link Region}, with this behind the ring.
 *
 * <pre>
 *     0  sent            i64   by the writer, for each message: what others count by
 *   128  reader sleeps   i32   by the reader's thread when it parks, and by whoever wakes it
 *   256  writer sleeps   i32   likewise
 *   384  gate            i32   how often the reader was to wait for what it is told otherwise
 *   512  places of bodies, 8 bytes for each message that may be under way: file i32, cell i32
 * </pre>
 *
 * That one end has closed is told by other means, behind everything that was said before; the word "writer closed" is then written and read by the reader's JVM alone, and "reader closed" by the
 * writer's.
 */
final class MappedLayout {
    private static final int PLACE_BYTES = 8;

    final int queueSize;
    final int maxRecordLength;
    final int capacity;
    final int slots;
    final int sent;
    final int readerSleeps;
    final int writerSleeps;
    final int gate;
    final int total;
    private final int places;

    MappedLayout(int queueSize) {
        this.queueSize = queueSize;
        maxRecordLength = RecordLayout.HEADER_LENGTH + RecordLayout.align8(Edge.inlineLimit(queueSize));
        capacity = OneToOneRing.capacity(queueSize, maxRecordLength);
        slots = OneToOneRing.bodySlots(queueSize);
        sent = Region.RING + capacity + Region.PADDING;
        readerSleeps = sent + Region.PADDING;
        writerSleeps = readerSleeps + Region.PADDING;
        gate = writerSleeps + Region.PADDING;
        places = gate + Region.PADDING;
        total = places + slots * PLACE_BYTES + Region.PADDING;
    }

    /** Of the place of the body of a message. */
    int place(long message) {
        return places + ((int) message & (slots - 1)) * PLACE_BYTES;
    }
}
