package io.millrace.local.edge;

import io.millrace.layout.MessageView;
import io.millrace.layout.Padding;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's half of an edge: one message in hand at a time, read in place. Nothing here blocks or allocates.
 *
 * <p>Used by the consumer's thread only, except for the counters, which any thread may read. Who gives this half to another thread makes that happen before
 * its use there.
 */
public abstract class EdgeReader extends Padding {
    /** Easy to recognise, and no sensible number. */
    private static final byte SCRIBBLE = (byte) 0xDB;

    /** In place of a brief record's length. */
    private static final int WHOLE = -1;

    private static final VarHandle RECEIVED;
    private static final VarHandle CLOSED;
    private static final VarHandle HIGH_WATER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RECEIVED = lookup.findVarHandle(EdgeReader.class, "received", long.class);
            CLOSED = lookup.findVarHandle(EdgeReader.class, "closed", boolean.class);
            HIGH_WATER = lookup.findVarHandle(EdgeReader.class, "highWater", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final ByteBuffer region;
    final long address; // see Region
    private final ByteBuffer view;
    private final @Nullable Slab[] bodies;
    private final EdgeWriter writer;
    private final @Nullable WakeSignal writerSignal;

    private boolean inHand;
    private int recordOffset;
    private @Nullable Slab body;
    private @Nullable HopMeter hops;
    private long nextMeasured = HopMeter.NEVER;
    private long number; // of the message that was taken last

    // Where brief records are taken: of the last record, brief or not.
    private boolean takesBrief;
    private int briefLength = WHOLE;
    private int format;
    private int incarnation;
    private long sequence;

    // Written by the consumer's thread, read by any: opaque.
    private long received;
    private boolean closed;
    private long highWater;

    EdgeReader(
            ByteBuffer region,
            long address,
            @Nullable Slab[] bodies,
            EdgeWriter writer,
            @Nullable WakeSignal writerSignal) {
        this.region = region;
        this.address = address;
        this.view = Region.readOnly(region);
        this.bodies = bodies;
        this.writer = writer;
        this.writerSignal = writerSignal;
    }

    /** Releases the message in hand and takes the next one. False if nothing waits; then nothing is in hand. */
    public final boolean next() {
        release();
        return !closed && take();
    }

    /** Releases the message in hand, if there is one: its bytes may change from now on. */
    public final void release() {
        if (inHand) {
            inHand = false;
            Slab reference = body;
            giveBack();
            if (reference != null) {
                body = null;
                reference.release();
            }
        }
    }

    /**
     * Writes over the record in hand, if there is one, so that who reads it after its release finds nonsense: for debugging. A body by reference is other
     * readers' as well, and is written over by its pool when the last of them has released it.
     */
    public final void scribble() {
        if (inHand) {
            int end = recordOffset
                    + (briefLength == WHOLE ? RecordLayout.recordLength(region, recordOffset) : briefLength);
            for (int i = recordOffset; i < end; i++) {
                region.put(i, SCRIBBLE);
            }
        }
    }

    /** The whole region, read-only and little-endian; the same object for the life of the edge. */
    public final ByteBuffer buffer() {
        return view;
    }

    /** Where the record in hand begins in {@link #buffer()}, a multiple of 8. Without meaning while nothing is in hand, or where brief records are taken. */
    public final int recordOffset() {
        return recordOffset;
    }

    /** Shows the message in hand, which there is. */
    public final MessageView show(MessageView message) {
        int at = recordOffset;
        if (briefLength != WHOLE) {
            return showBrief(message, at);
        }
        long timestamp = Region.getLong(region, address, at + RecordLayout.TIMESTAMP_OFFSET);
        long lengths = Region.getLong(region, address, at + RecordLayout.PARAMETERS_LENGTH_OFFSET);
        return message.wrap(view, at, timestamp, lengths, body());
    }

    private MessageView showBrief(MessageView message, int at) {
        int begin = OneToOneRing.BRIEF_HEADER_LENGTH;
        long timestamp = Region.getLong(region, address, at);
        return message.wrapPayload(view, at + begin, format, incarnation, sequence, timestamp, briefLength - begin);
    }

    /** The body of the message in hand, if it came by reference; else null. */
    public final @Nullable ByteBuffer body() {
        return body == null ? null : body.view();
    }

    /** The memory of that body; who keeps it beyond the release takes a reference of its own. */
    public final @Nullable Slab slab() {
        return body;
    }

    /** Whether something waits. Without any effect. */
    public final boolean hasNext() {
        return !closed && isWaiting();
    }

    /** Whether the writer was closed and nothing waits: {@link #next()} will never return true again. */
    public final boolean isDrained() {
        // The order matters: what the writer sent last is visible once its closing is.
        return closed || Region.isWriterClosed(region) && !isWaiting();
    }

    /** Whether no message comes any more, though some may still wait. */
    public final boolean isWriterClosed() {
        return closed || Region.isWriterClosed(region);
    }

    /** This reader is gone: the writer finds the edge closed, and what waits is discarded. Idempotent. */
    public final void close() {
        release();
        if (!closed) {
            CLOSED.setOpaque(this, true);
            tellClosed();
            VarHandle.fullFence(); // partner: EdgeWriter.releaseIfReaderIsGone()
            BodySlots.releaseAll(bodies);
            signalWriter();
        }
    }

    /**
     * Whether a lossless writer's room is given back by {@link #releaseRoom} and not by taking a message: for who only carries messages on, to where they are taken. Ended, all that
     * was taken is room. Nothing on a lossy edge, whose writer always has room.
     */
    public void deferRoom(boolean isDeferred) {}

    /** The first so many messages of all that were received leave their room to others. */
    public void releaseRoom(long messages) {}

    /** How many messages have left their room to others; less than were received only where that is deferred. Any thread. */
    public long roomGiven() {
        return received();
    }

    /**
     * The number of the message that was taken last, among all that were sent, from 1 on; 0 before the first. Those before it were taken, dropped or given up. The consumer's
     * thread.
     */
    public final long number() {
        return number;
    }

    /** Messages taken. Any thread. */
    public long received() {
        return (long) RECEIVED.getOpaque(this);
    }

    /**
     * Messages that were sent and neither received nor dropped by the time the reader closed; 0 until it closes. Any thread; final once the writer has
     * found the edge closed.
     */
    public long discarded() {
        if (!(boolean) CLOSED.getOpaque(this)) {
            return 0;
        }
        return Math.max(0, writer.sent() - received() - writer.dropped() - writer.conflated());
    }

    /** The most messages that were seen to wait when one was measured. Any thread. */
    final long highWater() {
        return (long) HIGH_WATER.getOpaque(this);
    }

    /** Before the first message. */
    final void measure(HopMeter meter) {
        hops = meter;
        nextMeasured = 1;
    }

    /** The writer is to find the edge closed. */
    void tellClosed() {
        Region.closeReader(region);
    }

    /** Takes the next message into hand, by {@link #hold}. */
    abstract boolean take();

    /** The message in hand is done with. */
    abstract void giveBack();

    abstract boolean isWaiting();

    /**
     * The message that was taken. To be called before the writer can use its place again.
     *
     * @param taken the message's number among those sent, from 1 on
     * @return false if the writer has given that message up
     */
    final boolean hold(int offset, int slot, long taken) {
        @Nullable Slab reference = BodySlots.take(bodies, slot);
        if (reference == BodySlots.GIVEN_UP) {
            return false;
        }
        inHand = true;
        recordOffset = offset;
        if (reference != null) {
            body = reference;
        }
        if (taken >= nextMeasured) {
            measure(taken, slot);
        }
        number = taken;
        RECEIVED.setOpaque(this, received + 1);
        return true;
    }

    private void measure(long taken, int slot) {
        HopMeter meter = Objects.requireNonNull(hops);
        if (!meter.isMeasured(taken, slot)) {
            return;
        }
        nextMeasured = meter.onTake(taken, slot);
        long waiting = writer.sent() - received - writer.dropped() - writer.conflated();
        if (waiting > highWater) {
            HIGH_WATER.setOpaque(this, waiting);
        }
    }

    /** Before the first message: there will be brief records, which only {@link #show} makes messages of. */
    final void takeBrief() {
        takesBrief = true;
    }

    /** The next record is brief: its timestamp, and its payload. */
    final void beginBrief(int payloadFormat, int recordLength) {
        briefLength = recordLength;
        format = payloadFormat;
        sequence++;
    }

    /** The next record is one with a header. */
    final void beginWhole(int at) {
        if (takesBrief) {
            briefLength = WHOLE;
            incarnation = RecordLayout.incarnation(Region.getLong(region, address, at));
            sequence = Region.getLong(region, address, at + RecordLayout.SEQUENCE_OFFSET);
        }
    }

    /** Messages taken. The consumer's thread. */
    final long receivedSoFar() {
        return received;
    }

    /** Whether the writer's thread may be parked. */
    final boolean hasWriterSignal() {
        return writerSignal != null;
    }

    private void signalWriter() {
        if (writerSignal != null) {
            writerSignal.signal();
        }
    }

    /** There is more room than before. */
    final void signalRoom() {
        if (writerSignal != null) {
            writerSignal.signalRoom();
        }
    }
}
