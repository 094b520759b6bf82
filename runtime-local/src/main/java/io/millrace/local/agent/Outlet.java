package io.millrace.local.agent;

import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where messages leave an output: its consumers, what waits for room in them, the memory for what is too large to travel inside the edges, and whether it is closed. Used by the
 * output's owner only. Nothing here is written for a message that finds room.
 *
 * <p>Where the pool's budget is used up, edges that may lose messages give up their oldest slabs; if that is not enough there is no room.
 *
 * <p>What an incarnation of a node leaves to the next one is all of this: see {@link #retire} and {@link #inherit}.
 */
final class Outlet {
    private final String outputName;
    private final PortOwner owner;
    private final OutputPort.Payloads payloads;
    private Consumers consumers;
    private RecordQueue overflow = new RecordQueue();
    private List<Runnable> behindOverflow = new ArrayList<>(0);
    private boolean isClosing;
    private boolean isEnded;
    private boolean hasGivenUp;
    private @Nullable Retired retired;

    /** What waits for the next incarnation. */
    private record Retired(
            Consumers consumers,
            RecordQueue overflow,
            List<Runnable> behindOverflow,
            boolean isClosing,
            boolean isEnded) {}

    Outlet(String outputName, PortOwner owner, OutputPort.Payloads payloads) {
        this.outputName = outputName;
        this.owner = owner;
        this.payloads = payloads;
        this.consumers = new Consumers(outputName, newPool());
    }

    private SlabPool newPool() {
        return new SlabPool(
                "output '" + outputName + "'", payloads.budgetBytes(), payloads.onReturned(), payloads.debug());
    }

    Consumers consumers() {
        return consumers;
    }

    /** Adds an operator of the same node. Where the output came to its end in an incarnation before, there is nobody else to tell it. */
    void connect(DirectEdge edge) {
        consumers.connect(edge);
        if (isEnded) {
            edge.onSourceClosed();
        }
    }

    // Consumers that come and go. If the output is closed, so are their edges.

    void attach(EdgeWriter writer) {
        if (isClosed()) {
            writer.close();
        } else {
            consumers.attach(writer);
        }
    }

    void watch(EdgeWriter writer) {
        if (isClosed()) {
            writer.close();
        } else {
            consumers.watch(writer);
        }
    }

    /** Whether the other edge has taken the former one's place; if that is gone, the other is closed. */
    boolean replace(EdgeWriter former, EdgeWriter writer) {
        boolean isReplaced = consumers.replace(former, writer);
        if (!isReplaced) {
            writer.close();
        }
        return isReplaced;
    }

    /** Whether the other edge has taken the former one's place; if there is none, it is one more. */
    boolean reconnect(@Nullable EdgeWriter former, EdgeWriter writer) {
        if (isClosing || owner.isLeftBehind()) {
            writer.close();
            return false;
        }
        boolean isReplaced = former != null && consumers.replace(former, writer);
        if (!isReplaced) {
            consumers.connect(writer);
        }
        return isReplaced;
    }

    // Room.

    /** Whether a message that travels inside the edges would be taken now. */
    boolean hasRoom() {
        return overflow.isEmpty() && consumers.haveRoom();
    }

    /** Whether a body travels inside the edges, and needs no memory. */
    boolean isInline(int bodyLength) {
        return bodyLength <= consumers.inlineLimit();
    }

    /** Whether there is memory for a body now, if it needs any. */
    boolean fits(int bodyLength) {
        return isInline(bodyLength) || consumers.pool().fits(bodyLength);
    }

    /** Whether there can be memory for a body, if it needs any. */
    boolean canEverHold(int bodyLength) {
        return isInline(bodyLength) || consumers.pool().canEverHold(bodyLength);
    }

    long budgetBytes() {
        return consumers.pool().budgetBytes();
    }

    /** Bytes of large payloads that somebody holds. */
    long outstandingBytes() {
        return consumers.pool().outstandingBytes();
    }

    /** Memory within the budget, if need be by giving up what waits in edges that may lose messages; null if there is none. */
    @Nullable Slab claimSlab(int bodyLength) {
        @Nullable Slab body = consumers.pool().claim(bodyLength);
        while (body == null && giveUpOldest()) {
            body = consumers.pool().claim(bodyLength);
        }
        return body;
    }

    /** Memory for a message that has to wait, if need be beyond the budget. */
    Slab claimSlabAnyway(int bodyLength) {
        // Behind one that waits for memory nothing may take memory away.
        @Nullable Slab body = overflow.isBeyondBudget() ? null : consumers.pool().claim(bodyLength);
        return body == null ? consumers.pool().claimUncounted(bodyLength) : body;
    }

    private boolean giveUpOldest() {
        boolean isGivenUp = consumers.giveUpOldest();
        if (isGivenUp && !hasGivenUp) {
            hasGivenUp = true;
            payloads.onFirstGivenUp().run();
        }
        return isGivenUp;
    }

    // What waits for room.

    boolean isOverflowing() {
        return !overflow.isEmpty();
    }

    /** How many messages wait. */
    int overflowing() {
        return overflow.count();
    }

    /** Runs the action when nothing waits any more, be it that there was room or that it was given up: at once where nothing waits now. */
    void afterOverflow(Runnable action) {
        if (overflow.isEmpty()) {
            action.run();
        } else {
            behindOverflow.add(action);
        }
    }

    /** Nothing waits any more. */
    private void onOverflowGone() {
        while (!behindOverflow.isEmpty()) {
            behindOverflow.remove(0).run();
        }
    }

    /**
     * Keeps a record until there is room. Beyond the limit the owner has failed, and what its callback still sends is not kept.
     *
     * @return whether this one went beyond the limit
     */
    boolean putAside(ByteBuffer record, int offset, @Nullable Slab body) {
        if (!overflow.isWithinLimits()) {
            return false;
        }
        overflow.append(record, offset, body);
        return !overflow.isWithinLimits();
    }

    /** Sends what waits, as far as there is room; true when nothing waits any more. */
    boolean flush() {
        while (!overflow.isEmpty()) {
            if (!consumers.haveRoom() || !countFirst()) {
                return false;
            }
            consumers.write(overflow.region(), overflow.firstOffset(), overflow.firstBody());
            overflow.take();
            overflow.release();
            if (overflow.isEmpty()) {
                onOverflowGone();
            }
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

    /** Whether {@link #flush} would get anything done. */
    boolean canFlush() {
        if (overflow.isEmpty() || !consumers.haveRoom()) {
            return false;
        }
        @Nullable Slab body = overflow.firstBody();
        return body == null || consumers.pool().canCount(body);
    }

    // The end.

    /** Whether nothing that is sent reaches anybody any more. */
    boolean isClosed() {
        return isClosing || consumers.isDeserted() || owner.isLeftBehind();
    }

    /** Tells the consumers, after the last message that waits. */
    void close() {
        isClosing = true;
        flush();
    }

    /** Tells them now: what still waits for room is given up. */
    void end() {
        overflow.clear();
        onOverflowGone();
        close();
        consumers.pool().close();
    }

    /** Closed for who has kept it; the edges stay as they are, for another to {@link #inherit}. Idempotent. */
    void retire() {
        if (retired == null) {
            consumers.settle();
            retired = new Retired(consumers, overflow, behindOverflow, isClosing, isEnded);
            consumers = new Consumers(outputName, newPool());
            overflow = new RecordQueue();
            behindOverflow = new ArrayList<>(0);
            isClosing = true;
            isEnded = true;
        }
    }

    /** Whether an edge that was put aside cannot be written any more: see {@link EdgeWriter#isBroken}. */
    boolean isAnyBroken() {
        return retired != null && retired.consumers.isAnyBroken();
    }

    /** Takes over the edges of one that is retired, and what waits there for room. */
    void inherit(Outlet former) {
        Retired from = Objects.requireNonNull(former.retired, "only what is retired is inherited");
        consumers = from.consumers;
        consumers.forgetDirectEdges();
        overflow = from.overflow;
        behindOverflow = from.behindOverflow;
        isClosing = from.isClosing;
        isEnded = from.isEnded;
        former.retired = null;
    }
}
