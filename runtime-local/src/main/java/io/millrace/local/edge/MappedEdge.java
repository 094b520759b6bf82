package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of an edge between two JVMs of one host: the memory is a file that both have mapped, in which the one writes and the other reads in place. What the ends have to tell each
 * other besides, their owners carry: that one is to be woken, that one has closed, and what must be told before certain messages are read.
 *
 * <pre>
 *   producer's JVM: {@link #sending}                        consumer's JVM: {@link #receiving}
 *   edge().writer() is the producer's                       edge().reader() is the consumer's
 *   edge().reader(): closed when the consumer has closed    edge().writer(): closed when the producer has closed
 * </pre>
 */
public final class MappedEdge {
    private static final String FORM = "shared memory";

    private final ByteBuffer region;
    private final MappedLayout layout;
    private final Edge edge;
    private final @Nullable WakeSignal own;
    private final @Nullable ReceivedRecords records;

    /** What happens at this end. Called on the thread of the node, or whoever closes the edge in its place; must not block. */
    public interface Listener {
        /** This end's node has closed; it was told all before. Once. */
        void onClosed();

        /** What the other end has written makes no sense. Nothing is sent or read any more. */
        void onBroken(String reason);

        /** The producer's end: there is no memory for the body of a message. That message waits in {@link Edge#reader} of this end, to be moved to an edge that goes otherwise; none is taken any more. Once. */
        default void onStranded(String reason) {}

        /** The producer's end: there is no memory for the body of a message, which is dropped, as others will be. Once. */
        default void onDropped(String reason) {}
    }

    private MappedEdge(
            ByteBuffer region,
            MappedLayout layout,
            Edge edge,
            @Nullable WakeSignal own,
            @Nullable ReceivedRecords records) {
        this.region = region;
        this.layout = layout;
        this.edge = edge;
        this.own = own;
        this.records = records;
    }

    /** The bytes that such an edge needs, all zero when it is made. */
    public static int bytes(QueuePolicy policy, int queueSize) {
        return new MappedLayout(policy, queueSize).total;
    }

    /**
     * The producer's end.
     *
     * @param memory mapped, little-endian, of {@link #bytes} bytes; its first 128 are the caller's
     * @param own how the producer is woken; null if it never parks
     * @param onFirstDrop as for {@link Edge#create}
     * @param wakeReader has the other JVM call {@link #wake}; any thread, must not block
     */
    public static MappedEdge sending(
            ByteBuffer memory,
            QueuePolicy policy,
            int queueSize,
            BodyFiles bodies,
            @Nullable WakeSignal own,
            Runnable wakeReader,
            Runnable onFirstDrop,
            Listener listener) {
        MappedLayout layout = checked(memory, policy, queueSize);
        WakeSignal readerSignal = WakeSignal.elsewhere(memory, layout.readerSleeps, wakeReader);
        SentRecords sent = new SentRecords(memory, layout, new SentBodies(bodies, memory), listener);
        SlotRing slots = layout.slotRing;
        EdgeWriter writer = slots == null
                ? new MappedWriter(sent, readerSignal)
                : new MappedSlotWriter(sent, slots, readerSignal, onFirstDrop);
        show(own, memory, layout.writerSleeps);
        DistantReader distant = new DistantReader(memory, writer, own, sent);
        return new MappedEdge(memory, layout, new Edge(writer, distant, FORM, layout.queueSize), own, null);
    }

    /**
     * The consumer's end. As {@link #sending}.
     *
     * @param wakeWriter has the other JVM call {@link #wake}
     */
    public static MappedEdge receiving(
            ByteBuffer memory,
            QueuePolicy policy,
            int queueSize,
            BodyFiles bodies,
            @Nullable WakeSignal own,
            Runnable wakeWriter,
            Listener listener) {
        MappedLayout layout = checked(memory, policy, queueSize);
        WakeSignal writerSignal = WakeSignal.elsewhere(memory, layout.writerSleeps, wakeWriter);
        show(own, memory, layout.readerSleeps);
        DistantWriter distant = new DistantWriter(memory, layout, own);
        ReceivedRecords records =
                new ReceivedRecords(memory, layout, new ReceivedBodies(bodies, writerSignal), listener);
        @Nullable Slab[] slabs = new Slab[layout.slots];
        SlotRing slots = layout.slotRing;
        EdgeReader reader = slots == null
                ? new MappedReader(memory, layout, slabs, distant, writerSignal, records)
                : new MappedSlotReader(memory, layout, slots, slabs, distant, records);
        return new MappedEdge(memory, layout, new Edge(distant, reader, FORM, layout.queueSize), own, records);
    }

    private static void show(@Nullable WakeSignal own, ByteBuffer memory, int offset) {
        if (own == null) {
            WakeSignal.showNever(memory, offset);
        } else {
            own.showIn(memory, offset);
        }
    }

    private static MappedLayout checked(ByteBuffer memory, QueuePolicy policy, int queueSize) {
        MappedLayout layout = new MappedLayout(policy, queueSize);
        if (memory.capacity() != layout.total) {
            throw new IllegalArgumentException("an edge of " + queueSize + " messages needs " + layout.total
                    + " bytes of shared memory, found " + memory.capacity());
        }
        return layout;
    }

    public Edge edge() {
        return edge;
    }

    /** Wakes the node of this end, if it is parked. Any thread. */
    public void wake() {
        if (own != null) {
            own.signal();
        }
    }

    /** The producer's end, before anything is sent that must not be read before the consumer's end was told something: until {@link #onTold} nothing is read. One thread at a time. */
    public void raiseGate(int count) {
        Region.INTS.setRelease(region, layout.gate, count);
    }

    /** The consumer's end was told everything for which the gate was raised up to this count. One thread at a time. */
    public void onTold(int count) {
        if (records != null) {
            records.onTold(count);
            wake();
        }
    }

    /** The node of this end shows no more in this memory whether it sleeps. Any thread; idempotent. */
    public void forget() {
        if (own != null) {
            own.hideFrom(region);
        }
    }
}
