package io.millrace.local.edge;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's half of an edge: one message in hand at a time, read in place. Nothing here blocks or allocates.
 *
 * <p>Used by the consumer's thread only, except for the counters, which any thread may read.
 */
public abstract class EdgeReader {
    /** Releases the message in hand and takes the next one. False if nothing waits; then nothing is in hand. */
    public abstract boolean next();

    /** Releases the message in hand, if there is one: its bytes may change from now on. */
    public abstract void release();

    /** The whole region, read-only and little-endian; the same object for the life of the edge. */
    public abstract ByteBuffer buffer();

    /** Where the record in hand begins in {@link #buffer()}, a multiple of 8. Without meaning while nothing is in hand. */
    public abstract int recordOffset();

    /** The body of the message in hand, if it came by reference; else null. */
    public abstract @Nullable ByteBuffer body();

    /** Whether something waits. Without any effect. */
    public abstract boolean hasNext();

    /** Whether the writer was closed and nothing waits: {@link #next()} will never return true again. */
    public abstract boolean isDrained();

    /** This reader is gone: the writer finds the edge closed, and what waits is discarded. Idempotent. */
    public abstract void close();

    /** Messages taken. Any thread. */
    public abstract long received();

    /** Messages that were sent and neither received nor dropped when the reader closed; 0 until it closes. Any thread. */
    public abstract long discarded();
}
