package io.millrace.local.wiring;

import io.millrace.graph.GraphInput;
import io.millrace.local.agent.EdgeSource;
import io.millrace.local.agent.InputPort;
import io.millrace.local.edge.Edge;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An edge of the graph, whatever carries its messages: its name, its ends, its counters. Any thread; what carries it changes when a node that was stuck is
 * replaced, and what was counted before is kept.
 */
public final class WiredEdge {
    private final String name;
    private final Side side;
    private volatile EdgeSource source;
    private final String node;
    private final GraphInput spec;
    private final Supplier<InputPort> input;
    private volatile @Nullable Edge ring;
    private volatile @Nullable Edge following; // is written already, and read when the ring is at its end

    // Of what carried it before; guarded by this.
    private long sent;
    private long received;
    private long dropped;
    private long conflated;
    private long discarded;
    private long droppedForMemory;
    private long receivedBytes;
    private long missed; // of those that were received

    /** How much of it is here. */
    enum Side {
        WHOLE,
        /** Only who sends: that they arrive is counted elsewhere. */
        SENDING,
        /** Only who receives: that they were sent is counted elsewhere, unless the other end is in this JVM as well. */
        RECEIVING
    }

    /** The counters at one moment. */
    record Counts(long sent, long received, long dropped, long conflated, long discarded, long droppedForMemory) {
        /** Messages that wait. */
        long backlog() {
            return Math.max(0, sent - received - dropped - conflated - discarded);
        }
    }

    /**
     * @param node the consumer's
     * @param input the port of the incarnation that runs
     * @param ring null for a direct call, whose messages the input counts
     */
    WiredEdge(
            String name,
            EdgeSource source,
            String node,
            GraphInput spec,
            Supplier<InputPort> input,
            @Nullable Edge ring) {
        this(name, Side.WHOLE, source, node, spec, input, ring);
    }

    /** @param input asked only where the consumer is here */
    WiredEdge(
            String name,
            Side side,
            EdgeSource source,
            String node,
            GraphInput spec,
            Supplier<InputPort> input,
            @Nullable Edge ring) {
        this.name = name;
        this.side = side;
        this.source = source;
        this.node = node;
        this.spec = spec;
        this.input = input;
        this.ring = ring;
    }

    public String name() {
        return name;
    }

    EdgeSource source() {
        return source;
    }

    /** Whether both ends are in this dataflow, as far as it is here. */
    boolean isWhole() {
        return side == Side.WHOLE;
    }

    /** The node that receives. */
    public String node() {
        return node;
    }

    GraphInput spec() {
        return spec;
    }

    InputPort input() {
        return input.get();
    }

    @Nullable Edge ring() {
        return ring;
    }

    /** The ring that the producer writes. */
    Edge written() {
        Edge last = following;
        return last != null ? last : Objects.requireNonNull(ring);
    }

    /** From now on the producer writes {@code fresh}, and the ring before is at its end. */
    synchronized void follow(Edge fresh) {
        following = fresh;
    }

    /** The consumer has come to {@code fresh}. */
    synchronized void onFollowed(Edge fresh) {
        Edge last = following;
        changeTo(fresh);
        following = last == fresh ? null : last;
    }

    /** As {@link #changeTo(Edge)}, and messages come from elsewhere. */
    void changeTo(Edge fresh, EdgeSource from) {
        source = from;
        changeTo(fresh);
    }

    /** As {@link #changeTo(Edge)}; so many messages that waited were moved to {@code fresh}, and are counted there. */
    synchronized void changeTo(Edge fresh, long moved) {
        changeTo(fresh);
        uncount(moved);
    }

    /** So many messages were moved to where they are counted by the other side. */
    synchronized void uncount(long moved) {
        sent -= moved;
        received -= moved;
    }

    /** From now on {@code fresh} carries it; what still waited is counted as discarded. On the thread of the end that has changed over. */
    synchronized void changeTo(Edge fresh) {
        Counts until = taken();
        sent = until.sent;
        received = until.received;
        dropped = until.dropped;
        conflated = until.conflated;
        droppedForMemory = until.droppedForMemory;
        discarded = sent - received - dropped - conflated;
        ring = fresh;
        following = null;
    }

    /** The input's port of an incarnation that has ended is not asked any more. */
    synchronized void keepCountsOf(InputPort former) {
        receivedBytes += former.takenBytes();
        missed += former.missed();
        if (ring == null && side == Side.WHOLE) {
            sent += former.offered();
            received += former.taken();
        }
    }

    synchronized Counts counts() {
        Counts taken = taken();
        if (side == Side.SENDING) {
            return taken;
        }
        // Read after what was received, which it is a part of.
        long lost = Math.min(taken.received, missed + input().missed());
        return new Counts(
                taken.sent,
                taken.received - lost,
                taken.dropped,
                taken.conflated,
                taken.discarded + lost,
                taken.droppedForMemory);
    }

    /** Where what was received is all that was taken, also for nobody. */
    private Counts taken() {
        Edge now = ring;
        if (now == null && side != Side.WHOLE) {
            return new Counts(sent, received, dropped, conflated, discarded, droppedForMemory);
        }
        if (now == null) {
            InputPort port = input();
            long taken = received + port.taken();
            long offered = sent + port.offered();
            return new Counts(offered, taken, 0, 0, port.isEnded() ? Math.max(0, offered - taken) : 0, 0);
        }
        // What was received is read before what was sent, so that it never seems more.
        long taken = received + now.reader().received();
        long left = discarded + now.reader().discarded();
        long forMemory = droppedForMemory + now.writer().droppedForMemory(); // likewise, before all that were dropped
        return new Counts(
                sent + now.writer().sent(),
                taken,
                dropped + now.writer().dropped(),
                conflated + now.writer().conflated(),
                left,
                forMemory);
    }

    /** The counters, without what the other side of the boundary counts. */
    Counts ownCounts() {
        Counts all = counts();
        boolean countsSent = side != Side.RECEIVING || source.isHere();
        boolean countsReceived = side != Side.SENDING;
        return new Counts(
                countsSent ? all.sent : 0,
                countsReceived ? all.received : 0,
                all.dropped,
                all.conflated,
                all.discarded,
                all.droppedForMemory);
    }

    /** Bytes of the payloads that were received; 0 if they are not counted. */
    synchronized long receivedBytes() {
        if (side == Side.SENDING) {
            return 0;
        }
        return receivedBytes + input().takenBytes();
    }

    /** What carries it: a kind of ring, or a direct call. */
    String form() {
        Edge now = ring;
        if (now != null) {
            return now.form();
        }
        return isWhole() ? "direct call" : "not connected";
    }

    /** Messages that wait, at this moment. */
    public long backlog() {
        return counts().backlog();
    }
}
