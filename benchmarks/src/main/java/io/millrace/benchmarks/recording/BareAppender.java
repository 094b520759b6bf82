package io.millrace.benchmarks.recording;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The yardsticks: a queue that gets the bytes of a recorded message, one document each. {@link #alone} has one thread that appends and does nothing else; {@link #behindARing}
 * has the threads of a recorded node, one that makes the messages and one that appends them, with a bare ring between them.
 */
final class BareAppender {
    private static final int RING_BYTES = 512 * 1024; // some more than an edge of 512 such messages has
    private static final int TYPE = 1;
    private static final int BATCH = 64;

    private BareAppender() {}

    static Written alone(Path directory, int length, int messages) {
        ByteBuffer payload = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        try (ChronicleQueue queue = queue(directory);
                ExcerptAppender appender = queue.createAppender()) {
            double usedNs = processorNs();
            long beganNs = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                payload.putLong(0, i);
                append(appender, payload, 0, length);
            }
            return new Written(messages * 1e9 / (System.nanoTime() - beganNs), (processorNs() - usedNs) / messages);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is asked for throughput, not for correctness
    static Written behindARing(Path directory, int length, int messages) throws InterruptedException {
        ByteBuffer memory = ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH);
        OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(memory));
        CountDownLatch go = new CountDownLatch(1);
        Thread producer = new Thread(() -> send(ring, go, length, messages), "producer");
        try (ChronicleQueue queue = queue(directory);
                ExcerptAppender appender = queue.createAppender()) {
            producer.start();
            double usedNs = processorNs();
            long beganNs = System.nanoTime();
            go.countDown();
            for (int left = messages; left > 0; ) {
                int taken = ring.read((type, buffer, index, count) -> append(appender, memory, index, count), BATCH);
                left -= taken;
                if (taken == 0) {
                    Thread.yield();
                }
            }
            double rate = messages * 1e9 / (System.nanoTime() - beganNs);
            Written written = new Written(rate, (processorNs() - usedNs) / messages);
            producer.join();
            return written;
        }
    }

    private static void send(OneToOneRingBuffer ring, CountDownLatch go, int length, int messages) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        for (int i = 0; i < messages; i++) {
            int index = ring.tryClaim(TYPE, length);
            while (index < 0) { // full: as a node does, it leaves the core to others
                LockSupport.parkNanos(1_000);
                index = ring.tryClaim(TYPE, length);
            }
            ring.buffer().putLong(index, i);
            ring.commit(index);
        }
    }

    private static ChronicleQueue queue(Path directory) {
        return ChronicleQueue.singleBuilder(directory)
                .rollCycle(RollCycles.FAST_DAILY)
                .build();
    }

    private static void append(ExcerptAppender appender, ByteBuffer payload, int offset, int length) {
        try (DocumentContext document = appender.writingDocument()) {
            Bytes<?> bytes = document.wire().bytes();
            bytes.write(bytes.writePosition(), payload, offset, length);
            bytes.writeSkip(length);
        }
    }

    private static double processorNs() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadCpuTime();
    }
}
