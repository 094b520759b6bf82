package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What both writers of rings in shared memory have in common: where large bodies go, and what becomes of a message for whose body there is no memory. A lossy edge drops that message. A lossless one keeps it, with its record where it was
 * claimed, and takes no other, until whoever has the edge moves it to one that goes otherwise. The producer's thread.
 */
final class SentRecords {
    private final ByteBuffer region;
    private final MappedLayout layout;
    private final SentBodies bodies;
    private final MappedEdge.Listener listener;
    private boolean isStranded;
    private boolean hasDropped;
    private int strandedOffset;
    private @Nullable Slab stranded;

    SentRecords(ByteBuffer region, MappedLayout layout, SentBodies bodies, MappedEdge.Listener listener) {
        this.region = region;
        this.layout = layout;
        this.bodies = bodies;
        this.listener = listener;
    }

    ByteBuffer region() {
        return region;
    }

    MappedLayout layout() {
        return layout;
    }

    SentBodies bodies() {
        return bodies;
    }

    /** Before a message can be seen, so that no count of it comes first. */
    void countSent(long messages) {
        Region.LONGS.setOpaque(region, layout.sent, messages);
    }

    /**
     * Copies a body to where the other JVM finds it, and takes over the reference.
     *
     * @return why there is no memory for it, and the reference is still the caller's; else null
     */
    @Nullable String place(int offset, int slot, Slab body, long message) {
        int length = RecordLayout.bodyLength(
                region.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET),
                region.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET));
        try {
            long place = bodies.put(body, length, message);
            Region.LONGS.setOpaque(region, layout.place(slot), place + 1);
            return null;
        } catch (IOException | IllegalStateException e) {
            return "a body of " + length + " bytes: " + e.getMessage();
        }
    }

    /** The message of that record cannot be sent here, and no other is from now on. Takes over the reference. */
    void strand(int offset, Slab body, String reason) {
        isStranded = true;
        if (bodies.isOver()) {
            body.release();
            return;
        }
        strandedOffset = offset;
        stranded = body;
        listener.onStranded(reason);
    }

    /** A message was dropped as there is no memory for it. */
    void drop(Slab body, String reason) {
        body.release();
        if (!hasDropped && !bodies.isOver()) {
            hasDropped = true;
            listener.onDropped(reason);
        }
    }

    boolean isStranded() {
        return isStranded;
    }

    /** Where the record stands whose body {@link #takeStranded} gives. */
    int strandedOffset() {
        return strandedOffset;
    }

    /** Once, and the reference is the caller's then. */
    @Nullable Slab takeStranded() {
        Slab taken = stranded;
        stranded = null;
        return taken;
    }

    /** The other end reads copies. */
    void onClosed() {
        releaseAll();
        listener.onClosed();
    }

    /** The other end reads nothing more. */
    void releaseAll() {
        bodies.releaseAll();
        Slab left = takeStranded();
        if (left != null) {
            left.release();
        }
    }
}
