package io.millrace.local.agent;

import io.millrace.layout.MessageView;
import io.millrace.layout.Padding;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.local.agent.OutputClaim.Way;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import io.millrace.local.waiting.Times;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An output: what a node's author sends by, and what its owner's loop sees to. Used by its owner's thread only, but for the counters. {@link WayFinder} says in which way a message
 * goes, {@link OutputClaim} takes it there, and {@link Outlet} has those it goes to.
 *
 * <p>A message is written once: in place in the edge where there is only one, else in memory of this output, from where commit copies it to every edge. What is
 * too large to travel inside the edges is written to a slab of this output's pool, which all edges then share. Operators of the same node are called at commit,
 * after the edges were served.
 *
 * <p>Whoever keeps a slab has a reference: the open claim has the first one, which commit and abort release; each edge and each queue that a slab stands in has its own.
 */
public class OutputPort extends Padding implements Output {
    private static final byte[] NO_PARAMETERS = {};

    private final String id;
    private final String name;
    private final PortOwner owner;
    private final Outlet outlet;
    private final OutputClaim claim;
    private final WayFinder ways;
    private final BooleanSupplier hasRoomOrIsClosed = () -> hasRoom() || isClosed();

    private int awaitedBytes; // of the body that a waiting thread needs memory for; 0 if it needs none

    /** With the default budget, for an owner that is not woken when memory comes back. */
    OutputPort(String id, String name, PortOwner owner) {
        this(id, name, owner, new Payloads(OptionalLong.empty(), () -> {}, () -> {}, false));
    }

    OutputPort(String id, String name, PortOwner owner, Payloads payloads) {
        this.id = id;
        this.name = name;
        this.owner = owner;
        this.outlet = new Outlet(name, owner, payloads);
        this.claim = new OutputClaim.Padded(name, owner, outlet);
        this.ways = new WayFinder(name, owner, outlet, claim, payloads.debug());
    }

    /**
     * What an output knows of the memory for its large payloads.
     *
     * @param budgetBytes as written
     * @param onReturned wakes the owner: memory came back; any thread
     * @param onFirstGivenUp run once, by the owner: from now on messages may be lost for want of memory
     * @param debug whether released memory is written over, and claims know where they were made
     */
    public record Payloads(OptionalLong budgetBytes, Runnable onReturned, Runnable onFirstGivenUp, boolean debug) {}

    // Wiring, before the start or by a command between two messages.

    /** Adds a consumer that belongs to the graph: when the last of these has ended, the output is closed. */
    public void connect(EdgeWriter writer) {
        claim.forgetWays();
        outlet.consumers().connect(writer);
    }

    /** As {@link #connect(EdgeWriter)}. */
    void connect(OperatorSlot target, InputPort input, NodeAgent agent, boolean isShallow) {
        claim.forgetWays();
        DirectEdge edge = new DirectEdge(claim, target, input, agent, isShallow);
        outlet.connect(edge);
    }

    /** Adds a consumer that comes and goes. If the output is closed, so is the edge. */
    public void attach(EdgeWriter writer) {
        change(() -> outlet.attach(writer));
    }

    /** Adds a consumer that comes and goes and only looks on: for its sake the output does not stay open. */
    public void watch(EdgeWriter writer) {
        change(() -> outlet.watch(writer));
    }

    /** A consumer's edge is another one from now on, for its reader does not come back; if the output is closed, so is the edge. */
    public void replace(EdgeWriter former, EdgeWriter writer) {
        claim.forgetWays();
        if (outlet.replace(former, writer)) {
            former.abandon(); // with what is being written in it, which nobody would read
        }
    }

    /**
     * The edge to a consumer of the graph that is elsewhere, the first or another one: what waits in the former one stays there. If the output is closed, so is the edge.
     *
     * @param former null for none
     * @param isFormerLost whether who reads it does not come back
     */
    public void reconnect(@Nullable EdgeWriter former, EdgeWriter writer, boolean isFormerLost) {
        change(() -> {
            if (!outlet.reconnect(former, writer) || former == null) {
                return;
            }
            if (isFormerLost) {
                former.abandon(); // as in replace
            } else if (!claim.isIn(former)) { // else what is being written in it is to be committed yet
                former.close();
            }
        });
    }

    private void change(Runnable wiring) {
        owner.enter();
        try {
            claim.forgetWays();
            wiring.run();
        } finally {
            owner.leave();
        }
    }

    public Consumers consumers() {
        return outlet.consumers();
    }

    /** Before the start. */
    public void countBytes() {
        claim.countBytes();
    }

    /** Before the start: one of its consumers takes no larger payloads. */
    public void limitTo(int bytes, String why) {
        ways.limitTo(bytes, why);
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
        OutputClaim own = claim; // for the compiler: read once, it is the same one for all that the caller does with it
        return own.reopen(lengthBytes) ? own : claim(lengthBytes, NO_PARAMETERS);
    }

    @Override
    public Claim claim(int lengthBytes, Parameters parameters) {
        return claim(lengthBytes, encode(parameters));
    }

    private Claim claim(int length, byte[] parameters) {
        check(length, parameters.length);
        if (!ways.openInRing(length, parameters) && !await(length, parameters, Long.MAX_VALUE)) {
            ways.openAnyway(length, parameters, Way.NOWHERE);
        }
        return claim;
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes) {
        OutputClaim own = claim; // as above
        return own.reopen(lengthBytes) ? own : tryClaim(lengthBytes, NO_PARAMETERS);
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes, Parameters parameters) {
        return tryClaim(lengthBytes, encode(parameters));
    }

