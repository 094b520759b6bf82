package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a slot ring, where the oldest waiting message gives way to a new one.
 *
 * <p>Messages have positions 0, 1, 2, … The entry of a position, in its cell, tells its slot. One word, the head, is the oldest position that still waits; it only grows,
 * by one at a time, and whoever moves it has position "head" for itself: the reader by get-and-add, which takes the message, the writer by
 * compare-and-set, which drops it. With tail for the number of positions published, n for the queue size, n + 2 cells, and n + 3 slots:
 *
 * <ol>
 *   <li><b>Never more than n wait, and only for room.</b> The writer first publishes position t and then, if n + 1 wait, moves the head on by one. If that
 *       fails, the reader has just taken a message and only n wait. So nothing is dropped that there was room for, and after a burst before a
 *       stalled reader exactly the newest n wait, in order.
 *   <li><b>The reader never takes what is not there.</b> A drop leaves n waiting, at least one. So once the reader has seen that something waits, this stays
 *       so until it takes, and its get-and-add needs no condition and no second try: neither side ever waits for the other.
 *   <li><b>A slot that is being read is not written.</b> The writer knows the positions that it has dropped itself; whatever else lies below the head the reader
 *       has taken, and only the last one of those can be in its hand. The slots of the last n + 2 positions, and one more, the spare, are all there are. Claimed is the slot of the oldest of
 *       those positions, which is below the head, for at most n wait. If just that message is in hand, the spare is claimed in its place, and with the publishing the slot in hand becomes the
 *       spare, which is left alone until the reader has taken another message. A cell whose own slot became the spare that way claims it as soon as it is free. The writer sees the head with
 *       acquire, and the reader moved it after it was done with the message before.
 *   <li><b>The reader finds the slot of what it took.</b> It looks at the entry again after it has moved the head, and may be overtaken by a whole lap before it
 *       gets to it. Entries carry their position, so it notices. The one entry that can be missed like this is that of the message in hand: before the
 *       writer overwrites that one, it leaves it in the note, where it stays until the reader has taken another message and so has no use for it.
 *   <li><b>Abort drops nothing</b>, because claiming changes nothing that the reader sees.
 *   <li><b>Memory is given up without moving the head</b>, so what waits inline stays, and statement 2 holds. Writer and reader both take a reference out of the
 *       slot's place in the array by an atomic exchange, so one of them gets it. The writer leaves a mark there, and the reader, which has the position by then,
 *       passes over the message; the writer itself, when it later drops that position for room, knows by the mark that it is counted.
 * </ol>
 *
 * The writer may know an old head. Then it takes for waiting what the reader has taken since, and looks again before it drops; and it takes for in hand what the
 * reader has already given back, and leaves a note that nobody needs.
 */
class SlotWriter extends EdgeWriter {
    private final SlotRing ring;
    private final int queueSize;
    private final boolean conflates;
    private final Runnable onFirstDrop;
    private final @Nullable Slab[] bodies;

    private long tail; // the position to be published next
    private int tailCell;
    private long head; // as far as known
    private long heldPosition; // the last one the reader took, as far as known
    private int heldSlot;
    private int spare; // the slot of none of the last positions; free unless it is in hand
    private int claimedSlot;
    private long noReferenceBelow; // a position: what waits below it carries no reference

    SlotWriter(
            ByteBuffer region,
            long address,
            SlotRing ring,
            int queueSize,
            int maxRecordLength,
            boolean conflates,
            @Nullable Slab[] bodies,
            @Nullable WakeSignal readerSignal,
            Runnable onFirstDrop) {
        super(region, address, maxRecordLength, bodies, readerSignal);
        this.ring = ring;
        this.queueSize = queueSize;
        this.conflates = conflates;
        this.onFirstDrop = onFirstDrop;
        this.bodies = bodies;
        this.tail = ring.cells;
        this.head = ring.cells;
        this.heldPosition = head - 1;
        this.heldSlot = ring.cells - 1;
        this.spare = ring.cells;
        for (int cell = 0; cell < ring.cells; cell++) {
            region.putLong(ring.entryOffset(cell), ring.entry(cell, cell));
        }
        region.putLong(Region.READER_POSITION, head);
    }

    @Override
    boolean hasRoomInRing() {
        return true;
    }

    @Override
    int claimInRing(int recordLength) {
        claimedSlot = freeSlot();
        return ring.recordOffset(claimedSlot);
    }

    /** A slot that neither waits nor is in hand; the same one until it is published. */
    private int freeSlot() {
        int oldest = slotIn(tailCell);
        boolean isSpareAtHome = spare == tailCell && spare != heldSlot;
        return oldest == heldSlot || isSpareAtHome ? spare : oldest;
    }

