package io.millrace.local.run;

import io.millrace.layout.ClaimView;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.node.Claim;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An output with all its consumers. Used by its owner's thread only, but for the counters.
 *
 * <p>A message is written once: in place in the first consumer's edge where that is possible, else in memory of this output, from where commit copies it to
 * every edge. Whether all edges have room is asked before anything is written, and stays true, for only this thread takes room away. What is too
 * large to travel inside the edges is written to memory of its own, which all edges then share. Operators of the same node are called
 * at commit, after the edges were served.
 */
final class OutputPort implements Output {
    private static final EdgeWriter[] NO_WRITERS = {};
    private static final DirectEdge[] NO_DIRECT_EDGES = {};
    private static final byte[] NO_PARAMETERS = {};
    private static final int MAX_INLINE_BODY = 4096;
    private static final VarHandle SENT;

    static {
        try {
            SENT = MethodHandles.lookup().findVarHandle(OutputPort.class, "sent", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String id;
    private final String name;
    private final PortOwner owner;
    private final RecordQueue overflow = new RecordQueue();
    private final PortClaim claim = new PortClaim();
    private final ByteBuffer scratch = allocate(RecordLayout.HEADER_LENGTH + MAX_INLINE_BODY);
    private final ByteBuffer scratchReadOnly = scratch.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);

    private final NodeAgent.Wait roomWait = () -> hasRoom() || isClosed();

    private EdgeWriter[] writers = NO_WRITERS;
    private DirectEdge[] directEdges = NO_DIRECT_EDGES;
    private @Nullable EdgeWriter onlyWriter; // where there is one consumer, and it is not in this node
    private int inlineLimit = MAX_INLINE_BODY;
    private boolean hasConsumers;
    private boolean isClosing;
    private boolean isClosed;

    @SuppressWarnings("unused") // through SENT
    private long sent;

    OutputPort(String id, String name, PortOwner owner) {
        this.id = id;
        this.name = name;
        this.owner = owner;
    }

    private static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    // Wiring, before the start or by a command between two messages.

    /** Adds a consumer that belongs to the graph: when the last of these has ended, the output is closed. */
    void connect(EdgeWriter writer) {
        hasConsumers = true;
        attach(writer);
    }

    void connect(DirectEdge edge) {
        hasConsumers = true;
        directEdges = Arrays.copyOf(directEdges, directEdges.length + 1);
        directEdges[directEdges.length - 1] = edge;
        findOnlyWriter();
    }

    /** Adds a consumer that comes and goes. If the output is closed, so is the edge. */
    void attach(EdgeWriter writer) {
        if (isClosed) {
            writer.close();
            return;
        }
        writers = Arrays.copyOf(writers, writers.length + 1);
        writers[writers.length - 1] = writer;
        inlineLimit = Math.min(inlineLimit, writer.maxRecordLength() - RecordLayout.HEADER_LENGTH);
        findOnlyWriter();
    }

    private void findOnlyWriter() {
        onlyWriter = writers.length == 1 && directEdges.length == 0 ? writers[0] : null;
    }

    DirectEdge[] directEdges() {
        return directEdges;
    }

    // The API of node authors.

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Claim claim(int lengthBytes) {
        return claim(lengthBytes, NO_PARAMETERS);
    }

    @Override
    public Claim claim(int lengthBytes, Parameters parameters) {
        return claim(lengthBytes, encode(parameters));
    }

    private Claim claim(int lengthBytes, byte[] parameters) {
        return beginInRing(lengthBytes, parameters)
                ? claim
                : Objects.requireNonNull(claimOrWait(lengthBytes, parameters, Long.MAX_VALUE, true));
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes) {
        return tryClaim(lengthBytes, NO_PARAMETERS);
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes, Parameters parameters) {
        return tryClaim(lengthBytes, encode(parameters));
    }

    private @Nullable Claim tryClaim(int lengthBytes, byte[] parameters) {
        return beginInRing(lengthBytes, parameters) || !isClosed() && begin(lengthBytes, parameters) ? claim : null;
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return offer(payload, Parameters.EMPTY, PayloadFormat.BYTES);
    }

    SendResult offer(ByteBuffer payload, Parameters parameters, PayloadFormat format) {
        @Nullable Claim room = tryClaim(payload.remaining(), parameters);
        if (room == null) {
            return isClosed() ? SendResult.CLOSED : SendResult.FULL;
        }
        room.putBytes(0, payload);
        room.format(format).commit();
        return SendResult.ACCEPTED;
    }

    @Override
    public SendResult send(ByteBuffer payload) {
        return send(payload, PayloadFormat.BYTES, Long.MAX_VALUE);
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) {
        return send(payload, PayloadFormat.BYTES, Times.nanos(timeout));
    }

    @Override
    public SendResult send(String text) {
        return send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), PayloadFormat.UTF8, Long.MAX_VALUE);
    }

