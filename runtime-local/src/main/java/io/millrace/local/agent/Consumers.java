package io.millrace.local.agent;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who receives what an output sends: edges to other threads, and operators of the same node, which are called. Used by the output's owner only.
 *
 * <p>Whether all edges have room is asked before anything is written, and stays true, for only this thread takes room away.
 */
public final class Consumers {
    /** The largest body that any edge takes in its records. */
    static final int MAX_INLINE_BODY = 4096;

    private static final EdgeWriter[] NO_WRITERS = {};
    private static final DirectEdge[] NO_DIRECT_EDGES = {};

    private final String outputName;
    private final SlabPool pool;
    /** First those for whose sake the output stays open, then those that only look on. */
    private EdgeWriter[] writers = NO_WRITERS;

    private int keeping;
    private DirectEdge[] directEdges = NO_DIRECT_EDGES;
    private int inlineLimit = MAX_INLINE_BODY;
    private boolean hasOwn;
    private @Nullable Witness witness;

    /** Sees every message at its commit, in the sender's thread. It is no consumer: it neither has room nor lacks it, and keeps no output open. */
    public interface Witness {
        void onSent(ByteBuffer record, int offset, @Nullable Slab body);
    }

    Consumers(String outputName, SlabPool pool) {
        this.outputName = outputName;
        this.pool = pool;
    }

    /** Adds one that belongs to the graph. */
    void connect(EdgeWriter writer) {
        hasOwn = true;
        attach(writer);
    }

    /** Adds one that belongs to the graph. */
    void connect(DirectEdge edge) {
        hasOwn = true;
        directEdges = Arrays.copyOf(directEdges, directEdges.length + 1);
        directEdges[directEdges.length - 1] = edge;
    }

    /** Adds one that comes and goes. */
    void attach(EdgeWriter writer) {
        insert(writer, true);
    }

    /** Adds one that comes and goes, and for whose sake the output does not stay open. */
    void watch(EdgeWriter writer) {
        insert(writer, false);
    }

    private void insert(EdgeWriter writer, boolean keepsOpen) {
        prune(); // else those who come and go add up where nothing is ever sent
        EdgeWriter[] more = Arrays.copyOf(writers, writers.length + 1);
        int at = keepsOpen ? keeping++ : writers.length;
        System.arraycopy(writers, at, more, at + 1, writers.length - at);
        more[at] = writer;
        writers = more;
        inlineLimit = inlineLimit(writers);
    }

    /** The next incarnation of the node has other operators. */
    void forgetDirectEdges() {
        directEdges = NO_DIRECT_EDGES;
    }

    /** Puts an edge in the place of another, to which nothing more is written; false if that one is gone. */
    boolean replace(EdgeWriter former, EdgeWriter writer) {
        for (int i = 0; i < writers.length; i++) {
            if (writers[i] == former) {
                writers[i] = writer;
                inlineLimit = inlineLimit(writers);
                return true;
            }
        }
        return false;
    }

    /** Memory for what is too large to travel inside the edges; it goes where the consumers go. */
    SlabPool pool() {
        return pool;
    }

    /** Before anything is sent. */
    public void witness(Witness observer) {
        witness = observer;
    }

    int count() {
        return writers.length + directEdges.length;
    }

    DirectEdge[] directEdges() {
        return directEdges;
    }

    /** The largest body that travels in the record on every edge. */
    int inlineLimit() {
        return inlineLimit;
    }

    /** The only consumer, if that is an edge; else null. */
    @Nullable EdgeWriter onlyEdge() {
        return writers.length == 1 && directEdges.length == 0 && witness == null ? writers[0] : null;
    }

    /** Whether there are operators of the same node, and nobody else. */
    boolean areCalledOnly() {
        return writers.length == 0 && directEdges.length != 0;
    }

    /** The only consumer, if that is an operator which can be called, unless there is a change in its node; else null. */
    @Nullable DirectEdge onlyCallee() {
        return writers.length == 0 && directEdges.length == 1 && witness == null && directEdges[0].takesCalls()
                ? directEdges[0]
                : null;
    }

    /** Whether there were some that belong to the graph, and nobody is left. */
    boolean isDeserted() {
        if (!hasOwn) {
            return false;
        }
        for (int i = 0; i < keeping; i++) {
            if (!writers[i].isClosed()) {
                return false;
            }
        }
        for (DirectEdge edge : directEdges) {
            if (!edge.isClosed()) {
                return false;
            }
        }
        return true;
    }

    /** How many messages may wait in the shallowest edge. */
    int depth() {
        int least = Integer.MAX_VALUE;
        for (EdgeWriter writer : writers) {
            least = Math.min(least, writer.depth());
        }
        return least;
    }

    /** Whether every edge would take a message now. */
    boolean haveRoom() {
        for (EdgeWriter writer : writers) {
            if (!writer.hasRoom() && !writer.isClosed()) {
                return false;
            }
        }
        return true;
    }

