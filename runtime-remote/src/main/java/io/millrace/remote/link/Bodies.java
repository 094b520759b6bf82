package io.millrace.remote.link;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bodies of an incoming edge that come by reference: their fragments are copied straight into a slab of the edge's own pool. On the event loop.
 *
 * <p><b>Backpressure</b>: the producer's end knows how many bytes it may send; that is what the pool has left. Sizes of slabs are rounded up, so what was granted may not fit when it
 * comes; then it gets memory beyond the budget, which counts against the next grant. A body that was not granted waits at the producer's end until it has its slab here. If the JVM has no
 * memory for one, the edge ends.
 *
 * <p><b>Lossy</b>: nothing is granted. Where there is no room, or no memory, the consumer's oldest waiting bodies give way, and if none waits the new one is passed over and counted.
 */
final class Bodies {
    /** {@link #deliver}: it was passed over. */
    static final int DROPPED = -3;

    private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);

    /** The JVM has no memory for a body that may not be passed over. */
    static final class NoMemory extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoMemory(IllegalStateException cause) {
            super(cause.getMessage(), cause);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private final String name;
    private final boolean isBackpressure;
    private final SlabPool pool;
    private final EdgeSignal roomSignal;
    private final ByteBuffer header =
            ByteBuffer.allocate(RecordLayout.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Slab> beyondBudget = new ArrayList<>(0);
    private final Count dropped = new Count.Padded();

    private long begun; // bytes of all bodies whose header has come
    private long granted;
    private boolean isInComing; // a header has come, its body not whole
    private boolean isAwaitingRoom;
    private String noMemory = ""; // why there is none, since the last body that was passed over
    private boolean hasToldOfMemory;
    private @Nullable Slab slab; // null while it waits for room, or is passed over
    private int length;
    private int arrived; // in whole fragments
    private int writeAt;
    private int fragmentEnd;

    Bodies(String name, OptionalLong budgetBytes, boolean isBackpressure, Signals signals) {
        this.name = name;
        this.isBackpressure = isBackpressure;
        this.roomSignal = new EdgeSignal(signals);
        this.pool = new SlabPool(name, budgetBytes, () -> roomSignal.wake().signal(), false);
    }

    void bind(Runnable onRoom) {
        roomSignal.bind(onRoom);
    }

    long dropped() {
        return dropped.get();
    }

    boolean isInComing() {
        return isInComing;
    }

    /** Of the record in coming, with its header. */
    int length() {
        return RecordLayout.HEADER_LENGTH + length;
    }

    /** How many bytes of bodies may be sent from the session's begin on, as of now. */
    long grant() {
        if (!isBackpressure) {
            return Long.MAX_VALUE;
        }
        if (!isAwaitingRoom) { // else it has no slab yet
            granted = Math.max(granted, possible());
        }
        return granted;
    }

    private long possible() {
        return begun + Math.max(0, pool.budgetBytes() - pool.outstandingBytes() - bytesBeyondBudget());
    }

    private long bytesBeyondBudget() {
        long bytes = 0;
        for (Iterator<Slab> all = beyondBudget.iterator(); all.hasNext(); ) {
            Slab one = all.next();
            if (one.references() == 0) {
                all.remove();
            } else {
                bytes += one.capacity();
            }
        }
        return bytes;
    }

    /**
     * A header has come.
     *
     * @return false if the body has to wait at the other end until {@link #lookForRoom} finds room for it
     * @throws NoMemory where it may not be passed over; then this is to be closed
     */
    boolean begin(ByteBuffer in, int headerAt, int bodyLength, EdgeWriter writer) {
        header.put(0, in, headerAt, RecordLayout.HEADER_LENGTH);
        length = bodyLength;
        arrived = 0;
        begun += bodyLength;
        isInComing = true;
        if (!isBackpressure) {
            slab = claimOrMakeRoom(writer);
            return true;
        }
        if (begun > granted) {
            isAwaitingRoom = true;
            return false;
        }
        slab = claim();
        if (slab == null) {
            slab = claimBeyondBudget();
        }
        return true;
    }

    private @Nullable Slab claim() {
        try {
            return pool.claim(Math.max(1, length));
        } catch (IllegalStateException e) {
            if (isBackpressure) {
                throw new NoMemory(e);
            }
            noMemory = String.valueOf(e.getMessage());
            return null;
        }
    }

    private Slab claimBeyondBudget() {
        try {
            Slab more = pool.claimUncounted(Math.max(1, length));
            beyondBudget.add(more);
            return more;
        } catch (IllegalStateException e) {
            throw new NoMemory(e);
        }
    }

    private @Nullable Slab claimOrMakeRoom(EdgeWriter writer) {
        @Nullable Slab found = claim();
        while (found == null) {
            long oldest = writer.oldestReference();
            if (oldest == EdgeWriter.NO_REFERENCE) {
                onDropped();
                return null;
            }
            writer.giveUp(oldest);
            found = claim();
        }
        return found;
    }

    private void onDropped() {
        dropped.add(1);
        if (!noMemory.isEmpty()) {
            if (!hasToldOfMemory) {
                LOG.warn("a payload was dropped: {}", noMemory);
            }
            hasToldOfMemory = true;
            noMemory = "";
        } else if (dropped.get() == 1) {
            LOG.warn(
                    "{}: a payload of {} bytes was dropped, for the consumer holds all of payload_budget, {} bytes: make it larger, or let messages go sooner",
                    name,
                    length,
                    pool.budgetBytes());
        }
    }

    /** A record that stands whole in a frame and is too long for the consumer's ring. As {@link #begin}. */
    void takeInline(ByteBuffer in, int recordAt, int recordLength, EdgeWriter writer) {
        header.put(0, in, recordAt, RecordLayout.HEADER_LENGTH);
        header.put(RecordLayout.FLAGS_OFFSET, RecordLayout.FLAG_REFERENCE);
        length = recordLength - RecordLayout.HEADER_LENGTH;
        isInComing = true;
        slab = isBackpressure ? claim() : claimOrMakeRoom(writer);
        if (slab == null && isBackpressure) {
            slab = claimBeyondBudget();
        }
        if (slab != null) {
            slab.buffer().put(0, in, recordAt + RecordLayout.HEADER_LENGTH, length);
        }
    }

    /**
     * As {@link #begin}.
     *
     * @return whether more may be granted: for the body that waits, or a good part of the budget
     */
    boolean lookForRoom() {
        if (isAwaitingRoom) {
            return findRoom();
        }
        long budget = pool.budgetBytes();
        return begun > 0 && granted - begun < budget / 2 && possible() - granted >= Math.max(1, budget / 4);
    }

    private boolean findRoom() {
        if (!tryRoom()) {
            roomSignal.wake().arm();
            if (!tryRoom()) {
                return false;
            }
            roomSignal.wake().disarm();
        }
        isAwaitingRoom = false;
        granted = Math.max(granted, begun);
        return true;
    }

    private boolean tryRoom() {
        slab = claim();
        if (slab == null && pool.outstandingBytes() == 0 && bytesBeyondBudget() == 0) {
            slab = claimBeyondBudget(); // larger than the whole budget
        }
        return slab != null;
    }

    void onFragment(EdgeSession session, int offset, int count) {
        if (!isInComing || isAwaitingRoom || offset != arrived || count > length - arrived) {
            throw new ProtocolViolation(session + ": a fragment of " + count + " bytes at " + offset + " where "
                    + (!isInComing
                            ? "no body is in coming"
                            : isAwaitingRoom ? "none is granted" : arrived + " of " + length + " have come"));
        }
        writeAt = offset;
        fragmentEnd = offset + count;
    }

    void put(ByteBuffer in, int at, int count) {
        if (slab != null) {
            slab.buffer().put(writeAt, in, at, count);
            writeAt += count;
        }
    }

    /** @return whether the body is whole */
    boolean onFragmentEnd() {
        arrived = fragmentEnd;
        return arrived == length;
    }

    /**
     * Without waking the consumer.
     *
     * @return an offset in the ring, what the ring says else, or {@link #DROPPED}
     */
    int deliver(EdgeWriter writer) {
        isInComing = false;
        @Nullable Slab body = slab;
        slab = null;
        if (body == null) {
            return DROPPED;
        }
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        if (offset < 0) {
            body.release();
            return offset;
        }
        writer.buffer().put(offset, header, 0, RecordLayout.HEADER_LENGTH);
        writer.commitQuietly(body); // whoever delivers signals
        return offset;
    }

    /** What is in coming is let go; the consumer keeps what it has. */
    void close() {
        roomSignal.bind(null);
        isInComing = false;
        if (slab != null) {
            slab.release();
            slab = null;
        }
        pool.close();
    }
}
