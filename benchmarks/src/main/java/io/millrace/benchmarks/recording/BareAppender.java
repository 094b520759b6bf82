package io.millrace.benchmarks.recording;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/** The yardstick: one thread that appends the payloads and nothing else, in the best way there is. */
final class BareAppender {
    private BareAppender() {}

    static Written write(Path directory, int length, int messages) {
        ByteBuffer payload = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        try (ChronicleQueue queue = ChronicleQueue.singleBuilder(directory)
                        .rollCycle(RollCycles.FAST_DAILY)
                        .build();
                ExcerptAppender appender = queue.createAppender()) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long usedNs = threads.getCurrentThreadCpuTime();
            long beganNs = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                payload.putLong(0, i);
                try (DocumentContext document = appender.writingDocument()) {
                    Bytes<?> bytes = document.wire().bytes();
                    bytes.write(bytes.writePosition(), payload, 0, length);
                    bytes.writeSkip(length);
                }
            }
            double rate = messages * 1e9 / (System.nanoTime() - beganNs);
            return new Written(rate, (double) (threads.getCurrentThreadCpuTime() - usedNs) / messages);
        }
    }
}
