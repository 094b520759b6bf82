package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.pool.Slab;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes to a slot ring that another JVM reads: see {@link SlotWriter}, and {@link MappedWriter} for large bodies. Whoever takes the place of a body out of the region has that body. */
final class MappedSlotWriter extends SlotWriter {
    private final MappedLayout layout;
    private final SentRecords records;
    private final SentBodies bodies;

    MappedSlotWriter(SentRecords records, SlotRing ring, WakeSignal readerSignal, Runnable onFirstDrop) {
        super(
                records.region(),
                Region.CHECKED,
                ring,
                records.layout().queueSize,
                records.layout().maxRecordLength,
                records.layout().policy == QueuePolicy.LATEST,
                new @Nullable Slab[ring.slots],
                readerSignal,
                onFirstDrop);
        this.layout = records.layout();
        this.records = records;
        this.bodies = records.bodies();
    }

    @Override
    boolean hasRoomInRing() {
        bodies.collect();
        return true;
    }

    @Override
    void publish(int offset, @Nullable Slab body, int type) {
        records.countSent(sentSoFar());
        // The head is the position behind the one in hand: so it counts as the number of that message.
        @Nullable String lack = body == null ? null : records.place(offset, claimedSlot(), body, tail() + 1);
        if (body == null || lack == null) {
            publishSlot();
        } else {
            countDroppedForMemory();
            records.drop(body, lack);
        }
        Region.LONGS.setOpaque(region, layout.givenWay, dropped() + conflated());
    }

    @Override
    boolean dropBody(int slot) {
        long word = (long) Region.LONGS.getAndSet(region, layout.place(slot), 0L);
        if (word == MappedLayout.GIVEN_UP) {
            return false;
        }
        if (word != 0) {
            bodies.takeBack(word - 1);
        }
        return true;
    }

    @Override
    @Nullable Slab bodyIn(int slot) {
        long word = (long) Region.LONGS.getOpaque(region, layout.place(slot));
        return word == 0 || word == MappedLayout.GIVEN_UP ? null : bodies.slabAt(word - 1);
    }

    @Override
    boolean giveUpBodyIn(int slot, Slab body) {
        long word = (long) Region.LONGS.getOpaque(region, layout.place(slot));
        boolean isOurs = word != 0
                && word != MappedLayout.GIVEN_UP
                && Objects.equals(bodies.slabAt(word - 1), body)
                && Region.LONGS.compareAndSet(region, layout.place(slot), word, MappedLayout.GIVEN_UP);
        if (isOurs) {
            bodies.takeBack(word - 1);
        }
        return isOurs;
    }

    @Override
    void tellClosed() {
        records.onClosed();
    }

    @Override
    void releaseBodies() {
        records.releaseAll();
    }
}
