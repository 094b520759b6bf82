package io.millrace.benchmarks.links;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Two bare rings in a file, one each way. */
record MappedRings(OneToOneRingBuffer there, OneToOneRingBuffer back) {
    private static final int CAPACITY = 64 * 1024;
    private static final int RING_BYTES = CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;

    /** Of the message. */
    static final int TYPE = 1;

    static MappedRings map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * RING_BYTES);
            return new MappedRings(ring(memory, 0), ring(memory, RING_BYTES));
        }
    }

    private static OneToOneRingBuffer ring(MappedByteBuffer memory, int offset) {
        return new OneToOneRingBuffer(new UnsafeBuffer(memory, offset, RING_BYTES));
    }

    /** Waits for room, spinning; writes in place. */
    static void send(OneToOneRingBuffer ring, int length, long number) {
        int index = ring.tryClaim(TYPE, length);
        while (index < 0) {
            Thread.onSpinWait();
            index = ring.tryClaim(TYPE, length);
        }
        ring.buffer().putLong(index, number);
        ring.commit(index);
    }
}
