package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The producer's half of an edge: claim, write in place, commit. Nothing here blocks or allocates, and what may happen in good order is a value, not an
 * exception.
 *
 * <p>Used by the producer's thread only, except for the counters, which any thread may read. Who gives this half to another thread makes that happen before
 * its use there.
 */
public abstract class EdgeWriter extends Padding {
    /** {@link #tryClaim}: no room now; may be different once the reader has taken a message. */
    public static final int FULL = -1;

    /** {@link #tryClaim}: the reader is gone, or this writer was closed; will not change. */
    public static final int CLOSED = -2;

    /** Before the payload of a brief record. */
    public static final int BRIEF_HEADER_LENGTH = OneToOneRing.BRIEF_HEADER_LENGTH;

    /** {@link #oldestReference}: none waits, or they are not this edge's to give up. */
    public static final long NO_REFERENCE = Long.MAX_VALUE;

    private static final int NONE = -1;

    /** The sequence of no message. */
    private static final long UNKNOWN = -1;

    /** In place of a claim: see {@link #isBroken}. */
    private static final int BROKEN = -2;

    private static final VarHandle SENT = handle("sent", long.class);
    private static final VarHandle DROPPED = handle("dropped", long.class);
    private static final VarHandle DROPPED_FOR_MEMORY = handle("droppedForMemory", long.class);
    private static final VarHandle CONFLATED = handle("conflated", long.class);
    private static final VarHandle MISSED = handle("missed", long.class);
    private static final VarHandle WAS_FULL = handle("wasFull", boolean.class);
    private static final VarHandle FULL_NS = handle("fullNs", long.class);
    private static final VarHandle FULL_SINCE_NS = handle("fullSinceNs", long.class);

    /** No time at which anything began. */
    private static final long NEVER = Long.MIN_VALUE;

    final ByteBuffer region;
    final long address; // see Region
    private final int maxRecordLength;
    private final @Nullable Slab[] bodies;
    private final @Nullable WakeSignal readerSignal;

    private int claimed = NONE;
    private boolean takesBrief;
    private long next = UNKNOWN; // the sequence of the message that may be brief
    private int nextIncarnation;
    private boolean closed;
    private @Nullable HopMeter hops;
    private long nextMeasured = HopMeter.NEVER;

    // Written by the producer's thread, read by any: opaque.
    private long sent;
    private long dropped;
    private long droppedForMemory;
    private long conflated;
    private long missed;
    private boolean wasFull;

    @SuppressWarnings("unused") // through FULL_NS
    private long fullNs;

    private long fullSinceNs = NEVER;

    // The producer's thread.
    private boolean isFullMeasured;
    private boolean isFull;
    private Runnable onFirstMiss = () -> {};

    /** @param bodies of the records by reference that are under way; shared with the reader, under the order that the ring gives */
    EdgeWriter(
            ByteBuffer region,
            long address,
            int maxRecordLength,
            @Nullable Slab[] bodies,
            @Nullable WakeSignal readerSignal) {
        this.region = region;
        this.address = address;
        this.maxRecordLength = maxRecordLength;
        this.bodies = bodies;
        this.readerSignal = readerSignal;
    }

    /** Whether one more message would be taken now. A lossy edge always has room while its reader lives. */
    public final boolean hasRoom() {
        return !isClosed() && hasRoomInRing();
    }

    /** How many messages may wait before there is no room; {@link Integer#MAX_VALUE} where there always is. */
    public int depth() {
        return Integer.MAX_VALUE;
    }

    /**
     * How many messages the reader has taken for certain, so that {@link #depth()} more than these find room; 0 where there always is room. The producer's thread.
     */
    public long taken() {
        return 0;
    }

    /**
     * The reader need not signal before it has taken so many, or closes: for a writer that waits for room for a number of messages. Never less than before, so that a reader which still
     * knows the former number signals too early and not too late. The producer's thread, before it arms its signal.
     */
    public void wakeAt(long messagesTaken) {}

