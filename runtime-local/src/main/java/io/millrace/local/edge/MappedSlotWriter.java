package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes to a slot ring that another JVM reads: see {@link SlotWriter}, and {@link MappedWriter} for large bodies. Whoever takes the place of a body out of the region has that body. */
final class MappedSlotWriter extends SlotWriter {
    private final MappedLayout layout;
    private final SentBodies bodies;
    private final MappedEdge.Listener listener;

    MappedSlotWriter(
            ByteBuffer region,
            MappedLayout layout,
            SlotRing ring,
            WakeSignal readerSignal,
            SentBodies bodies,
            MappedEdge.Listener listener,
            Runnable onFirstDrop) {
        super(
                region,
                ring,
                layout.queueSize,
                layout.maxRecordLength,
                layout.policy == QueuePolicy.LATEST,
                new @Nullable Slab[ring.slots],
                readerSignal,
                onFirstDrop);
        this.layout = layout;
        this.bodies = bodies;
        this.listener = listener;
    }

    @Override
    boolean hasRoomInRing() {
        bodies.collect();
        return true;
    }

    @Override
    void publish(int offset, @Nullable Slab body) {
        Region.LONGS.setOpaque(region, layout.sent, sentSoFar());
        int slot = claimedSlot();
        // The head is the position behind the one in hand: so it counts as the number of that message.
        if (body == null || MappedWriter.place(layout, bodies, listener, offset, slot, body, tail() + 1)) {
            publishSlot();
            Region.LONGS.setOpaque(region, layout.givenWay, dropped() + conflated());
        }
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
        bodies.releaseAll(); // the other end reads copies
        listener.onClosed();
    }

    @Override
    void releaseBodies() {
        bodies.releaseAll();
    }
}
