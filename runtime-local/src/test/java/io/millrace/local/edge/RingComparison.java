package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * What does an edge cost over the bare ring? One thread sends, one receives, both spin; each line is one way to carry the same messages: a header and 64 bytes,
 * written and read word by word. Short rounds of both ways alternate, since the speed of a machine drifts and other programs come and go; the tenth percentile of
 * the rounds is what a quiet machine would give, the median what this one gave. Arguments: queue size, messages a round, rounds.
 *
 * <p>How to run it stands in {@code docs/decisions/005-edges.md}.
 */
final class RingComparison {
    private static final int BODY_LENGTH = 64;
    private static final int RECORD_LENGTH = RecordLayout.HEADER_LENGTH + BODY_LENGTH;

    private RingComparison() {}

    /** A way to carry {@code count} messages from a thread to another. */
    private interface Way {
        String name();

        void send(long count);

        void receive(long count);

        /** Of what was read, so that it is read. */
        long sum();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int queueSize = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1024;
        int messages = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
        if (arguments.length > 3) {
            compare(way(Integer.parseInt(arguments[3]), queueSize), queueSize, messages, rounds);
            return;
        }
        for (int way = 0; way < 3; way++) {
            fork(queueSize, messages, rounds, way);
        }
    }

    /** A JVM for each way, since a real one seldom has edges of three forms, and none should pay for the others. */
    private static void fork(int... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(RingComparison.class.getName());
        Arrays.stream(arguments).mapToObj(Integer::toString).forEach(command::add);
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the forked JVM ended with " + exit);
        }
    }

    private static Way way(int number, int queueSize) {
        return switch (number) {
            case 0 -> new OverEdge("edge, Agrona's ring", QueuePolicy.BACKPRESSURE, queueSize, RingChoice.AGRONA);
            case 1 -> new OverEdge("edge, our ring", QueuePolicy.BACKPRESSURE, queueSize, RingChoice.OWN);
            case 2 -> new OverEdge("edge, slot ring", QueuePolicy.DROP_OLDEST, queueSize, RingChoice.OWN);
            default -> throw new IllegalArgumentException("there is no way " + number);
        };
    }

    private static void compare(Way edge, int queueSize, int messages, int rounds) throws InterruptedException {
        List<Way> ways = List.of(new BareRing(queueSize), edge);
        int batch = Math.min(queueSize, 64);
        double[][] together = new double[ways.size()][rounds];
        double[][] alone = new double[ways.size()][rounds];
        for (int round = -20; round < rounds; round++) {
            for (int way = 0; way < ways.size(); way++) {
                double ns = nanosecondsAMessage(ways.get(way), messages);
                double nsAlone = nanosecondsAlone(ways.get(way), messages, batch);
                if (round >= 0) { // the first ones only warm up
                    together[way][round] = ns;
                    alone[way][round] = nsAlone;
                }
            }
        }
        if (ways.stream().anyMatch(way -> way.sum() == 0)) {
            throw new IllegalStateException("nothing was read");
        }
        print(System.out, "two threads, queue size " + queueSize, ways, together);
        print(System.out, "one thread, batches of " + batch, ways, alone);
    }

    /** What sending and receiving costs without another core: processor time, so that a busy machine does not show. */
    private static double nanosecondsAlone(Way way, long messages, int batch) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        for (long sent = 0; sent < messages; sent += batch) {
            way.send(batch);
            way.receive(batch);
        }
        return (double) (threads.getCurrentThreadCpuTime() - begin) / messages;
    }

    private static double nanosecondsAMessage(Way way, long messages) throws InterruptedException {
        Thread sender = new Thread(() -> way.send(messages), "sender");
        long begin = System.nanoTime();
        sender.start();
        way.receive(messages);
        long took = System.nanoTime() - begin;
        sender.join();
        return (double) took / messages;
    }

    private static void print(PrintStream out, String what, List<Way> ways, double[][] results) {
        out.printf("%s; ns a message, and ratio to the first%n", what);
        out.printf("%-28s %12s %12s %12s%n", "", "10th pct", "median", "90th pct");
        for (int way = 0; way < results.length; way++) {
            Arrays.sort(results[way]);
            out.printf("%-28s", ways.get(way).name());
            for (int percent : new int[] {10, 50, 90}) {
                double ns = results[way][results[way].length * percent / 100];
                double yardstick = results[0][results[0].length * percent / 100];
                out.printf(" %7.1f %4.2f", ns, ns / yardstick);
            }
            out.println();
        }
    }

    private static void write(ByteBuffer buffer, int offset, long sequence) {
        RecordLayout.putHeader(buffer, offset, (byte) 0, 0, 1);
        buffer.putLong(offset + RecordLayout.SEQUENCE_OFFSET, sequence);
        buffer.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, sequence);
        RecordLayout.putLengths(buffer, offset, 0, BODY_LENGTH);
        for (int i = 0; i < BODY_LENGTH; i += 8) {
            buffer.putLong(offset + RecordLayout.HEADER_LENGTH + i, sequence);
        }
    }

    private static long read(ByteBuffer buffer, int offset) {
        long sum = 0;
        for (int i = 0; i < RECORD_LENGTH; i += 8) {
            sum += buffer.getLong(offset + i);
        }
        return sum;
    }

    /** Agrona's ring as its users use it: claimed, written in place, read in batches by a handler. */
    private static final class BareRing implements Way {
        private final int capacity;
        private final ByteBuffer region;
        private final OneToOneRingBuffer ring;
        private long sum;

        BareRing(int queueSize) {
            capacity = OneToOneRing.capacity(queueSize, RECORD_LENGTH);
            region = ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH + 128)
                    .alignedSlice(128)
                    .order(ByteOrder.LITTLE_ENDIAN);
            ring = new OneToOneRingBuffer(new UnsafeBuffer(region, 0, capacity + RingBufferDescriptor.TRAILER_LENGTH));
        }

        @Override
        public String name() {
            return "bare Agrona ring, claimed";
        }

        @Override
        public long sum() {
            return sum;
        }

        @Override
        public void send(long count) {
            for (long i = 0; i < count; i++) {
                int index = ring.tryClaim(1, RECORD_LENGTH);
                while (index < 0) {
                    Thread.onSpinWait();
                    index = ring.tryClaim(1, RECORD_LENGTH);
                }
                write(region, index, i);
                ring.commit(index);
            }
        }

        @Override
        public void receive(long count) {
            MessageHandler handler = (type, buffer, index, length) -> sum += read(region, index);
            long received = 0;
            while (received < count) {
                int batch = ring.read(handler, 64);
                if (batch == 0) {
                    Thread.onSpinWait();
                }
                received += batch;
            }
        }
    }

    private static final class OverEdge implements Way {
        private final String name;
        private final EdgeWriter writer;
        private final EdgeReader reader;

        @SuppressWarnings("UnusedVariable") // written so that reading is not optimised away
        private long sum;

        OverEdge(String name, QueuePolicy policy, int queueSize, RingChoice rings) {
            this.name = name;
            Edge edge = Edge.create(policy, queueSize, null, null, rings, () -> {});
            writer = edge.writer();
            reader = edge.reader();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long sum() {
            return sum;
        }

        @Override
        public void send(long count) {
            ByteBuffer buffer = writer.buffer();
            for (long i = 0; i < count; i++) {
                int offset = writer.tryClaim(RECORD_LENGTH);
                while (offset < 0) {
                    Thread.onSpinWait();
                    offset = writer.tryClaim(RECORD_LENGTH);
                }
                write(buffer, offset, i);
                writer.commit(null);
            }
        }

        @Override
        public void receive(long count) {
            ByteBuffer buffer = reader.buffer();
            long last = count - 1;
            long sequence = -1;
            while (sequence != last) { // lossy edges may skip, but not the last one
                if (reader.next()) {
                    int offset = reader.recordOffset();
                    sum += read(buffer, offset);
                    sequence = buffer.getLong(offset + RecordLayout.SEQUENCE_OFFSET);
                } else {
                    Thread.onSpinWait();
                }
            }
            reader.release();
        }
    }
}
