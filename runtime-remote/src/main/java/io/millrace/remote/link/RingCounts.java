package io.millrace.remote.link;

import io.millrace.local.edge.Edge;
import org.jspecify.annotations.Nullable;

/** What has happened to messages in the rings of an outgoing edge, one after the other, and what of it the other end was told. On the event loop. */
final class RingCounts {
    private static final long PAUSE_NS = 100_000_000;

    private long droppedBefore; // in rings before this one
    private long fullBeforeNs;
    private Notice.Counted told = new Notice.Counted(0, 0);
    private long toldAtNs;

    /** The ring is used no more. */
    void add(Edge ring) {
        droppedBefore += droppedBy(ring);
        fullBeforeNs += ring.writer().fullNs();
    }

    /**
     * How long the ring was full changes with each message, where the consumer is slow: that waits a little.
     *
     * @return what is worth telling; null if nothing is
     */
    Notice.@Nullable Counted news(Edge ring, boolean isLast) {
        Notice.Counted now = new Notice.Counted(
                droppedBefore + droppedBy(ring), fullBeforeNs + ring.writer().fullNs());
        long nowNs = System.nanoTime();
        boolean isWorthIt = isLast || now.dropped() != told.dropped() || nowNs - toldAtNs > PAUSE_NS;
        if (!isWorthIt || now.equals(told)) {
            return null;
        }
        told = now;
        toldAtNs = nowNs;
        return now;
    }

    private static long droppedBy(Edge ring) {
        return ring.writer().dropped() + ring.writer().conflated();
    }
}
