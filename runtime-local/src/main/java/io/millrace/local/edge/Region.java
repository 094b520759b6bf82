package io.millrace.local.edge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * The memory of an edge: words that both sides look at, then what the ring puts behind them. Nothing of it stands on the heap, so that it could as well be
 * a file that two JVMs map.
 *
 * <pre>
 *     0  (nothing: keeps neighbours away)
 *   128  reader's position      written by the reader at message rate (slot ring: by the writer too, when it drops)
 * *   256  writer closed   i32    each written once
 *   260  reader closed   i32
 *   264  note            i64    slot ring only, see SlotWriter
 *   272  wake at         i64    one-to-one rings only: written by the writer when it waits for more than one place
 *   384  the ring
 * </pre>
 *
 * Words that different threads write at message rate are two cache lines apart, for processors fetch lines in pairs.
 */
final class Region {
    static final int PADDING = 128;
    static final int READER_POSITION = PADDING;
    static final int NOTE = 2 * PADDING + 8;
    static final int WAKE_AT = NOTE + 8;
    static final int RING = 3 * PADDING;

    /** Words of 8 bytes, at offsets that are multiples of 8. */
    static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Words of 4 bytes, at offsets that are multiples of 4. */
    static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static final long CHECKED = 0;

    private static final int WRITER_CLOSED = 2 * PADDING;
    private static final int READER_CLOSED = 2 * PADDING + 4;

    /**
     * Whether memory can be reached by its address, as Agrona's buffers do it: two instructions for a word in place of twenty. Then offsets are not checked, so they must be from the account of
     * who uses them, never from memory that another process writes.
     */
    private static final boolean IS_RAW = RingChoice.isAgronaAvailable();

    private Region() {}

    /** For those accesses below that take an address; {@value #CHECKED} where they are to be checked. */
    static long addressOf(ByteBuffer region) {
        return IS_RAW ? BufferUtil.address(region) : CHECKED;
    }

    static long getLong(ByteBuffer region, long address, int at) {
        return IS_RAW && address != CHECKED ? UnsafeApi.getLong(address + at) : region.getLong(at);
    }

    static void putLong(ByteBuffer region, long address, int at, long value) {
        if (IS_RAW && address != CHECKED) {
            UnsafeApi.putLong(address + at, value);
        } else {
            region.putLong(at, value);
        }
    }

    static long getLongOpaque(ByteBuffer region, long address, int at) {
        return IS_RAW && address != CHECKED
                ? UnsafeApi.getLongOpaque(null, address + at)
                : (long) LONGS.getOpaque(region, at);
    }

    static long getLongAcquire(ByteBuffer region, long address, int at) {
        return IS_RAW && address != CHECKED
                ? UnsafeApi.getLongAcquire(null, address + at)
                : (long) LONGS.getAcquire(region, at);
    }

    static long getAndAddLong(ByteBuffer region, long address, int at, long more) {
        return IS_RAW && address != CHECKED
                ? UnsafeApi.getAndAddLong(null, address + at, more)
                : (long) LONGS.getAndAdd(region, at, more);
    }

    static long compareAndExchangeLong(ByteBuffer region, long address, int at, long expected, long value) {
        return IS_RAW && address != CHECKED
                ? UnsafeApi.compareAndExchangeLong(null, address + at, expected, value)
                : (long) LONGS.compareAndExchange(region, at, expected, value);
    }

    static void putLongRelease(ByteBuffer region, long address, int at, long value) {
        if (IS_RAW && address != CHECKED) {
            UnsafeApi.putLongRelease(null, address + at, value);
        } else {
            LONGS.setRelease(region, at, value);
        }
    }

    /**
     * A region, zeroed, with {@code ringBytes} behind the common words and a gap after them.
     *
     * @throws IllegalStateException if there is not that much memory outside the heap
     */
    static ByteBuffer allocate(int ringBytes) {
        int bytes = RING + ringBytes + 2 * PADDING;
        try {
            return ByteBuffer.allocateDirect(bytes).alignedSlice(PADDING).order(ByteOrder.LITTLE_ENDIAN);
        } catch (OutOfMemoryError e) { // of the memory outside the heap, so the JVM itself is well
            throw new IllegalStateException(
                    "it needs " + bytes + " bytes outside the heap, and the JVM has them not:"
                            + " make its queue_size smaller, or -XX:MaxDirectMemorySize larger",
                    e);
        }
    }

    static ByteBuffer readOnly(ByteBuffer region) {
        return region.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** After the writer's last message. Partner: {@link #isWriterClosed}. */
    static void closeWriter(ByteBuffer region) {
        INTS.setRelease(region, WRITER_CLOSED, 1);
    }

    /** If true, every message of the writer is visible. Partner: {@link #closeWriter}. */
    static boolean isWriterClosed(ByteBuffer region) {
        return (int) INTS.getAcquire(region, WRITER_CLOSED) != 0;
    }

    /** After the reader's last access to a message. Partner: {@link #isReaderClosed}. */
    static void closeReader(ByteBuffer region) {
        INTS.setRelease(region, READER_CLOSED, 1);
    }

    static boolean isReaderClosed(ByteBuffer region, long address) {
        int word = IS_RAW && address != CHECKED
                ? UnsafeApi.getIntAcquire(null, address + READER_CLOSED)
                : (int) INTS.getAcquire(region, READER_CLOSED);
        return word != 0;
    }

    static int align(int length, int alignment) {
        return (length + alignment - 1) & -alignment;
    }

    /** The smallest power of two that is not less; {@code value} from 1 to 2^30. */
    static int nextPowerOfTwo(int value) {
        return value == 1 ? 1 : Integer.highestOneBit(value - 1) << 1;
    }
}
