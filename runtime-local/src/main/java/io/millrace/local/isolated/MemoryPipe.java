package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Bytes from one JVM to another, in memory that both map: a circle that one thread writes and one reads.
 *
 * <pre>
 *     0  written        i64   bytes, ever growing; by the writer, behind the bytes
 *   128  read           i64   by the reader, when it is done with them
 *   256  reader sleeps  i32   by the reader before it sleeps, and by whoever wakes it
 *   384  writer sleeps  i32   likewise
 *   512  the circle
 * </pre>
 *
 * Either side knows its own position by itself, and believes the other's only if it makes sense; so whatever stands there, no access is beyond the circle. Nobody sleeps here: {@link End#sleeps} says whether to, and
 * whoever then has something for the sleeper runs its {@link Waker}. No wake-up is lost, for both look behind a full fence.
 */
final class MemoryPipe {
    static final int CAPACITY = 256 << 10;

    private static final int WRITTEN = 0;
    private static final int READ = 128;
    private static final int READER_SLEEPS = 256;
    private static final int WRITER_SLEEPS = 384;
    private static final int CIRCLE = 512;

    /** Of one pipe. */
    static final int BYTES = CIRCLE + CAPACITY + 128;

    private static final int MASK = CAPACITY - 1;
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private MemoryPipe() {}

    /** Wakes who sleeps in the other JVM. */
    interface Waker {
        void wake() throws IOException;
    }

    /** What both ends have in common. One thread. */
    abstract static class End {
        final ByteBuffer memory;
        private final int ownSleeps;
        private final int otherSleeps;
        private final Waker waker;

        End(ByteBuffer memory, int ownSleeps, int otherSleeps, Waker waker) {
            this.memory = memory;
            this.ownSleeps = ownSleeps;
            this.otherSleeps = otherSleeps;
            this.waker = waker;
        }

        /** Whether there is something to do here. */
        abstract boolean isReady();

        /** Whether to sleep now, until the other end wakes this one: there is still nothing to do. */
        final boolean sleeps() {
            INTS.setOpaque(memory, ownSleeps, 1);
            // Partner: wakeOther(). Of the two fences one comes first.
            VarHandle.fullFence();
            if (isReady()) {
                awake();
                return false;
            }
            return true;
        }

        /** It sleeps no more. */
        final void awake() {
            INTS.setOpaque(memory, ownSleeps, 0);
        }

        final void wakeOther() throws IOException {
            VarHandle.fullFence();
            if ((int) INTS.getOpaque(memory, otherSleeps) == 1 && (int) INTS.getAndSet(memory, otherSleeps, 0) == 1) {
                waker.wake();
            }
        }

        /** Bytes from the one position to the other. */
        static int distance(long from, long to) {
            long bytes = to - from;
            if (bytes < 0 || bytes > CAPACITY) {
                throw new ProtocolException("expected at most " + CAPACITY + " bytes in shared memory, found " + bytes);
            }
            return (int) bytes;
        }
    }

    /** The writer's end. */
    static final class Writer extends End {
        private long written;
        private long read; // as far as known

        Writer(ByteBuffer memory, Waker waker) {
            super(memory, WRITER_SLEEPS, READER_SLEEPS, waker);
        }

        private int room() {
            return CAPACITY - distance(read, written);
        }

        @Override
        boolean isReady() {
            if (room() == 0) {
                // Partner: Reader.read().
                read = (long) LONGS.getAcquire(memory, READ);
            }
            return room() > 0;
        }

        /** As much of it as there is room for; how many bytes that were. */
        int write(ByteBuffer source) throws IOException {
            int total = 0;
            while (source.hasRemaining() && isReady()) {
                int at = (int) written & MASK;
                int count = Math.min(Math.min(source.remaining(), room()), CAPACITY - at);
                memory.put(CIRCLE + at, source, source.position(), count);
                source.position(source.position() + count);
                written += count;
                total += count;
                // Partner: Reader.isReady().
                LONGS.setRelease(memory, WRITTEN, written);
            }
            if (total > 0) {
                wakeOther();
            }
            return total;
        }
    }

    /** The reader's end. */
    static final class Reader extends End {
        private long written; // as far as known
        private long read;

        Reader(ByteBuffer memory, Waker waker) {
            super(memory, READER_SLEEPS, WRITER_SLEEPS, waker);
        }

        @Override
        boolean isReady() {
            if (written == read) {
                // Partner: Writer.write().
                written = (long) LONGS.getAcquire(memory, WRITTEN);
            }
            return distance(read, written) > 0;
        }

        /** As much as is there and finds room; how many bytes that were. */
        int read(ByteBuffer target) throws IOException {
            int total = 0;
            while (target.hasRemaining() && isReady()) {
                int at = (int) read & MASK;
                int count = Math.min(Math.min(target.remaining(), distance(read, written)), CAPACITY - at);
                target.put(target.position(), memory, CIRCLE + at, count);
                target.position(target.position() + count);
                read += count;
                total += count;
                // Partner: Writer.isReady().
                LONGS.setRelease(memory, READ, read);
            }
            if (total > 0) {
                wakeOther();
            }
            return total;
        }
    }
}
