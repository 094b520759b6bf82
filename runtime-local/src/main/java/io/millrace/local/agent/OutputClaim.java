package io.millrace.local.agent;

import io.millrace.layout.ClaimView;
import io.millrace.layout.Padding;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The claim of an output: where the message is written that its node makes just now, what its commit means, and how many there were. All that an output writes for a
 * message is here. Used by the output's owner only, but for the counters.
 *
 * <p>In which way a message may go is found out by {@link OutputPort}, from all sides. Most go the way of the one before: the two ways in which nothing is copied are
 * remembered here, together with the state of the owner's changes, and {@link #reopen} looks only at what may have changed since.
 */
class OutputClaim extends ClaimView {
    private static final byte[] NO_PARAMETERS = {};
    private static final VarHandle SENT;
    private static final VarHandle SENT_BYTES;
    private static final VarHandle DELIVERED;
    private static final VarHandle DELIVERED_BYTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SENT = lookup.findVarHandle(OutputClaim.class, "sent", long.class);
            SENT_BYTES = lookup.findVarHandle(OutputClaim.class, "sentBytes", long.class);
            DELIVERED = lookup.findVarHandle(OutputClaim.class, "delivered", long.class);
            DELIVERED_BYTES = lookup.findVarHandle(OutputClaim.class, "deliveredBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where a claimed message is written, and so what its commit means. */
    enum Way {
        /** In the only edge. */
        RING,
        /** In memory of the output, where operators of the same node read it: there are no edges. */
        CALLS,
        /** In memory of the output, to be copied to every edge. */
        MEMORY,
        /** The same, to those of them that have room. */
        SOME,
        /** The same, to wait there for room. */
        OVERFLOW,
        /** In memory that nobody will read, for the output is closed. */
        NOWHERE
    }

    private final String outputName;
    private final PortOwner owner;
    private final Outlet outlet;
    private final ByteBuffer scratch = ByteBuffer.wrap(new byte[RecordLayout.HEADER_LENGTH + Consumers.MAX_INLINE_BODY])
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer scratchReadOnly = scratch.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);

    // The message in hand.
    private int parametersLength;
    private @Nullable Slab ownBody;
    private @Nullable EdgeWriter edge;
    private boolean isBrief; // in the edge without its header
    private Way way = Way.NOWHERE;
    private @Nullable DirectEdge called; // at commit, if that is free then: without parameters and without a header

    // What a claim for operators of the same node may have, until there is a change.
    private int calledBelow;
    private @Nullable NodeSending caller;
    private @Nullable DirectEdge callee;

    // What a claim in the ring of the only consumer may have, until there is a change.
    private int inRingBelow;
    private @Nullable NodeSending sender;
    private @Nullable EdgeWriter onlyEdge;

    private boolean isToldOfChanges;
    private boolean isMissed; // what was sent last, by some of those that it was for

    private boolean countsBytes;

    @SuppressWarnings("unused") // through SENT
    private long sent;

    private long sentBytes;

    // Of these, where there are operators of the same node: those that were handed on in another way than by a mere
    // call.
    private long delivered;
    private long deliveredBytes;

    OutputClaim(String outputName, PortOwner owner, Outlet outlet) {
        this.outputName = outputName;
        this.owner = owner;
        this.outlet = outlet;
    }

    // The ways that are remembered.

    /** From now on a claim that is not longer than {@code limit} may go into the ring of this only consumer. */
    void learnRing(NodeSending from, EdgeWriter ring, int limit) {
        sender = from;
        onlyEdge = ring;
        inRingBelow = 1 + limit;
        askForChanges(from);
    }

    /**
     * From now on a claim that is not longer than {@code limit} may go to operators of the same node.
     *
     * @param only the only one of them, if it can be called at once
     */
    void learnCalls(NodeSending from, @Nullable DirectEdge only, int limit) {
        caller = from;
        callee = only;
        calledBelow = 1 + limit;
        askForChanges(from);
    }