    /** Has every edge that may lose messages give up the oldest one by reference that waits in any of them; false if none waits. */
    boolean giveUpOldest() {
        long oldest = EdgeWriter.NO_REFERENCE;
        for (EdgeWriter writer : writers) {
            oldest = Math.min(oldest, writer.oldestReference());
        }
        if (oldest == EdgeWriter.NO_REFERENCE) {
            return false;
        }
        for (EdgeWriter writer : writers) {
            writer.giveUp(oldest);
        }
        return true;
    }

    /** Writes a record to every edge, which gets a reference of its own to the body; they have room. */
    void write(ByteBuffer record, int offset, @Nullable Slab body) {
        boolean anyClosed = false;
        int length = RecordLayout.recordLength(record, offset);
        for (EdgeWriter writer : writers) {
            anyClosed |= write(writer, record, offset, length, body) < 0;
        }
        if (anyClosed) {
            prune();
        }
    }

    /** As {@link #write(ByteBuffer, int, Slab)}, where not every edge may have room: those that have none miss it. Returns whether any did. */
    boolean writeWhereRoom(ByteBuffer record, int offset, @Nullable Slab body) {
        boolean anyMissed = false;
        boolean anyClosed = false;
        int length = RecordLayout.recordLength(record, offset);
        for (EdgeWriter writer : writers) {
            if (writer.hasRoom()) {
                anyClosed |= write(writer, record, offset, length, body) < 0;
            } else if (writer.isClosed()) {
                anyClosed = true;
            } else {
                anyMissed = true;
                writer.countMissed();
            }
        }
        if (anyClosed) {
            prune();
        }
        return anyMissed;
    }

    private int write(EdgeWriter writer, ByteBuffer record, int offset, int length, @Nullable Slab body) {
        return length > writer.maxRecordLength()
                ? writeByReference(writer, record, offset, length)
                : writeWhole(writer, record, offset, length, body);
    }

    private int writeWhole(EdgeWriter writer, ByteBuffer record, int offset, int length, @Nullable Slab body) {
        int target = claim(writer, length);
        if (target >= 0) {
            writer.buffer().put(target, record, offset, length);
            if (body != null) {
                body.retain();
            }
            writer.commit(body);
        }
        return target;
    }

    /** To an edge that was attached while the record waited, and takes less inline. */
    private int writeByReference(EdgeWriter writer, ByteBuffer record, int offset, int length) {
        int target = claim(writer, RecordLayout.HEADER_LENGTH);
        if (target >= 0) {
            int bodyLength = length - RecordLayout.HEADER_LENGTH;
            Slab copy = pool.claimUncounted(bodyLength);
            copy.buffer().put(0, record, offset + RecordLayout.HEADER_LENGTH, bodyLength);
            writer.buffer().put(target, record, offset, RecordLayout.HEADER_LENGTH);
            writer.buffer().put(target + RecordLayout.FLAGS_OFFSET, RecordLayout.FLAG_REFERENCE);
            writer.commit(copy);
        }
        return target;
    }

    private int claim(EdgeWriter writer, int length) {
        int target = writer.tryClaim(length);
        if (target == EdgeWriter.FULL) {
            throw new AssertionError("output '" + outputName + "': an edge had room and has lost it");
        }
        return target;
    }

    /** The sender has ended, wherever that came: no edge keeps a claim, and who reads knows of the last message. */
    void settle() {
        for (EdgeWriter writer : writers) {
            writer.abort();
            writer.signalReader();
        }
    }

    boolean isAnyBroken() {
        for (EdgeWriter writer : writers) {
            if (writer.isBroken()) {
                return true;
            }
        }
        return false;
    }

    /** Calls the operators of the same node; the record stands at the buffer's begin. */
    void call(ByteBuffer record, @Nullable Slab body) {
        if (witness != null) {
            witness.onSent(record, 0, body);
        }
        for (DirectEdge edge : directEdges) {
            edge.deliver(record, body);
        }
    }

    /** Tells all that nothing will follow, and forgets them. */
    void close() {
        for (EdgeWriter writer : writers) {
            writer.close();
        }
        for (DirectEdge edge : directEdges) {
            edge.onSourceClosed();
        }
        writers = NO_WRITERS;
        keeping = 0;
        directEdges = NO_DIRECT_EDGES;
    }

    private void prune() {
        EdgeWriter[] open = new EdgeWriter[writers.length];
        int count = 0;
        int stillKeeping = 0;
        for (int i = 0; i < writers.length; i++) {
            if (!writers[i].isClosed()) {
                open[count++] = writers[i];
                stillKeeping += i < keeping ? 1 : 0;
            }
        }
        writers = Arrays.copyOf(open, count);
        keeping = stillKeeping;
        inlineLimit = inlineLimit(writers);
    }

    private static int inlineLimit(EdgeWriter[] writers) {
        int limit = MAX_INLINE_BODY;
        for (EdgeWriter writer : writers) {
            limit = Math.min(limit, writer.maxRecordLength() - RecordLayout.HEADER_LENGTH);
        }
        return limit;
    }
}
