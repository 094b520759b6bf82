package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import org.jspecify.annotations.Nullable;

/** An edge between two threads: its writer, its reader, and the memory between them. */
public final class Edge {
    private final EdgeWriter writer;
    private final EdgeReader reader;
    private final String form;

    private Edge(EdgeWriter writer, EdgeReader reader, String form) {
        this.writer = writer;
        this.reader = reader;
        this.form = form;
    }

    /**
     * Makes an edge. Allocates its memory, outside the heap.
     *
     * @param queueSize messages that wait at the most, not counting the one in the reader's hand; without meaning for {@code latest}, where it is 1
     * @param readerSignal how a parked reader learns of messages; null if it never parks
     * @param writerSignal how a parked writer learns of room; null if it never parks
     * @param onFirstDrop run once, on the producer's thread, after the first message was dropped (not when one is conflated)
     */
    public static Edge create(
            QueuePolicy policy,
            int queueSize,
            @Nullable WakeSignal readerSignal,
            @Nullable WakeSignal writerSignal,
            RingChoice rings,
            Runnable onFirstDrop) {
        throw new UnsupportedOperationException("rings follow");
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
