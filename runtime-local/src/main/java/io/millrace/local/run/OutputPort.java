package io.millrace.local.run;

import io.millrace.layout.ClaimView;
import io.millrace.layout.MessageView;
import io.millrace.layout.Padding;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import io.millrace.node.Claim;
import io.millrace.node.Message;
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
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output. Used by its owner's thread only, but for the counter.
 *
 * <p>A message is written once: in place in the edge where there is only one, else in memory of this output, from where commit copies it to every edge. What is
 * too large to travel inside the edges is written to a slab of this output's pool, which all edges then share. Operators of the same node are called at commit,
 * after the edges were served.
 *
 * <p>Whoever keeps a slab has a reference: the open claim has the first one, which commit and abort release; each edge and each queue that a slab stands in has its own. Where
 * the pool's budget is used up, edges that may lose messages give up their oldest slabs; if that is not enough there is no room.
 */
class OutputPort extends Padding implements Output {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPort.class);
    private static final byte[] NO_PARAMETERS = {};
    private static final VarHandle SENT;
    private static final VarHandle SENT_BYTES;

    static {
        try {
            SENT_BYTES = MethodHandles.lookup().findVarHandle(OutputPort.class, "sentBytes", long.class);
            SENT = MethodHandles.lookup().findVarHandle(OutputPort.class, "sent", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String id;
    private final String name;
    private final PortOwner owner;
    private final Payloads payloads;
    private Consumers consumers;
    private RecordQueue overflow = new RecordQueue();
    private final PortClaim claim = new PaddedPortClaim();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(RecordLayout.HEADER_LENGTH + Consumers.MAX_INLINE_BODY)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer scratchReadOnly = scratch.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final BooleanSupplier hasRoomOrIsClosed = () -> hasRoom() || isClosed();

    // What a claim for operators of the same node may have, while the owner knows of no change since.
    private int calledBelow;
    private int calledSince;
    private @Nullable NodeAgent caller;
    private @Nullable DirectEdge callee;

    // What a claim in the ring of the only consumer may have, while the owner knows of no change since.
    private int inRingBelow;
    private int inRingSince;
    private @Nullable NodeAgent sender;
    private @Nullable EdgeWriter onlyEdge;

    private boolean isClosing;
    private boolean isEnded;
    private boolean countsBytes;
    private int maxPayloadBytes = MAX_PAYLOAD_BYTES;
    private String whyNoLarger = "the most that a message may have";
    private boolean hasGivenUp;
    private int awaitedBytes; // of the body that a waiting thread needs memory for; 0 if it needs none
    private @Nullable Throwable claimSite; // in debug mode, of the open claim
    private @Nullable Retired retired;

    @SuppressWarnings("unused") // through SENT
    private long sent;

    private long sentBytes;

    /** What a port leaves to that of the next incarnation. */
    private record Retired(Consumers consumers, RecordQueue overflow, boolean isClosing, boolean isEnded) {}

    /** With the default budget, for an owner that is not woken when memory comes back. */
    OutputPort(String id, String name, PortOwner owner) {
        this(id, name, owner, new Payloads(OptionalLong.empty(), () -> {}, () -> {}, false));
    }

    OutputPort(String id, String name, PortOwner owner, Payloads payloads) {
        this.id = id;
        this.name = name;
        this.owner = owner;
        this.payloads = payloads;
        this.consumers = new Consumers(name, newPool());
    }

    /**
     * What an output knows of the memory for its large payloads.
     *
     * @param budgetBytes as written
     * @param onReturned wakes the owner: memory came back; any thread
     * @param onFirstGivenUp run once, by the owner: from now on messages may be lost for want of memory
     * @param debug whether released memory is written over, and claims know where they were made
     */
    record Payloads(OptionalLong budgetBytes, Runnable onReturned, Runnable onFirstGivenUp, boolean debug) {}

    private SlabPool newPool() {
        return new SlabPool("output '" + name + "'", payloads.budgetBytes(), payloads.onReturned(), payloads.debug());
    }

    // Wiring, before the start or by a command between two messages.

    /** Adds a consumer that belongs to the graph: when the last of these has ended, the output is closed. */
    void connect(EdgeWriter writer) {
        forgetWays();
        consumers.connect(writer);
    }

    /** As {@link #connect(EdgeWriter)}. */
    void connect(DirectEdge edge) {
        forgetWays();
        consumers.connect(edge);
    }

    /** Adds a consumer that comes and goes. If the output is closed, so is the edge. */
    void attach(EdgeWriter writer) {
        owner.enter();
        try {
            forgetWays();
            if (isClosed()) {
                writer.close();
            } else {
                consumers.attach(writer);
            }
        } finally {
            owner.leave();
        }
    }

    /** Before the start. */
    void countBytes() {
        countsBytes = true;
    }

    /** Before the start: one of its consumers takes no larger payloads. */
    void limitTo(int bytes, String why) {
        if (bytes < maxPayloadBytes) {
            forgetWays();
            maxPayloadBytes = bytes;
            whyNoLarger = why;
        }
    }

    /** Adds a consumer that comes and goes and only looks on: for its sake the output does not stay open. */
    void watch(EdgeWriter writer) {
        owner.enter();
        try {
            forgetWays();
            if (isClosed()) {
                writer.close();
            } else {
                consumers.watch(writer);
            }
        } finally {
            owner.leave();
        }
    }

    /** A consumer's edge is another one from now on, for its reader does not come back; if the output is closed, so is the edge. */
    void replace(EdgeWriter former, EdgeWriter writer) {
        forgetWays();
        if (!consumers.replace(former, writer)) {
            writer.close();
        } else if (!claim.isOpen()) { // else what is being written in it is to be committed yet
            former.abandon();
        }
    }

    /**
     * The edge to a consumer of the graph that is elsewhere, the first or another one: what waits in the former one stays there. If the output is closed, so is the edge.
     *
     * @param former null for none
     * @param isFormerLost whether who reads it does not come back
     */
    void reconnect(@Nullable EdgeWriter former, EdgeWriter writer, boolean isFormerLost) {
        owner.enter();
        try {
            forgetWays();
            if (isClosing || owner.isLeftBehind()) {
                writer.close();
            } else if (former == null || !consumers.replace(former, writer)) {
                consumers.connect(writer);
            } else if (!claim.isOpen()) { // as in replace
                if (isFormerLost) {
                    former.abandon();
                } else {
                    former.close();
                }
            }
        } finally {
            owner.leave();
        }
    }

    Consumers consumers() {
        return consumers;
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
        return openAgain(lengthBytes) ? claim : claim(lengthBytes, NO_PARAMETERS);
    }

    @Override
    public Claim claim(int lengthBytes, Parameters parameters) {
        return claim(lengthBytes, encode(parameters));
    }

    private Claim claim(int length, byte[] parameters) {
        check(length, parameters.length);
        if (!openInRing(length, parameters) && !await(length, parameters, Long.MAX_VALUE)) {
            openAnyway(length, parameters, Place.NOWHERE);
        }
        return claim;
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes) {
        return openAgain(lengthBytes) ? claim : tryClaim(lengthBytes, NO_PARAMETERS);
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes, Parameters parameters) {
        return tryClaim(lengthBytes, encode(parameters));
    }

    private @Nullable Claim tryClaim(int length, byte[] parameters) {
        check(length, parameters.length);
        return openInRing(length, parameters) || !isClosed() && open(length, parameters) ? claim : null;
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return offer(payload, Parameters.EMPTY, PayloadFormat.BYTES);
    }

    SendResult offer(ByteBuffer payload, Parameters parameters, PayloadFormat format) {
        return tryClaim(payload.remaining(), parameters) == null ? refusal() : commit(payload, format);
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
        if (openAgain(payload.remaining())) {
            return commit(payload, format);
        }
        check(payload.remaining(), NO_PARAMETERS.length);
        return await(payload.remaining(), NO_PARAMETERS, timeoutNs) ? commit(payload, format) : refusal();
    }

    private SendResult commit(ByteBuffer payload, PayloadFormat format) {
        claim.putBytes(0, payload);
        claim.format(format).commit();
        return SendResult.ACCEPTED;
    }

    @Override
    public SendResult send(Message message) {
        int length = message.length(); // throws where the message is over, whatever its holder has in hand by now
        @Nullable SlabHolder holder = SlabHolder.of(message);
        @Nullable Slab slab = holder == null ? null : holder.slabInHand();
        return holder == null || slab == null ? Output.super.send(message) : sendOn(holder.viewInHand(), length, slab);
    }

    /** In the same slab, which its edges get references to. */
    private SendResult sendOn(MessageView message, int length, Slab slab) {
        check(length, NO_PARAMETERS.length, false);
        while (!isClosed()) {
            boolean hasRoom = hasRoom();
            if (hasRoom || owner.buffersOverflow()) {
                slab.retain();
                claim.again(slab, message.parametersLength(), length, hasRoom ? Place.MEMORY : Place.OVERFLOW);
                claim.formatCode(message.formatCode()).commit();
                return SendResult.ACCEPTED;
            }
            owner.awaitRoom(this, Long.MAX_VALUE);
        }
        return SendResult.CLOSED;
    }

    private SendResult refusal() {
        return isClosed() ? SendResult.CLOSED : SendResult.FULL;
    }

    @Override
    public boolean hasRoom() {
        return overflow.isEmpty()
                && consumers.haveRoom()
                && (awaitedBytes == 0 || consumers.pool().fits(awaitedBytes));
    }

    /** Whether a message of this size would be taken now. */
    boolean hasRoomFor(int length, int parametersLength) {
        int bodyLength = RecordLayout.bodyLength(parametersLength, length);
        return hasRoom()
                && (bodyLength <= consumers.inlineLimit() || consumers.pool().fits(bodyLength));
    }

    @Override
    public boolean isClosed() {
        return isClosing || consumers.isDeserted() || owner.isLeftBehind();
    }

    @Override
    public void close() {
        abortClaim();
        forgetWays();
        isClosing = true;
        flush();
    }

    // For the owner's loop.

    /** Sends what waits, as far as there is room; true when nothing waits any more. */
    boolean flush() {
        while (!overflow.isEmpty()) {
            if (!consumers.haveRoom() || !countFirst()) {
                return false;
            }
            consumers.write(overflow.region(), overflow.firstOffset(), overflow.firstBody());
            overflow.take();
            overflow.release();
        }
        if (isClosing && !isEnded) {
            isEnded = true;
            consumers.close();
        }
        return true;
    }

    /** Memory that was taken beyond the budget becomes part of it before it goes anywhere. */
    private boolean countFirst() {
        @Nullable Slab body = overflow.firstBody();
        if (body == null) {
            return true;
        }
        boolean isCounted = consumers.pool().count(body);
        while (!isCounted && giveUpOldest()) {
            isCounted = consumers.pool().count(body);
        }
        return isCounted;
    }

    private boolean giveUpOldest() {
        boolean isGivenUp = consumers.giveUpOldest();
        if (isGivenUp && !hasGivenUp) {
            hasGivenUp = true;
            payloads.onFirstGivenUp().run();
        }
        return isGivenUp;
    }

    /** Whether {@link #flush} would get anything done. */
    boolean canFlush() {
        if (overflow.isEmpty() || !consumers.haveRoom()) {
            return false;
        }
        @Nullable Slab body = overflow.firstBody();
        return body == null || consumers.pool().canCount(body);
    }

    /** How many messages may wait in the shallowest of its edges. */
    int depth() {
        return consumers.depth();
    }

    /** For a thread that waits for one or the other. */
    BooleanSupplier hasRoomOrIsClosed() {
        return hasRoomOrIsClosed;
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
        if (claim.isOpen() && claimSite != null) {
            LOG.warn("output '{}': a claim was neither committed nor aborted before its node ended", name, claimSite);
        }
        overflow.clear();
        close();
        consumers.pool().close();
    }

    /** Bytes of large payloads that somebody holds. The owner. */
    long outstandingBytes() {
        return consumers.pool().outstandingBytes();
    }

    /** Closed for who has kept it; its edges stay as they are, for another to {@link #inherit}. Idempotent. */
    void retire() {
        abortClaim();
        forgetWays();
        if (retired == null) {
            retired = new Retired(consumers, overflow, isClosing, isEnded);
            consumers = new Consumers(name, newPool());
            overflow = new RecordQueue();
            isClosing = true;
            isEnded = true;
        }
    }

    /** Takes over the edges of a port that is retired, and what waits in it for room. */
    void inherit(OutputPort former) {
        Retired from = Objects.requireNonNull(former.retired, "only what is retired is inherited");
        forgetWays();
        consumers = from.consumers;
        consumers.forgetDirectEdges();
        overflow = from.overflow;
        isClosing = from.isClosing;
        isEnded = from.isEnded;
        former.retired = null;
    }

    /** Messages sent, each counted once. Any thread. */
    long sent() {
        return (long) SENT.getOpaque(this);
    }

    /** Bytes of their payloads; 0 if they are not counted. Any thread. */
    long sentBytes() {
        return (long) SENT_BYTES.getOpaque(this);
    }

    private void count(int bytes) {
        SENT.setOpaque(this, sent + 1);
        if (countsBytes) {
            SENT_BYTES.setOpaque(this, sentBytes + bytes);
        }
    }

    /** Opens the claim as soon as there is room; false if the output is closed, or the time has passed. */
    private boolean await(int length, byte[] parameters, long timeoutNs) {
        while (!isClosed()) {
            if (open(length, parameters)) {
                return true;
            }
            if (owner.buffersOverflow()) {
                openAnyway(length, parameters, Place.OVERFLOW);
                return true;
            }
            if (awaitRoom(RecordLayout.bodyLength(parameters.length, length), timeoutNs) == SendResult.FULL) {
                return false;
            }
        }
        return false;
    }

    private SendResult awaitRoom(int bodyLength, long timeoutNs) {
        awaitedBytes = bodyLength > consumers.inlineLimit() ? bodyLength : 0;
        try {
            return owner.awaitRoom(this, timeoutNs);
        } finally {
            awaitedBytes = 0;
        }
    }

    private void check(int length, int parametersLength) {
        check(length, parametersLength, true);
    }

    private void check(int length, int parametersLength, boolean needsMemory) {
        owner.checkMaySend(this);
        if (claim.isOpen()) {
            throw new IllegalStateException(
                    "output '" + name + "' has a claim that was neither committed nor aborted", claimSite);
        }
        if (length < 0 || length > maxPayloadBytes) {
            throw new IllegalArgumentException("output '" + name + "': a payload of " + length
                    + " bytes is not within 0 to " + maxPayloadBytes + ", " + whyNoLarger);
        }
        int bodyLength = RecordLayout.bodyLength(parametersLength, length);
        if (needsMemory
                && bodyLength > consumers.inlineLimit()
                && !consumers.pool().canEverHold(bodyLength)) {
            throw new IllegalArgumentException("output '" + name + "': a payload of " + bodyLength
                    + " bytes, with its parameters, is larger than the node's payload_budget of "
                    + consumers.pool().budgetBytes()
                    + " bytes: raise payload_budget, or send less at a time");
        }
    }

    /** Opens the claim in the ring of the only consumer; false if that is not possible, or not now. The way of most messages. */
    private boolean openInRing(int length, byte[] parameters) {
        EdgeWriter edge = consumers.onlyEdge();
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        if (edge == null || bodyLength > consumers.inlineLimit() || !overflow.isEmpty()) {
            return false;
        }
        int offset = edge.tryClaim(RecordLayout.HEADER_LENGTH + bodyLength);
        if (offset < 0) {
            return false;
        }
        claim.inRing(edge, offset, parameters, length);
        if (payloads.debug()) {
            rememberClaimSite();
        } else {
            learnRing(edge);
        }
        return true;
    }

    private void learnRing(EdgeWriter edge) {
        @Nullable NodeAgent agent = owner.sendingAgent();
        if (agent != null) {
            sender = agent;
            onlyEdge = edge;
            inRingBelow = 1 + Math.min(maxPayloadBytes, consumers.inlineLimit());
            inRingSince = agent.changes();
        }
    }

    /** Opens the claim for operators of the same node that are the only consumers; false if that is not possible, or not now. The way between operators. */
    private boolean openForCalls(int length, byte[] parameters) {
        if (!consumers.areCalledOnly()
                || RecordLayout.bodyLength(parameters.length, length) > Consumers.MAX_INLINE_BODY
                || !overflow.isEmpty()
                || isClosed()) {
            return false;
        }
        openInMemory(null, length, parameters, Place.CALLS);
        @Nullable NodeAgent agent = payloads.debug() ? null : owner.callingAgent();
        if (agent != null) {
            learnCalls(agent);
        }
        return true;
    }

    private void learnCalls(NodeAgent agent) {
        caller = agent;
        callee = consumers.onlyCallee();
        calledBelow = 1 + Math.min(maxPayloadBytes, Consumers.MAX_INLINE_BODY);
        calledSince = agent.changes();
    }

    /** Something changes that decides where messages go: the next one is looked at from all sides again. */
    private void forgetWays() {
        sender = null;
        onlyEdge = null;
        inRingBelow = 0;
        caller = null;
        callee = null;
        calledBelow = 0;
    }

    /** Opens the claim in the way in which it was opened before, if nothing has changed since; false if that is not possible, or not now. */
    private boolean openAgain(int length) {
        return openInRingAgain(length) || openForCallsAgain(length);
    }

    /** As {@link #openInRing}: most messages between threads look at no more than this. */
    private boolean openInRingAgain(int length) {
        @Nullable NodeAgent agent = sender;
        @Nullable EdgeWriter edge = onlyEdge;
        if (agent == null
                || edge == null
                || Integer.compareUnsigned(length, inRingBelow) >= 0
                || inRingSince != agent.changes()
                || claim.isOpen()
                || agent.mustRunCommands()) {
            return false;
        }
        int offset = edge.tryClaim(RecordLayout.HEADER_LENGTH + length);
        if (offset < 0) {
            return false;
        }
        claim.inRing(edge, offset, length);
        return true;
    }

    /** As {@link #openForCalls} where nothing has changed since it was found possible: most hops between operators look at no more than this. */
    private boolean openForCallsAgain(int length) {
        @Nullable NodeAgent agent = caller;
        if (agent == null
                || Integer.compareUnsigned(length, calledBelow) >= 0
                || calledSince != agent.changes()
                || claim.isOpen()
                || agent.isLeftBehind()) {
            return false;
        }
        claim.forCalls(length);
        return true;
    }

    /** Opens the claim, in the ring or not; false if some consumer has no room, or there is no memory. */
    private boolean open(int length, byte[] parameters) {
        if (openInRing(length, parameters) || openForCalls(length, parameters)) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        if (bodyLength <= consumers.inlineLimit()) {
            openInMemory(null, length, parameters, Place.MEMORY);
            return true;
        }
        @Nullable Slab body = claimSlab(bodyLength);
        if (body == null) {
            return false;
        }
        openInMemory(body, length, parameters, Place.MEMORY);
        return true;
    }

    private @Nullable Slab claimSlab(int bodyLength) {
        @Nullable Slab body = consumers.pool().claim(bodyLength);
        while (body == null && giveUpOldest()) {
            body = consumers.pool().claim(bodyLength);
        }
        return body;
    }

    /** Opens the claim where there is no room, if need be in memory beyond the budget. */
    private void openAnyway(int length, byte[] parameters, Place place) {
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        @Nullable Slab body = null;
        if (bodyLength > consumers.inlineLimit()) {
            // Behind one that waits for memory nothing may take memory away.
            body = overflow.isBeyondBudget() ? null : consumers.pool().claim(bodyLength);
            body = body == null ? consumers.pool().claimUncounted(bodyLength) : body;
        }
        openInMemory(body, length, parameters, place);
    }

    private void openInMemory(@Nullable Slab body, int length, byte[] parameters, Place place) {
        claim.inMemory(body, parameters, length, place);
        if (payloads.debug()) {
            rememberClaimSite();
        }
    }

    private void rememberClaimSite() {
        claimSite = new Throwable("it was claimed here");
    }

    private static byte[] encode(Parameters parameters) {
        return parameters.isEmpty() ? NO_PARAMETERS : ParameterCodec.encode(parameters);
    }

    /** Where a claimed message is written, and so what its commit means. */
    private enum Place {
        /** In the only edge. */
        RING,
        /** In memory of the output, where operators of the same node read it: there are no edges. */
        CALLS,
        /** In memory of the output, to be copied to every edge. */
        MEMORY,
        /** The same, to wait there for room. */
        OVERFLOW,
        /** In memory that nobody will read, for the output is closed. */
        NOWHERE
    }

    private class PortClaim extends ClaimView {
        private ByteBuffer record = scratch;
        private int offset;
        private int parametersLength;
        private @Nullable Slab ownBody;
        private @Nullable EdgeWriter edge;
        private Place place = Place.NOWHERE;

        void inRing(EdgeWriter writer, int recordOffset, int length) {
            turnTo(writer);
            offset = recordOffset;
            parametersLength = 0;
            open(record, recordOffset + RecordLayout.HEADER_LENGTH, length);
        }

        private void turnTo(EdgeWriter writer) {
            if (edge != writer) { // storing references costs more than looking
                edge = writer;
                record = writer.buffer();
                place = Place.RING;
            }
        }

        void inRing(EdgeWriter writer, int recordOffset, byte[] parameters, int length) {
            turnTo(writer);
            offset = recordOffset;
            open(record, recordOffset + RecordLayout.HEADER_LENGTH, parameters, length);
        }

        void forCalls(int length) {
            if (place != Place.CALLS || parametersLength != 0) {
                inMemory(null, NO_PARAMETERS, length, Place.CALLS);
            } else {
                openAgain(length);
            }
        }

        void inMemory(@Nullable Slab body, byte[] parameters, int length, Place where) {
            record = scratch;
            offset = 0;
            ownBody = body;
            edge = null;
            place = where;
            if (body == null) {
                open(scratch, RecordLayout.HEADER_LENGTH, parameters, length);
            } else {
                open(body.buffer(), 0, parameters, length);
            }
        }

        /** What stands in the slab already. */
        void again(Slab body, int blockLength, int length, Place where) {
            record = scratch;
            offset = 0;
            ownBody = body;
            edge = null;
            place = where;
            parametersLength = blockLength;
            open(body.buffer(), RecordLayout.align8(blockLength), length);
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
            @Nullable EdgeWriter ring = edge;
            if (ring != null) {
                writeHeader((byte) 0);
                int bytes = length();
                shut();
                ring.commit(null);
                count(bytes);
            } else if (place != Place.CALLS || !call()) {
                writeHeader(ownBody == null ? 0 : RecordLayout.FLAG_REFERENCE);
                int bytes = length();
                shut();
                commitFromMemory(bytes);
            }
        }

        /** Calls the only consumer, if that is an operator which can be called at once: then the header need not be written. */
        private boolean call() {
            @Nullable NodeAgent agent = caller;
            @Nullable DirectEdge to = callee;
            if (agent == null
                    || to == null
                    || calledSince != agent.changes()
                    || !agent.mayCallDeeper()
                    || !to.isFree()) {
                return false;
            }
            int bytes = length();
            long timestamp = agent.timestampOfCallback();
            shut();
            to.call(scratchReadOnly, formatCode(), sent, timestamp, parametersLength, bytes);
            count(bytes);
            return true;
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
            switch (place) {
                case MEMORY, CALLS -> consumers.write(record, offset, body);
                case OVERFLOW -> putAside(body);
                default -> {
                    return;
                }
            }
            consumers.call(scratchReadOnly, body);
            count(bytes);
        }

        private void writeHeader(byte flags) {
            long timestamp = owner.timestamp();
            RecordLayout.putHeader(record, offset, flags, formatCode(), owner.incarnation());
            record.putLong(offset + RecordLayout.SEQUENCE_OFFSET, sent);
            record.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, timestamp);
            RecordLayout.putLengths(record, offset, parametersLength, length());
        }

        /** Beyond the limit the owner has failed, and what its callback still sends is not kept. */
        private void putAside(@Nullable Slab body) {
            forgetWays();
            if (overflow.isWithinLimits()) {
                overflow.append(record, offset, body);
                if (!overflow.isWithinLimits()) {
                    owner.onOverflow(OutputPort.this);
                }
            }
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
            if (place == Place.RING) {
                Objects.requireNonNull(edge).abort();
            }
        }
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    private final class PaddedPortClaim extends PortClaim {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends OutputPort {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(String id, String name, PortOwner owner, Payloads payloads) {
            super(id, name, owner, payloads);
        }
    }
}