    /** Whether the reader is gone or this writer was closed: no message is taken any more. */
    public final boolean isClosed() {
        if (!closed && Region.isReaderClosed(region, address)) {
            closed = true;
            releaseBodies(); // what was committed while the reader closed
        }
        return closed;
    }

    /**
     * Claims room for one record, which is then written into {@link #buffer()} and ended by {@link #commit} or {@link #abort}.
     *
     * @param recordLength bytes, at most {@link #maxRecordLength()}
     * @return the record's offset in the buffer, a multiple of 8; or {@link #FULL}, or {@link #CLOSED}
     * @throws IllegalArgumentException if the record is too long
     * @throws IllegalStateException if the claim before was neither committed nor aborted
     */
    public final int tryClaim(int recordLength) {
        next = UNKNOWN;
        return claim(recordLength);
    }

    /** Before the first message: its reader reads brief records. */
    final void takeBrief() {
        takesBrief = true;
    }

    /** Whether this message follows the last one that was put into the edge, by {@link #putHeader} or as a brief one, so that it may be claimed by {@link #tryClaimBrief}. */
    public final boolean isNext(int incarnation, long sequence) {
        return sequence == next && incarnation == nextIncarnation;
    }

    /**
     * As {@link #tryClaim}, for the {@linkplain #isNext next} message, if it has no parameters: only its payload is written, from {@link #BRIEF_HEADER_LENGTH} after the offset on, and it is ended by {@link
     * #commitBrief} or {@link #abort}.
     *
     * @param length of the payload
     */
    public final int tryClaimBrief(int length) {
        return claim(BRIEF_HEADER_LENGTH + length);
    }

    private int claim(int recordLength) {
        if (recordLength < 0 || recordLength > maxRecordLength || claimed != NONE) {
            if (claimed == BROKEN && isClosed()) {
                return CLOSED;
            }
            throw misuse(recordLength);
        }
        if (isClosed()) {
            return CLOSED;
        }
        int offset = claimInRing(recordLength);
        if (offset >= 0) {
            claimed = offset;
        }
        return offset;
    }

    private RuntimeException misuse(int recordLength) {
        if (claimed == BROKEN) {
            return new IllegalStateException(
                    "the stack overflowed while a message was put into this edge: no other can follow");
        }
        return claimed != NONE
                ? new IllegalStateException("a record is claimed already: commit or abort it first")
                : new IllegalArgumentException(
                        "a record of " + recordLength + " bytes was claimed, the edge takes 0 to " + maxRecordLength);
    }

    /** The whole region, writable and little-endian; the same object for the life of the edge. */
    public final ByteBuffer buffer() {
        return region;
    }

    /** Writes the header of the record that is claimed, its words as {@link RecordLayout} has them. */
    public final void putHeader(long first, long sequence, long timestamp, long lengths) {
        int offset = claimed;
        if (offset < 0) {
            return; // taken back meanwhile: commit knows what to make of that
        }
        Region.putLong(region, address, offset, first);
        Region.putLong(region, address, offset + RecordLayout.SEQUENCE_OFFSET, sequence);
        Region.putLong(region, address, offset + RecordLayout.TIMESTAMP_OFFSET, timestamp);
        Region.putLong(region, address, offset + RecordLayout.PARAMETERS_LENGTH_OFFSET, lengths);
        if (takesBrief) {
            next = sequence + 1;
            nextIncarnation = RecordLayout.incarnation(first);
        }
    }

    /**
     * Publishes the claimed record. Where a lossy edge is full, its oldest waiting message gives way.
     *
     * @param body the memory of the body of a record by reference, of which this edge takes over one reference; null where the body is in the record
     * @throws IllegalStateException if nothing is claimed, and the writer is not closed: closing takes a claim back, which who writes just then need not know
     */
    public final void commit(@Nullable Slab body) {
        try {
            commitQuietly(body);
        } finally {
            signalReader();
        }
    }

