package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What both readers of rings in shared memory have in common: every length that stands there is checked before it is used. What makes no sense ends the edge, and can do no more, for all accesses are within
 * the region. The consumer's thread.
 *
 * <p>The gate: before a producer sends what must not be read before something else is told, its JVM counts the gate up; what was sent before may wait behind it too. {@link #onTold} lifts it.
 */
final class ReceivedRecords {
    private static final VarHandle TOLD;

    static {
        try {
            TOLD = MethodHandles.lookup().findVarHandle(ReceivedRecords.class, "told", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer region;
    private final MappedLayout layout;
    private final ReceivedBodies bodies;
    private final MappedEdge.Listener listener;
    private boolean isBroken;

    @SuppressWarnings("unused") // through TOLD
    private int told; // by another thread

    ReceivedRecords(ByteBuffer region, MappedLayout layout, ReceivedBodies bodies, MappedEdge.Listener listener) {
        this.region = region;
        this.layout = layout;
        this.bodies = bodies;
        this.listener = listener;
    }

    /** So many things have been told for which the gate was counted up. One thread at a time; the reader is to be signalled then. */
    void onTold(int count) {
        TOLD.setRelease(this, count);
    }

    /** Whether what was seen in the ring may be read. */
    boolean isOpen() {
        // Partner: MappedEdge.raiseGate(), which is before what was seen.
        return !isBroken && (int) Region.INTS.getOpaque(region, layout.gate) == (int) TOLD.getAcquire(this);
    }

    /** Ends the edge. */
    boolean broken(String what) {
        if (!isBroken) {
            isBroken = true;
            listener.onBroken(what);
        }
        return false;
    }

    /**
     * Whether a record makes sense.
     *
     * @param length as told elsewhere; 0 if it is not
     */
    boolean isSound(int offset, int length) {
        int parameters = region.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET);
        int payload = region.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        long body = (parameters + 7L & ~7L) + payload;
        long expected = RecordLayout.HEADER_LENGTH + (RecordLayout.isReference(region, offset) ? 0 : body);
        if (parameters < 0
                || payload < 0
                || body > Integer.MAX_VALUE
                || expected > layout.maxRecordLength
                || length != 0 && length != expected) {
            return broken("a record of " + length + " bytes at " + offset + " with " + parameters
                    + " bytes of parameters and " + payload + " of payload");
        }
        return true;
    }

    /** The body of a sound record that has none in itself; null if that makes no sense, which ends the edge. */
    @Nullable Slab body(int offset, long place) {
        int length = RecordLayout.bodyLength(
                region.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET),
                region.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET));
        try {
            return bodies.at((int) (place >>> 32), (int) place, length);
        } catch (IOException e) {
            broken("a body of " + length + " bytes: " + e.getMessage());
            return null;
        }
    }

    void onClosed() {
        listener.onClosed();
    }
}
