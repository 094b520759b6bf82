package io.millrace.local.agent;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Records that wait inside a node: what an output's edges had no room for, or what an operator on the call stack was sent. Used by the node's thread only.
 *
 * <p>Records stand one behind the other in a buffer that is used again when it has run empty, and so allocates nothing once it has found its size. A
 * record that is in hand stays where it is: when the buffer must grow, or be packed, meanwhile, the others move to another one.
 */
final class RecordQueue {
    /** More waiting messages than this, and the node has failed. */
    static final int MAX_MESSAGES = 16 * 1024;

    /** More waiting bytes than this, and the node has failed. */
    static final long MAX_BYTES = 64L << 20;

    private static final int INITIAL_CAPACITY = 8 * 1024;
    private static final Memory NOTHING = new Memory(ByteBuffer.allocate(0));

    private final ArrayDeque<Slab> bodies = new ArrayDeque<>(0);
    private Memory memory = NOTHING;
    private Memory spare = NOTHING;
    private int front;
    private int end;
    private int count;
    private long extraBytes;
    private boolean isInHand;
    private @Nullable Slab bodyInHand;

    /** A buffer and how others see it. */
    private record Memory(ByteBuffer records, ByteBuffer readOnly) {
        Memory(ByteBuffer records) {
            this(
                    records.order(ByteOrder.LITTLE_ENDIAN),
                    records.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** Whether it holds no more than it may: one message of any size, or more within the limits. Memory that an output's budget counts is not counted again. */
    boolean isWithinLimits() {
        return count <= 1 || count <= MAX_MESSAGES && end - front + extraBytes <= MAX_BYTES;
    }

    /** Whether some of its memory was taken though the output's budget was used up. */
    boolean isBeyondBudget() {
        return extraBytes > 0;
    }

    /** Appends a copy of a record; of a body by reference it keeps a reference of its own until that record is released. */
    void append(ByteBuffer source, int offset, @Nullable Slab body) {
        int length = RecordLayout.recordLength(source, offset);
        int aligned = RecordLayout.align8(length);
        makeRoom(aligned);
        memory.records.put(end, source, offset, length);
        end += aligned;
        count++;
        if (body != null) {
            body.retain();
            bodies.addLast(body);
            extraBytes += body.isExtra() ? body.capacity() : 0;
        }
    }

    /** Where in {@link #region()} the first record stands; there must be one. */
    int firstOffset() {
        return front;
    }

    /** Read-only. */
    ByteBuffer region() {
        return memory.readOnly;
    }

    /** The first record's body, if it stands in memory of its own. */
    @Nullable Slab firstBody() {
        return RecordLayout.isReference(memory.records, front) ? bodies.peekFirst() : null;
    }

    /** The first record leaves the queue but stays readable until {@link #release}. */
    void take() {
        if (RecordLayout.isReference(memory.records, front)) {
            bodyInHand = bodies.removeFirst();
            extraBytes -= bodyInHand.isExtra() ? bodyInHand.capacity() : 0;
        }
        front += RecordLayout.align8(RecordLayout.recordLength(memory.records, front));
        count--;
        isInHand = true;
    }

    /** The body of the record in hand, if it stands in memory of its own. */
    @Nullable Slab bodyInHand() {
        return bodyInHand;
    }

    /** What was taken is no longer needed. */
    void release() {
        isInHand = false;
        Slab body = bodyInHand;
        if (body != null) {
            bodyInHand = null;
            body.release();
        }
        if (count == 0) {
            front = 0;
            end = 0;
        }
    }

    void clear() {
        for (Slab body = bodies.pollFirst(); body != null; body = bodies.pollFirst()) {
            body.release();
        }
        extraBytes = 0;
        count = 0;
        release();
    }

    private void makeRoom(int length) {
        if (end + length <= memory.records.capacity()) {
            return;
        }
        int live = end - front;
        Memory target = spare;
        if (live + length > target.records.capacity() / 2) {
            int wanted = Math.max(INITIAL_CAPACITY, Integer.highestOneBit(Math.max(1, live + length - 1)) << 2);
            target = new Memory(ByteBuffer.allocateDirect(wanted));
        }
        target.records.put(0, memory.records, front, live);
        // What is in hand must not be written over: its buffer is given up, not kept for the next packing.
        spare = isInHand ? NOTHING : memory;
        memory = target;
        front = 0;
        end = live;
    }
}