    /** As {@link #commit}, and leaves it to the caller to {@link #signalReader} soon: one fence, and at most one wake-up, for a number of messages. */
    public final void commitQuietly(@Nullable Slab body) {
        int offset = claimed;
        if (offset < 0) {
            onNothingClaimed(body);
            return;
        }
        put(offset, body, OneToOneRing.MESSAGE);
        if (body != null) {
            releaseIfReaderIsGone();
        }
    }

    private void put(int offset, @Nullable Slab body, int type) {
        claimed = NONE;
        try {
            SENT.setOpaque(this, sent + 1); // before the message can be seen, so that no count of it comes first
            publish(offset, body, type);
        } catch (StackOverflowError e) {
            claimed = BROKEN;
            throw e;
        }
    }

    /** As {@link #commit}, of what {@link #tryClaimBrief} has claimed. */
    public final void commitBrief(int format, long timestamp) {
        int offset = claimed;
        if (offset < 0) {
            onNothingClaimed(null);
            return;
        }
        Region.putLong(region, address, offset, timestamp);
        next++;
        try {
            put(offset, null, OneToOneRing.briefType(format));
        } finally {
            signalReader();
        }
    }

    private void onNothingClaimed(@Nullable Slab body) {
        if (!closed) {
            throw new IllegalStateException("nothing is claimed");
        }
        if (body != null) {
            body.release();
        }
    }

    /** Wakes a parked reader: after {@link #commitQuietly}. The producer's thread; costs a full fence. */
    public final void signalReader() {
        if (readerSignal != null) {
            readerSignal.signal();
        }
    }

    /** What is put into the edge while the reader closes, either of the two finds there: of the two fences one comes first. Partner: EdgeReader.close(). */
    private void releaseIfReaderIsGone() {
        VarHandle.fullFence();
        isClosed();
    }

    /** Gives the claim back, if there is one: nothing is sent and nothing dropped. */
    public final void abort() {
        if (claimed >= 0) {
            int offset = claimed;
            claimed = NONE;
            giveBack(offset);
        }
    }

    /**
     * Whether the stack has overflowed while a message was published: the reader finds what was sent before, but nothing more can be claimed, for what this writer
     * remembers may be half of it. The producer's thread.
     */
    public final boolean isBroken() {
        return claimed == BROKEN;
    }

    /** No more messages follow; a claim is aborted. The reader is drained after the last message. Idempotent. */
    public final void close() {
        abort();
        if (!isClosed()) {
            closed = true;
            tellClosed();
            if (readerSignal != null) {
                readerSignal.signal();
            }
        }
    }

    /**
     * Closes, and takes the memory of large payloads back from what still waits: for a reader that will not come back. Should it come back nevertheless, it passes over
     * those messages; what it has in hand stays whole. Idempotent.
     */
    public final void abandon() {
        close();
        for (int slot = 0; slot < bodies.length; slot++) {
            @Nullable Slab body = bodies[slot];
            if (body != null && body != BodySlots.GIVEN_UP) {
                BodySlots.giveUp(bodies, slot, body);
            }
        }
    }

    /** The longest record that {@link #tryClaim} takes: a header and the inline limit, in bytes. */
    public final int maxRecordLength() {
        return maxRecordLength;
    }

    /** Messages committed, and those that were missed. Any thread. */
    public long sent() {
        return (long) SENT.getOpaque(this) + missed();
    }

    /** Messages of a {@code drop_oldest} edge that gave way to newer ones, and those that were missed. Any thread. */
    public final long dropped() {
        return (long) DROPPED.getOpaque(this) + missed();
    }

    /** A message has not been put into the edge, for there was no room and its sender waits for nobody. The producer's thread. */
    public final void countMissed() {
        MISSED.setOpaque(this, missed + 1);
        if (missed == 1) {
            onFirstMiss.run();
        }
    }

    /** How often that came. Any thread. */
    public final long missed() {
        return (long) MISSED.getOpaque(this);
    }

    /** Before the first message: run once, when the first is missed. */
    final void onFirstMiss(Runnable action) {
        onFirstMiss = action;
    }

