package io.millrace.local.edge;

import io.millrace.graph.GraphInput;
import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import io.millrace.node.Clock;
import io.millrace.runtime.DataflowMetrics.Times;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An edge between two threads: its writer, its reader, and the memory between them. */
public final class Edge {
    private final EdgeWriter writer;
    private final EdgeReader reader;
    private final String form;
    private final int queueSize;
    private @Nullable HopMeter hops;

    Edge(EdgeWriter writer, EdgeReader reader, String form, int queueSize) {
        this.writer = writer;
        this.reader = reader;
        this.form = form;
        this.queueSize = queueSize;
    }

    /**
     * Makes an edge. Allocates its memory, outside the heap.
     *
     * @param queueSize messages that wait at the most, not counting the one in the reader's hand; without meaning for {@code latest}, where it is 1
     * @param readerSignal how a parked reader learns of messages; null if it never parks
     * @param writerSignal how a parked writer learns of room; null if it never parks
     * @param onFirstDrop run once, on the producer's thread, after the first message was dropped (not when one is conflated) or {@linkplain
     *     EdgeWriter#countMissed missed}
     * @throws IllegalArgumentException if the queue size is out of range
     * @throws IllegalStateException if there is not enough memory outside the heap, or Agrona's ring was asked for and this JVM does not let it work
     */
    public static Edge create(
            QueuePolicy policy,
            int queueSize,
            @Nullable WakeSignal readerSignal,
            @Nullable WakeSignal writerSignal,
            RingChoice rings,
            Runnable onFirstDrop) {
        if (queueSize < 1 || queueSize > GraphInput.MAX_QUEUE_SIZE) {
            throw new IllegalArgumentException(
                    "queue size must be 1 to " + GraphInput.MAX_QUEUE_SIZE + ", found " + queueSize);
        }
        int waiting = policy == QueuePolicy.LATEST ? 1 : queueSize;
        int maxRecordLength = RecordLayout.HEADER_LENGTH + RecordLayout.align8(inlineLimit(waiting));
        if (policy != QueuePolicy.BACKPRESSURE) {
            return slotRing(policy, waiting, maxRecordLength, readerSignal, writerSignal, onFirstDrop);
        }
        Edge lossless = oneToOneRing(waiting, maxRecordLength, readerSignal, writerSignal, usesAgrona(rings));
        lossless.writer.onFirstMiss(onFirstDrop);
        return lossless;
    }

    private static boolean usesAgrona(RingChoice rings) {
        boolean available = RingChoice.isAgronaAvailable();
        if (rings == RingChoice.AGRONA && !available) {
            throw new IllegalStateException("Agrona's ring was asked for, and this JVM does not let it work:"
                    + " add --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED (on the module path =org.agrona)");
        }
        return available && rings != RingChoice.OWN;
    }

    static Edge oneToOneRing(
            int queueSize,
            int maxRecordLength,
            @Nullable WakeSignal readerSignal,
            @Nullable WakeSignal writerSignal,
            boolean agrona) {
        int capacity = OneToOneRing.capacity(queueSize, maxRecordLength);
        ByteBuffer region = Region.allocate(capacity + (agrona ? AgronaWriter.trailerLength() : 0));
        @Nullable Slab[] bodies = new Slab[OneToOneRing.bodySlots(queueSize)];
        EdgeWriter writer = agrona
                ? new AgronaWriter.Padded(region, queueSize, maxRecordLength, capacity, bodies, readerSignal)
                : new OneToOneWriter.Padded(region, queueSize, maxRecordLength, capacity, bodies, readerSignal);
        int headOffset = agrona ? AgronaWriter.headOffset(capacity) : OneToOneReader.NO_HEAD;
        EdgeReader reader = new OneToOneReader.Padded(region, capacity, headOffset, bodies, writer, writerSignal);
        return new Edge(writer, reader, agrona ? "one-to-one ring (Agrona)" : "one-to-one ring", queueSize);
    }

    static Edge slotRing(
            QueuePolicy policy,
            int queueSize,
            int maxRecordLength,
            @Nullable WakeSignal readerSignal,
            @Nullable WakeSignal writerSignal,
            Runnable onFirstDrop) {
        SlotRing ring = new SlotRing(queueSize, maxRecordLength);
        ByteBuffer region = Region.allocate(ring.ringBytes());
        @Nullable Slab[] bodies = new Slab[ring.slots];
        boolean conflates = policy == QueuePolicy.LATEST;
        EdgeWriter writer = new SlotWriter.Padded(
                region, ring, queueSize, maxRecordLength, conflates, bodies, readerSignal, onFirstDrop);
        return new Edge(
                writer, new SlotReader.Padded(region, ring, bodies, writer, writerSignal), "slot ring", queueSize);
    }

    /**
     * Has it measure how long its messages take and how many wait. Before its halves are given to their threads.
     *
     * @param digits as in {@link TimeSamples}
     */
    public Edge measure(Clock clock, int digits) {
        HopMeter meter = new HopMeter(clock, writer.slots(), digits);
        hops = meter;
        writer.measure(meter);
        reader.measure(meter);
        return this;
    }

    /**
     * Has it carry small messages without a header where that is possible. Before its halves are given to their threads; only for an edge whose reader makes messages by {@link EdgeReader#show}, and does not look at
     * records itself.
     */
    public Edge takeBrief() {
        writer.takeBrief();
        reader.takeBrief();
        return this;
    }

    /** From commit to take. Any thread. */
    public Times hopTimes() {
        return hops == null ? Times.NONE : hops.times().read();
    }

    /** Messages that wait now; 0 once the reader has closed. Any thread. */
    public long backlog() {
        // What has left is read first, so that no message counts as gone that was not sent yet.
        long gone = reader.received() + reader.discarded() + writer.dropped() + writer.conflated();
        return Math.max(0, Math.min(queueSize, writer.sent() - gone));
    }

    /** The most messages that were seen to wait: all that may, if the queue was ever full, else what samples show. 0 if it does not measure. Any thread. */
    public long highWater() {
        if (hops == null) {
            return 0;
        }
        long forMemory = writer.droppedForMemory(); // read before all that were dropped
        return writer.wasFull() || writer.dropped() - forMemory + writer.conflated() > 0
                ? queueSize
                : Math.min(queueSize, Math.max(reader.highWater(), backlog()));
    }

    /** Messages that wait at the most. */
    public int queueSize() {
        return queueSize;
    }

    public EdgeWriter writer() {
        return writer;
    }

    public EdgeReader reader() {
        return reader;
    }

    /** What carries the messages, for people: {@code "one-to-one ring (Agrona)"}, {@code "one-to-one ring"} or {@code "slot ring"}. */
    public String form() {
        return form;
    }

    /** The largest body, in bytes, that travels in the ring itself; larger ones travel by reference. */
    public static int inlineLimit(int queueSize) {
        return Math.max(64, Math.min(4096, 262_144 / queueSize));
    }
}