    private void askForChanges(NodeSending from) {
        if (!isToldOfChanges) {
            isToldOfChanges = true;
            from.tellOfChange(this);
        }
    }

    /** The owner's {@link NodeSending#onChange}; it tells of no other unless it is asked again. */
    void onChange() {
        isToldOfChanges = false;
        forgetWays();
    }

    /** Something changes that decides where messages go: the next one is looked at from all sides again. */
    void forgetWays() {
        called = null;
        sender = null;
        onlyEdge = null;
        inRingBelow = 0;
        caller = null;
        callee = null;
        calledBelow = 0;
    }

    /** Opens the claim in the way in which it was opened before, if nothing has changed since; false if that is not possible, or not now. */
    boolean reopen(int length) {
        return reopenInRing(length) || reopenForCalls(length);
    }

    /** Most messages between threads look at no more than this. */
    private boolean reopenInRing(int length) {
        @Nullable NodeSending from = sender;
        @Nullable EdgeWriter ring = onlyEdge;
        if (from == null || ring == null || length < 0 || length >= inRingBelow || isOpen() || from.mustLook()) {
            return false;
        }
        return inRing(ring, NO_PARAMETERS, length);
    }

    /** Most hops between operators look at no more than this. */
    private boolean reopenForCalls(int length) {
        @Nullable NodeSending from = caller;
        if (from == null || length < 0 || length >= calledBelow || isOpen() || from.isLeftBehind()) {
            return false;
        }
        if (called != null) { // as the last one
            openAgain(length);
        } else {
            inMemory(null, NO_PARAMETERS, length, Way.CALLS);
            called = callee;
        }
        return true;
    }

    // Opened by the output, which has seen that it may.

    /** In the ring; false if that has no room, or is closed. */
    boolean inRing(EdgeWriter ring, byte[] parameters, int length) {
        boolean brief = parameters.length == 0 && ring.isNext(owner.incarnation(), sent);
        int at = brief
                ? ring.tryClaimBrief(length)
                : ring.tryClaim(RecordLayout.HEADER_LENGTH + RecordLayout.bodyLength(parameters.length, length));
        if (at < 0) {
            return false;
        }
        turnTo(ring);
        isBrief = brief;
        int header = brief ? EdgeWriter.BRIEF_HEADER_LENGTH : RecordLayout.HEADER_LENGTH;
        open(ring.buffer(), at + header, parameters, length);
        return true;
    }

    private void turnTo(EdgeWriter writer) {
        if (edge != writer) { // storing references costs more than looking
            edge = writer;
            way = Way.RING;
            called = null;
        }
    }

    /** @param body a slab whose first reference is now the claim's; null for the memory of the output */
    void inMemory(@Nullable Slab body, byte[] parameters, int length, Way where) {
        turnToMemory(body, where);
        if (body == null) {
            open(scratch, RecordLayout.HEADER_LENGTH, parameters, length);
        } else {
            open(body.buffer(), 0, parameters, length);
        }
    }

    /** What stands in the slab already. */
    void again(Slab body, int blockLength, int length, Way where) {
        turnToMemory(body, where);
        parametersLength = blockLength;
        open(body.buffer(), RecordLayout.align8(blockLength), length);
    }

    private void turnToMemory(@Nullable Slab body, Way where) {
        ownBody = body;
        edge = null;
        way = where;
        called = null;
    }

    private void open(ByteBuffer region, int bodyOffset, byte[] parameters, int length) {
        parametersLength = parameters.length;
        if (parametersLength != 0) {
            region.put(bodyOffset, parameters);
        }
        open(region, bodyOffset + RecordLayout.align8(parametersLength), length);
    }

    /** Whether the message that went to some only has found one without room. */
    boolean isMissed() {
        return isMissed;
    }

    /** Whether the message in hand is written in this ring. */
    boolean isIn(EdgeWriter ring) {
        return isOpen() && edge == ring;
    }

    // The API of node authors.