    /** Messages whose memory a newer one needed, of those that {@link #dropped()} counts. Any thread. */
    public final long droppedForMemory() {
        return (long) DROPPED_FOR_MEMORY.getOpaque(this);
    }

    /** The {@link Slab#number()} of the oldest waiting message by reference that could be given up; {@link #NO_REFERENCE} if there is none. Nothing is claimed. */
    public long oldestReference() {
        return NO_REFERENCE;
    }

    /** Gives up the oldest waiting message by reference, if its number is this one: its reference is released and it counts as dropped for memory. */
    public void giveUp(long number) {}

    /** Messages of a {@code latest} edge that gave way to newer ones. Any thread. */
    public final long conflated() {
        return (long) CONFLATED.getOpaque(this);
    }

    /** Whether there was a moment without room. Any thread. */
    final boolean wasFull() {
        return (boolean) WAS_FULL.getOpaque(this);
    }

    /** Before the first message. */
    final void measure(HopMeter meter) {
        hops = meter;
        nextMeasured = 1;
    }

    /** How many messages can be under way, with a place in {@code bodies} for each. */
    final int slots() {
        return bodies.length;
    }

    /** Has the time measured for which the edge is found full. Costs a reading of the clock whenever that changes; before the edge's first use. */
    public final void measureFull() {
        isFullMeasured = true;
    }

    /** For how long the edge was found full, in nanoseconds; 0 unless that is measured. Any thread. */
    public final long fullNs() {
        return (long) FULL_NS.getOpaque(this);
    }

    /** For how long the producer has found it full without a break, by {@link System#nanoTime}; 0 if it has not, or that is not measured. Any thread. */
    public final long fullForNs(long nowNs) {
        long sinceNs = (long) FULL_SINCE_NS.getOpaque(this);
        return sinceNs == NEVER ? 0 : Math.max(0, nowNs - sinceNs);
    }

    /** The reader was asked how far it is. */
    final void onRoomKnown(boolean hasRoom) {
        if (isFullMeasured && hasRoom == isFull) {
            long nowNs = System.nanoTime();
            if (hasRoom) {
                FULL_NS.setOpaque(this, fullNs + (nowNs - fullSinceNs));
            }
            isFull = !hasRoom;
            FULL_SINCE_NS.setOpaque(this, hasRoom ? NEVER : nowNs);
        }
    }

    /** The reader is to find the edge closed. */
    void tellClosed() {
        Region.closeWriter(region);
    }

    /** Nobody reads any more. */
    void releaseBodies() {
        BodySlots.releaseAll(bodies);
    }

    abstract boolean hasRoomInRing();

    /** @return the record's offset, or {@link #FULL} */
    abstract int claimInRing(int recordLength);

    /** @param type of the frame; where no brief records are taken, it is that of a whole one */
    abstract void publish(int offset, @Nullable Slab body, int type);

    abstract void giveBack(int offset);

    /** To be called before the record is published. */
    final void noteTime(int slot) {
        if (sent >= nextMeasured) {
            nextMeasured = Objects.requireNonNull(hops).onSend(sent, slot);
        }
    }

    final void noteFull() {
        if (!wasFull) {
            WAS_FULL.setOpaque(this, true);
        }
    }

    /** To be called before the record is published. The slot is empty. */
    final void putBody(int slot, @Nullable Slab body) {
        if (body == null) {
            return;
        }
        if (closed) {
            body.release();
        } else {
            bodies[slot] = body;
        }
    }

    /** Messages committed, with the one in {@link #publish}. The producer's thread. */
    final long sentSoFar() {
        return sent;
    }

    /** @return how many were dropped because the queue was full, with this one */
    final long countDropped() {
        DROPPED.setOpaque(this, dropped + 1);
        return dropped - droppedForMemory;
    }

    final void countDroppedForMemory() {
        DROPPED.setOpaque(this, dropped + 1);
        DROPPED_FOR_MEMORY.setOpaque(this, droppedForMemory + 1);
    }

    final void countConflated() {
        CONFLATED.setOpaque(this, conflated + 1);
    }

    private static VarHandle handle(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(EdgeWriter.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