    private @Nullable Claim tryClaim(int length, byte[] parameters) {
        check(length, parameters.length);
        return ways.openInRing(length, parameters) || !isClosed() && ways.open(length, parameters) ? claim : null;
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return offer(payload, Parameters.EMPTY, PayloadFormat.BYTES);
    }

    SendResult offer(ByteBuffer payload, Parameters parameters, PayloadFormat format) {
        return tryClaim(payload.remaining(), parameters) == null ? refusal() : commit(payload, format);
    }

    /** For who waits for nobody: those consumers that have no room miss it, and the others get it. FULL if any has missed it, or there is no memory. */
    SendResult offerWhereRoom(ByteBuffer payload, PayloadFormat format) {
        SendResult result = offer(payload, Parameters.EMPTY, format);
        if (result != SendResult.FULL || !ways.openForSome(payload.remaining(), NO_PARAMETERS)) {
            return result;
        }
        commit(payload, format);
        return claim.isMissed() ? SendResult.FULL : SendResult.ACCEPTED;
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
        if (claim.reopen(payload.remaining())) {
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
        owner.checkMaySend(this);
        ways.checkLength(length);
        while (!isClosed()) {
            boolean hasRoom = hasRoom();
            if (hasRoom || owner.buffersOverflow()) {
                slab.retain();
                claim.again(slab, message.parametersLength(), length, hasRoom ? Way.MEMORY : Way.OVERFLOW);
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
        return outlet.hasRoom() && (awaitedBytes == 0 || outlet.fits(awaitedBytes));
    }

    /** Whether a message of this size would be taken now. */
    public boolean hasRoomFor(int length, int parametersLength) {
        return hasRoom() && outlet.fits(RecordLayout.bodyLength(parametersLength, length));
    }

    @Override
    public boolean isClosed() {
        return outlet.isClosed();
    }

    @Override
    public void close() {
        abortClaim();
        claim.forgetWays();
        outlet.close();
    }

    // For the owner's loop.

    /** Sends what waits, as far as there is room; true when nothing waits any more. */
    boolean flush() {
        return outlet.flush();
    }

    /** Whether {@link #flush} would get anything done. */
    boolean canFlush() {
        return outlet.canFlush();
    }

    /** How many messages may wait in the shallowest of its edges. */
    int depth() {
        return consumers().depth();
    }

    /** For a thread that waits for one or the other. */
    BooleanSupplier hasRoomOrIsClosed() {
        return hasRoomOrIsClosed;
    }

    boolean isOverflowing() {
        return outlet.isOverflowing();
    }

    /** How many messages wait here for room in the edges. */
    public int overflowing() {
        return outlet.overflowing();
    }

    /** Runs the action when nothing waits here for room any more: at once where nothing does now. */
    public void afterOverflow(Runnable action) {
        outlet.afterOverflow(action);
    }

    /** Gives a claim back that its node has left open. */
    void abortClaim() {
        if (claim.isOpen()) {
            claim.abort();
        }
    }

    /** The node has ended: consumers are told after the last message; what still waits for room is given up. */
    void end() {
        ways.warnOfOpenClaim();
        abortClaim();
        claim.forgetWays();
        outlet.end();
    }

    /** Bytes of large payloads that somebody holds. The owner. */
    long outstandingBytes() {
        return outlet.outstandingBytes();
    }

    /** Closed for who has kept it; its edges stay as they are, for another to {@link #inherit}. Idempotent. */
    void retire() {
        abortClaim();
        claim.forgetWays();
        outlet.retire();
    }

    /** Of a port that is retired: whether one of its edges cannot be written any more. */
    boolean isAnyBroken() {
        return outlet.isAnyBroken();
    }

    /** Takes over the edges of a port that is retired, and what waits in it for room. */
    void inherit(OutputPort former) {
        claim.forgetWays();
        outlet.inherit(former.outlet);
    }

    /** Messages sent, each counted once. Any thread. */
    public long sent() {
        return claim.sent();
    }

    /** Bytes of their payloads; 0 if they are not counted. Any thread. */
    long sentBytes() {
        return claim.sentBytes();
    }

    /** Opens the claim as soon as there is room; false if the output is closed, or the time has passed. */
    private boolean await(int length, byte[] parameters, long timeoutNs) {
        while (!isClosed()) {
            if (ways.open(length, parameters)) {
                return true;
            }
            if (owner.buffersOverflow()) {
                ways.openAnyway(length, parameters, Way.OVERFLOW);
                return true;
            }
            if (awaitRoom(RecordLayout.bodyLength(parameters.length, length), timeoutNs) == SendResult.FULL) {
                return false;
            }
        }
        return false;
    }

    private SendResult awaitRoom(int bodyLength, long timeoutNs) {
        awaitedBytes = outlet.isInline(bodyLength) ? 0 : bodyLength;
        try {
            return owner.awaitRoom(this, timeoutNs);
        } finally {
            awaitedBytes = 0;
        }
    }

    private void check(int length, int parametersLength) {
        owner.checkMaySend(this);
        ways.check(length, parametersLength);
    }

    private static byte[] encode(Parameters parameters) {
        return parameters.isEmpty() ? NO_PARAMETERS : ParameterCodec.encode(parameters);
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends OutputPort {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(String id, String name, PortOwner owner, Payloads payloads) {
            super(id, name, owner, payloads);
        }
    }
}
