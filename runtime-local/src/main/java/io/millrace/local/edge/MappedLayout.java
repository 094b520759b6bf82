package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import org.jspecify.annotations.Nullable;

/**
 * Where a ring that two JVMs map keeps what: as in {@link Region}, with this behind the ring.
 *
 * <pre>
 *     0  sent            i64   by the writer, for each message: what others count by
 *     8  given way       i64   by the writer: of those, what was dropped, conflated or given up
 *   128  reader sleeps   i32   by the reader's thread when it parks, and by whoever wakes it
 *   256  writer sleeps   i32   likewise
 *   384  gate            i32   how often the reader was to wait for what it is told otherwise
 *   512  places of bodies, i64 for each slot: 0 none, -1 given up, else file and cell, and 1
 * </pre>
 *
 * How many messages the reader has taken stands beside its position. That one end has closed is told by other means, behind everything that was said before; the word "writer closed" is then written and
 * read by the reader's JVM alone, and "reader closed" by the writer's.
 */
final class MappedLayout {
    static final int RECEIVED = Region.READER_POSITION + 16;
    static final long GIVEN_UP = -1;

    final QueuePolicy policy;
    final int queueSize;
    final int maxRecordLength;

    /** Of the circle of bytes of a one-to-one ring. */
    final int capacity;

    /** Null for a one-to-one ring. */
    final @Nullable SlotRing slotRing;

    final int slots;
    final int sent;
    final int givenWay;
    final int readerSleeps;
    final int writerSleeps;
    final int gate;
    final int total;
    private final int places;

    MappedLayout(QueuePolicy policy, int queueSize) {
        this.policy = policy;
        this.queueSize = policy == QueuePolicy.LATEST ? 1 : queueSize;
        maxRecordLength = RecordLayout.HEADER_LENGTH + RecordLayout.align8(Edge.inlineLimit(this.queueSize));
        int ringBytes;
        if (policy == QueuePolicy.BACKPRESSURE) {
            capacity = OneToOneRing.capacity(this.queueSize, maxRecordLength);
            slotRing = null;
            slots = OneToOneRing.bodySlots(this.queueSize);
            ringBytes = capacity;
        } else {
            capacity = 0;
            slotRing = new SlotRing(this.queueSize, maxRecordLength);
            slots = slotRing.slots;
            ringBytes = slotRing.ringBytes();
        }
        sent = Region.RING + Region.align(ringBytes, Region.PADDING) + Region.PADDING;
        givenWay = sent + Long.BYTES;
        readerSleeps = sent + Region.PADDING;
        writerSleeps = readerSleeps + Region.PADDING;
        gate = writerSleeps + Region.PADDING;
        places = gate + Region.PADDING;
        total = places + slots * Long.BYTES + Region.PADDING;
    }

    /** Of the word that tells the place of the body in a slot. */
    int place(int slot) {
        return places + slot * Long.BYTES;
    }
}