    @Override
    public void commit() {
        checkOpen();
        @Nullable EdgeWriter ring = edge;
        if (ring != null) {
            int bytes = length();
            commitInRing(ring, bytes);
            count(bytes);
            return;
        }
        @Nullable DirectEdge to = called;
        if (to != null && to.isFree()) {
            int bytes = length();
            long sequence = sent;
            shut();
            count(bytes);
            to.call(formatCode(), sequence, bytes);
        } else {
            writeHeader(ownBody == null ? 0 : RecordLayout.FLAG_REFERENCE);
            int bytes = length();
            shut();
            commitFromMemory(bytes);
        }
    }

    private void commitInRing(EdgeWriter ring, int bytes) {
        long timestamp = owner.timestamp();
        shut();
        if (isBrief) {
            ring.commitBrief(formatCode(), timestamp);
        } else {
            long first = RecordLayout.firstWord((byte) 0, formatCode(), owner.incarnation());
            ring.putHeader(first, sent, timestamp, RecordLayout.lengths(parametersLength, bytes));
            ring.commit(null);
        }
    }

    private void commitFromMemory(int bytes) {
        @Nullable Slab body = ownBody;
        ownBody = null;
        try {
            send(body, bytes);
        } finally {
            if (body != null) {
                body.release();
            }
        }
    }

    private void send(@Nullable Slab body, int bytes) {
        switch (way) {
            case MEMORY, CALLS -> outlet.consumers().write(scratch, 0, body);
            case SOME -> isMissed = outlet.consumers().writeWhereRoom(scratch, 0, body);
            case OVERFLOW -> putAside(body);
            default -> {
                return;
            }
        }
        outlet.consumers().call(scratchReadOnly, body);
        count(bytes);
        DELIVERED.setOpaque(this, delivered + 1);
        if (countsBytes) {
            DELIVERED_BYTES.setOpaque(this, deliveredBytes + bytes);
        }
    }

    private void putAside(@Nullable Slab body) {
        forgetWays();
        if (outlet.putAside(scratch, 0, body)) {
            owner.onOverflow(outputName);
        }
    }

    private void writeHeader(byte flags) {
        long timestamp = owner.timestamp();
        RecordLayout.putHeader(scratch, 0, flags, formatCode(), owner.incarnation());
        scratch.putLong(RecordLayout.SEQUENCE_OFFSET, sent);
        scratch.putLong(RecordLayout.TIMESTAMP_OFFSET, timestamp);
        RecordLayout.putLengths(scratch, 0, parametersLength, length());
    }

    @Override
    public void abort() {
        checkOpen();
        shut();
        @Nullable Slab body = ownBody;
        if (body != null) {
            ownBody = null;
            body.release();
        }
        if (way == Way.RING) {
            Objects.requireNonNull(edge).abort();
        }
    }

    // The counters.

    /** Before the start. */
    void countBytes() {
        countsBytes = true;
    }

    private void count(int bytes) {
        SENT.setOpaque(this, sent + 1);
        if (countsBytes) {
            SENT_BYTES.setOpaque(this, sentBytes + bytes);
        }
    }

    /** Messages sent, each counted once. Any thread. */
    long sent() {
        return (long) SENT.getOpaque(this);
    }

    /** Bytes of their payloads; 0 if they are not counted. Any thread. */
    long sentBytes() {
        return (long) SENT_BYTES.getOpaque(this);
    }

    /** What its consumers read of the memory of the output. */
    ByteBuffer readOnly() {
        return scratchReadOnly;
    }

    /** The same memory. */
    byte[] bytes() {
        return scratch.array();
    }

    /** Messages that were handed on by a mere call, which the receiver does not count. Any thread. */
    long calls() {
        long others = (long) DELIVERED.getOpaque(this); // first, so that it never seems too few
        return sent() - others;
    }

    /** Bytes of their payloads; 0 if they are not counted. Any thread. */
    long calledBytes() {
        long others = (long) DELIVERED_BYTES.getOpaque(this);
        return sentBytes() - others;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends OutputClaim {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(String outputName, PortOwner owner, Outlet outlet) {
            super(outputName, owner, outlet);
        }
    }
}