    private SendResult send(ByteBuffer payload, PayloadFormat format, long timeoutNs) {
        @Nullable PortClaim room = claimOrWait(payload.remaining(), NO_PARAMETERS, timeoutNs, false);
        if (room == null) {
            return isClosed() ? SendResult.CLOSED : SendResult.FULL;
        }
        room.putBytes(0, payload);
        room.format(format).commit();
        return SendResult.ACCEPTED;
    }

    @Override
    public boolean hasRoom() {
        return overflow.isEmpty() && edgesHaveRoom();
    }

    @Override
    public boolean isClosed() {
        if (isClosed || isClosing) {
            return true;
        }
        if (!hasConsumers) {
            return false;
        }
        for (EdgeWriter writer : writers) {
            if (!writer.isClosed()) {
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

    @Override
    public void close() {
        isClosing = true;
        flush();
    }

    // For the owner's loop.

    /** Sends what waits, as far as there is room; true when nothing waits any more. */
    boolean flush() {
        while (!overflow.isEmpty()) {
            if (!edgesHaveRoom()) {
                return false;
            }
            toEdges(overflow.region(), overflow.firstOffset(), overflow.firstBody(), 0);
            overflow.take();
            overflow.release();
        }
        if (isClosing && !isClosed) {
            closeEdges();
        }
        return true;
    }

    /** Whether {@link #flush} would get anything done. */
    boolean canFlush() {
        return !overflow.isEmpty() && edgesHaveRoom();
    }

    /** Over when the output has room or is closed. */
    NodeAgent.Wait roomWait() {
        return roomWait;
    }

    boolean isOverflowing() {
        return !overflow.isEmpty();
    }

    /** Gives a claim back that its node has left open. */
    void abortClaim() {
        if (claim.isOpen()) {
            claim.abort();
        }
    }

    /** The node has ended: consumers are told after the last message; what still waits for room is given up. */
    void end() {
        abortClaim();
        overflow.clear();
        isClosing = true;
        if (!isClosed) {
            closeEdges();
        }
    }

    /** Messages sent, each counted once. Any thread. */
    long sent() {
        return (long) SENT.getOpaque(this);
    }

    private void closeEdges() {
        isClosed = true;
        for (EdgeWriter writer : writers) {
            writer.close();
        }
        for (DirectEdge edge : directEdges) {
            edge.onSourceClosed();
        }
        writers = NO_WRITERS;
        findOnlyWriter();
    }

    private boolean edgesHaveRoom() {
        for (EdgeWriter writer : writers) {
            if (!writer.hasRoom() && !writer.isClosed()) {
                return false;
            }
        }
        return true;
    }

    private @Nullable PortClaim claimOrWait(int length, byte[] parameters, long timeoutNs, boolean discardIfClosed) {
        while (true) {
            if (isClosed()) {
                if (discardIfClosed) {
                    beginDiscarded(length, parameters);
                    return claim;
                }
                return null;
            }
            if (begin(length, parameters)) {
                return claim;
            }
            if (owner.buffersOverflow()) {
                beginInMemory(length, parameters, true);
                return claim;
            }
            if (owner.awaitRoom(this, timeoutNs) == SendResult.FULL) {
                return null;
            }
        }
    }

    private void check(int length) {
        owner.checkMaySend(this);
        if (claim.isOpen()) {
            throw new IllegalStateException("output '" + name + "' has a claim that was neither committed nor aborted");
        }
        if (length < 0 || length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("output '" + name + "': a payload of " + length
                    + " bytes is not within 0 to " + MAX_PAYLOAD_BYTES + ", the most that a message may have");
        }
    }

    /** Opens the claim in the ring of the only consumer; false if that is not possible, or not now. The way of most messages. */
    private boolean beginInRing(int length, byte[] parameters) {
        check(length);
        EdgeWriter writer = onlyWriter;
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        if (writer == null || bodyLength > inlineLimit || !overflow.isEmpty()) {
            return false;
        }
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH + bodyLength);
        if (offset < 0) {
            return false;
        }
        claim.inRing(writer, offset, parameters, length);
        return true;
    }

    /** Opens the claim, in the ring or not; false if some consumer has no room. */
    private boolean begin(int length, byte[] parameters) {
        if (beginInRing(length, parameters)) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        beginInMemory(length, parameters, false);
        return true;
    }

    private void beginInMemory(int length, byte[] parameters, boolean isOverflow) {
        check(length);
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        ByteBuffer body = bodyLength <= inlineLimit
                ? null
                : ByteBuffer.allocate(bodyLength).order(ByteOrder.LITTLE_ENDIAN);
        claim.inMemory(body, parameters, length, isOverflow ? PortClaim.OVERFLOW : PortClaim.MEMORY);
    }

    private void beginDiscarded(int length, byte[] parameters) {
        check(length);
        ByteBuffer body = ByteBuffer.allocate(RecordLayout.bodyLength(parameters.length, length))
                .order(ByteOrder.LITTLE_ENDIAN);
        claim.inMemory(body, parameters, length, PortClaim.NOWHERE);
    }

    private void toEdges(ByteBuffer record, int offset, @Nullable ByteBuffer body, int firstWriter) {
        boolean anyClosed = false;
        int length = RecordLayout.recordLength(record, offset);
        for (int i = firstWriter; i < writers.length; i++) {
            anyClosed |= !toEdge(writers[i], record, offset, length, body);
        }
        if (anyClosed) {
            prune();
        }
    }

    private boolean toEdge(EdgeWriter writer, ByteBuffer record, int offset, int length, @Nullable ByteBuffer body) {
        if (length > writer.maxRecordLength()) {
            return toNarrowEdge(writer, record, offset, length);
        }
        int target = writer.tryClaim(length);
        if (target < 0) {
            return lost(target);
        }
        writer.buffer().put(target, record, offset, length);
        writer.commit(body);
        return true;
    }

    /** An edge that was attached while the record waited, and takes less inline: its body travels by reference. */
    private boolean toNarrowEdge(EdgeWriter writer, ByteBuffer record, int offset, int length) {
        int target = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        if (target < 0) {
            return lost(target);
        }
        int bodyLength = length - RecordLayout.HEADER_LENGTH;
        ByteBuffer copy = ByteBuffer.allocate(bodyLength);
        copy.put(0, record, offset + RecordLayout.HEADER_LENGTH, bodyLength);
        writer.buffer().put(target, record, offset, RecordLayout.HEADER_LENGTH);
        writer.buffer().put(target + RecordLayout.FLAGS_OFFSET, RecordLayout.FLAG_REFERENCE);
        writer.commit(copy.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
        return true;
    }

    private boolean lost(int result) {
        if (result == EdgeWriter.FULL) {
            throw new AssertionError("output '" + name + "': an edge had room and has lost it");
        }
        return false;
    }

    private void prune() {
        EdgeWriter[] open = new EdgeWriter[writers.length];
        int count = 0;
        for (EdgeWriter writer : writers) {
            if (!writer.isClosed()) {
                open[count++] = writer;
            }
        }
        writers = Arrays.copyOf(open, count);
        findOnlyWriter();
    }

    private static byte[] encode(Parameters parameters) {
        return parameters.isEmpty() ? NO_PARAMETERS : ParameterCodec.encode(parameters);
    }

    private final class PortClaim extends ClaimView {
        static final int RING = 0;
        static final int MEMORY = 1;
        static final int OVERFLOW = 2;
        static final int NOWHERE = 3;

        private ByteBuffer record = scratch;
        private @Nullable EdgeWriter ring;
        private int offset;
        private int parametersLength;
        private @Nullable ByteBuffer ownBody;
        private int place;

        void inRing(EdgeWriter writer, int recordOffset, byte[] parameters, int length) {
            if (ring != writer || place != RING) { // storing references costs more than looking
                ring = writer;
                record = writer.buffer();
                place = RING;
            }
            offset = recordOffset;
            open(record, recordOffset + RecordLayout.HEADER_LENGTH, parameters, length);
        }

        void inMemory(@Nullable ByteBuffer body, byte[] parameters, int length, int where) {
            record = scratch;
            offset = 0;
            ownBody = body;
            place = where;
            if (body == null) {
                open(scratch, RecordLayout.HEADER_LENGTH, parameters, length);
            } else {
                open(body, 0, parameters, length);
            }
        }

        private void open(ByteBuffer region, int bodyOffset, byte[] parameters, int length) {
            parametersLength = parameters.length;
            if (parametersLength != 0) {
                region.put(bodyOffset, parameters);
            }
            open(region, bodyOffset + RecordLayout.align8(parametersLength), length);
        }

        @Override
        public void commit() {
            checkOpen();
            writeHeader();
            shut();
            if (place == RING) {
                Objects.requireNonNull(ring).commit(null);
                SENT.setOpaque(OutputPort.this, sent + 1);
            } else {
                commitFromMemory();
            }
        }

        private void commitFromMemory() {
            @Nullable ByteBuffer body =
                    ownBody == null ? null : ownBody.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
            ownBody = null;
            switch (place) {
                case MEMORY -> {
                    toEdges(record, offset, body, 0);
                    toOperators(body);
                }
                case OVERFLOW -> {
                    overflow.append(record, offset, body);
                    if (!overflow.isWithinLimits()) {
                        owner.onOverflow(OutputPort.this);
                    }
                    toOperators(body);
                }
                default -> {
                    return;
                }
            }
            SENT.setOpaque(OutputPort.this, sent + 1);
        }

        private void writeHeader() {
            byte flags = ownBody == null ? 0 : RecordLayout.FLAG_REFERENCE;
            RecordLayout.putHeader(record, offset, flags, formatCode(), owner.incarnation());
            record.putLong(offset + RecordLayout.SEQUENCE_OFFSET, sent);
            record.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, owner.timestamp());
            RecordLayout.putLengths(record, offset, parametersLength, length());
        }

        private void toOperators(@Nullable ByteBuffer body) {
            for (DirectEdge edge : directEdges) {
                edge.deliver(scratchReadOnly, 0, body);
            }
        }

        @Override
        public void abort() {
            checkOpen();
            shut();
            ownBody = null;
            if (place == RING) {
                Objects.requireNonNull(ring).abort();
            }
        }
    }
}
