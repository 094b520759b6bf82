package io.millrace.local.edge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The producer's half of an edge: claim, write in place, commit. Nothing here blocks, allocates or throws for what may happen in good order.
 *
 * <p>Used by the producer's thread only, except for the counters, which any thread may read.
 */
public abstract class EdgeWriter {
    /** {@link #tryClaim}: no room now; may be different once the reader has taken a message. */
    public static final int FULL = -1;

    /** {@link #tryClaim}: the reader is gone, or this writer was closed; will not change. */
    public static final int CLOSED = -2;

    private static final VarHandle SENT = counter("sent");
    private static final VarHandle DROPPED = counter("dropped");
    private static final VarHandle CONFLATED = counter("conflated");

    private final ByteBuffer region;
    private final int maxRecordLength;

    // Written by the producer's thread, read by any: opaque.
    private long sent;
    private long dropped;
    private long conflated;

    EdgeWriter(ByteBuffer region, int maxRecordLength) {
        this.region = region;
        this.maxRecordLength = maxRecordLength;
    }

    /** Whether one more message would be taken now. A lossy edge always has room while its reader lives. */
    public abstract boolean hasRoom();

    /** Whether the reader is gone or this writer was closed: no message is taken any more. */
    public abstract boolean isClosed();

    /**
     * Claims room for one record, which is then written into {@link #buffer()} and ended by {@link #commit} or {@link #abort}.
     *
     * @param recordLength bytes, at most {@link #maxRecordLength()}
     * @return the record's offset in the buffer, a multiple of 8; or {@link #FULL}, or {@link #CLOSED}
     * @throws IllegalArgumentException if the record is too long
     * @throws IllegalStateException if the claim before was neither committed nor aborted
     */
    public abstract int tryClaim(int recordLength);

    /** The whole region, writable and little-endian; the same object for the life of the edge. */
    public final ByteBuffer buffer() {
        return region;
    }

    /**
     * Publishes the claimed record. Where a lossy edge is full, its oldest waiting message gives way.
     *
     * @param body the memory of the body of a record by reference, read-only and little-endian; null where the body is in the record
     * @throws IllegalStateException if nothing is claimed
     */
    public abstract void commit(@Nullable ByteBuffer body);

    /** Gives the claim back, if there is one: nothing is sent and nothing dropped. */
    public abstract void abort();

    /** No more messages follow; a claim is aborted. The reader is drained after the last message. Idempotent. */
    public abstract void close();

    /** The longest record that {@link #tryClaim} takes: a header and the inline limit, in bytes. */
    public final int maxRecordLength() {
        return maxRecordLength;
    }

    /** Messages committed. Any thread. */
    public final long sent() {
        return (long) SENT.getOpaque(this);
    }

    /** Messages of a {@code drop_oldest} edge that gave way to newer ones. Any thread. */
    public final long dropped() {
        return (long) DROPPED.getOpaque(this);
    }

    /** Messages of a {@code latest} edge that gave way to newer ones. Any thread. */
    public final long conflated() {
        return (long) CONFLATED.getOpaque(this);
    }

    final void countSent() {
        SENT.setOpaque(this, sent + 1);
    }

    final void countDropped() {
        DROPPED.setOpaque(this, dropped + 1);
    }

    final void countConflated() {
        CONFLATED.setOpaque(this, conflated + 1);
    }

    private static VarHandle counter(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(EdgeWriter.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