    @Override
    void publish(int offset, @Nullable Slab body, int type) {
        putBody(claimedSlot, body);
        noteTime(claimedSlot);
        publishSlot();
    }

    /** Where the record is, that is published next. */
    final int claimedSlot() {
        return claimedSlot;
    }

    /** The position that is published next. */
    final long tail() {
        return tail;
    }

    final void publishSlot() {
        if (claimedSlot == spare) {
            spare = slotIn(tailCell);
        }
        int overwritten = ring.entryOffset(tailCell);
        if (tail - heldPosition == ring.cells) {
            Region.putLong(region, address, Region.NOTE, Region.getLong(region, address, overwritten));
        }
        // Partner: SlotReader.take(). Publishes the record and the note.
        Region.putLongRelease(region, address, overwritten, ring.entry(tail, claimedSlot));
        tail++;
        tailCell = ring.next(tailCell);
        if (tail - head > queueSize && !hasReaderMovedOn()) {
            makeRoom();
        }
    }

    private boolean hasReaderMovedOn() {
        // Partner: SlotReader.hold(). Never more than the head.
        long taken = Region.getLongAcquire(region, address, SlotRing.TAKEN);
        if (taken <= head) {
            return false;
        }
        learnHead(taken);
        return tail - head <= queueSize;
    }

    private void makeRoom() {
        // Partner: SlotReader.take(). Two threads write this word.
        long found = Region.compareAndExchangeLong(region, address, Region.READER_POSITION, head, head + 1);
        if (found == head) {
            int slot = slotOf(head);
            head++;
            if (dropBody(slot)) {
                countGivenWay();
            }
        } else {
            learnHead(found);
        }
    }

    /** Releases what stands in the slot of a message that gives way; false if it was given up, and so counted, before. */
    boolean dropBody(int slot) {
        @Nullable Slab reference = BodySlots.take(bodies, slot);
        if (reference != null && reference != BodySlots.GIVEN_UP) {
            reference.release();
        }
        return reference != BodySlots.GIVEN_UP;
    }

    private void countGivenWay() {
        if (conflates) {
            countConflated();
        } else if (countDropped() == 1) {
            onFirstDrop.run();
        }
    }

    @Override
    public long oldestReference() {
        // Partner: SlotReader.take(). Only what is at or above the reader's own position still waits; those slots are
        // not used again meanwhile.
        long first = Region.getLongAcquire(region, address, Region.READER_POSITION);
        long position = Math.max(noReferenceBelow, first);
        @Nullable Slab found = null;
        while (position < tail && (found = referenceAt(position)) == null) {
            position++;
        }
        noReferenceBelow = position;
        return found == null ? NO_REFERENCE : found.number();
    }

    private @Nullable Slab referenceAt(long position) {
        return bodyIn(slotOf(position));
    }

    /** What may be given up. */
    @Nullable Slab bodyIn(int slot) {
        @Nullable Slab body = bodies[slot];
        return body == BodySlots.GIVEN_UP ? null : body;
    }

    /** False if the reader came first. */
    boolean giveUpBodyIn(int slot, Slab body) {
        return BodySlots.giveUp(bodies, slot, body);
    }

    @Override
    public void giveUp(long number) {
        if (oldestReference() != number) {
            return;
        }
        int slot = slotOf(noReferenceBelow);
        @Nullable Slab body = referenceAt(noReferenceBelow);
        if (body != null && giveUpBodyIn(slot, body)) {
            countDroppedForMemory();
        }
    }

    /** Everything from the old head to the new one was taken by the reader, and only the last of it can be in hand. */
    private void learnHead(long newHead) {
        head = newHead;
        heldPosition = newHead - 1;
        heldSlot = slotOf(heldPosition);
    }

    @Override
    void giveBack(int offset) {
        // The slot is still free.
    }

    /** Of one of the last positions, as many as there are cells. */
    private int slotOf(long position) {
        return slotIn(ring.before(tailCell, tail - position));
    }

    private int slotIn(int cell) {
        return ring.slotWithin(Region.getLong(region, address, ring.entryOffset(cell)));
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends SlotWriter {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
                ByteBuffer region,
                SlotRing ring,
                int queueSize,
                int maxRecordLength,
                boolean conflates,
                @Nullable Slab[] bodies,
                @Nullable WakeSignal readerSignal,
                Runnable onFirstDrop) {
            super(
                    region,
                    Region.addressOf(region),
                    ring,
                    queueSize,
                    maxRecordLength,
                    conflates,
                    bodies,
                    readerSignal,
                    onFirstDrop);
        }
    }
}
