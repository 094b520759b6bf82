package io.millrace.local.edge;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a one-to-one ring that another JVM writes, in place. See {@link OneToOneRing}. Every length that stands there is checked before it is used: what makes no sense ends the edge, and can do no more,
 * for all accesses are within the region.
 *
 * <p>The gate: before a producer sends what must not be read before something else is told, its JVM counts the gate up; what was read before it may wait behind it too. {@link #onTold} lifts it.
 */
final class MappedReader extends EdgeReader {
    private static final VarHandle TOLD;

    static {
        try {
            TOLD = MethodHandles.lookup().findVarHandle(MappedReader.class, "told", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MappedLayout layout;
    private final @Nullable Slab[] slabs;
    private final ReceivedBodies bodies;
    private final MappedEdge.Listener listener;

    private long position; // of the next frame; bytes, ever growing
    private long taken;
    private boolean isBroken;

    @SuppressWarnings("unused") // through TOLD
    private int told; // by another thread

    MappedReader(
            ByteBuffer region,
            MappedLayout layout,
            @Nullable Slab[] slabs,
            DistantWriter writer,
            WakeSignal writerSignal,
            ReceivedBodies bodies,
            MappedEdge.Listener listener) {
        super(region, slabs, writer, writerSignal);
        this.layout = layout;
        this.slabs = slabs;
        this.bodies = bodies;
        this.listener = listener;
    }

    /** So many things have been told for which the gate was counted up. One thread at a time; the reader is to be signalled then. */
    void onTold(int count) {
        TOLD.setRelease(this, count);
    }

    @Override
    boolean take() {
        int begin = frame();
        if (begin < 0) {
            return false;
        }
        int length = lengthAt(begin);
        int offset = Region.RING + begin + OneToOneRing.FRAME_HEADER_LENGTH;
        long message = taken + 1;
        if (!isSound(begin, length, offset) || !fetchBody(offset, message)) {
            return false;
        }
        position += RecordLayout.align8(length);
        taken = message;
        hold(offset, (int) message & (slabs.length - 1), message);
        // Partner: LosslessWriter.hasRoomInRing().
        Region.LONGS.setRelease(region, Region.READER_POSITION, message);
        signalWriter();
        return true;
    }

    /** Where the next frame begins; less than 0 if there is none, or it has to wait. */
    private int frame() {
        if (isBroken) {
            return -1;
        }
        int begin = (int) position & (layout.capacity - 1);
        int length = lengthAt(begin);
        if (length <= 0) {
            return -1;
        }
        // Partner: MappedEdge.raiseGate(), which is before the frame.
        if ((int) Region.INTS.getOpaque(region, layout.gate) != (int) TOLD.getAcquire(this)) {
            return -1;
        }
        if (region.getInt(Region.RING + begin + OneToOneRing.TYPE_OFFSET) != OneToOneRing.PADDING) {
            return begin;
        }
        if (length != layout.capacity - begin) {
            broken("padding of " + length + " bytes at " + begin);
            return -1;
        }
        position += length;
        return lengthAt(0) > 0 ? 0 : -1;
    }

    private boolean isSound(int begin, int length, int offset) {
        int longest = OneToOneRing.FRAME_HEADER_LENGTH + layout.maxRecordLength;
        if (length < OneToOneRing.FRAME_HEADER_LENGTH + RecordLayout.HEADER_LENGTH
                || length > longest
                || begin > layout.capacity - length) {
            return broken("a frame of " + length + " bytes at " + begin + ", where up to " + longest + " are expected");
        }
        int parameters = region.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET);
        int payload = region.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        long body = (parameters + 7L & ~7L) + payload;
        boolean isReference = RecordLayout.isReference(region, offset);
        long expected = OneToOneRing.FRAME_HEADER_LENGTH + RecordLayout.HEADER_LENGTH + (isReference ? 0 : body);
        if (parameters < 0 || payload < 0 || body > Integer.MAX_VALUE || expected != length) {
            return broken("a frame of " + length + " bytes at " + begin + " with " + parameters
                    + " bytes of parameters and " + payload + " of payload");
        }
        return true;
    }

    private boolean fetchBody(int offset, long message) {
        if (!RecordLayout.isReference(region, offset)) {
            return true;
        }
        int place = layout.place(message);
        int length = RecordLayout.bodyLength(
                region.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET),
                region.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET));
        try {
            slabs[(int) message & (slabs.length - 1)] = bodies.at(region.getInt(place), region.getInt(place + 4), length);
            return true;
        } catch (IOException e) {
            return broken("a body of " + length + " bytes: " + e.getMessage());
        }
    }

    private boolean broken(String what) {
        isBroken = true;
        listener.onBroken(what);
        return false;
    }

    @Override
    void giveBack() {
        // The place of a message is the writer's when the one after the next is taken: see OneToOneRing.
    }

    @Override
    boolean isWaiting() {
        return frame() >= 0;
    }

    private int lengthAt(int begin) {
        // Partner: OneToOneWriter.publishFrame().
        return (int) Region.INTS.getAcquire(region, Region.RING + begin);
    }

    @Override
    void tellClosed() {
        listener.onClosed();
    }
}
