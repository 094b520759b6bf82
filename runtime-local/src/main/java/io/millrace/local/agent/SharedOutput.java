package io.millrace.local.agent;

import io.millrace.layout.HybridClock;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Claim;
import io.millrace.node.Clock;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An output that belongs to no node's thread: threads take turns to use it. One lock guards it, and is held for one message at a time, never while a thread waits for
 * anything.
 */
public abstract class SharedOutput implements PortOwner, EdgeSource {
    private final WakeSignal signal = new WakeSignal();
    private final ReentrantLock lock = new ReentrantLock();

    // Under the lock, once the dataflow runs.
    private final HybridClock clock;
    private final OutputPort port;

    /** @param onFirstGivenUp run once, when its first message is given up for want of memory */
    public SharedOutput(String id, String name, Clock clock, Runnable onFirstGivenUp, boolean debug) {
        this.clock = new HybridClock.Padded(clock);
        this.port = new OutputPort.Padded(
                id, name, this, new OutputPort.Payloads(OptionalLong.empty(), signal::signal, onFirstGivenUp, debug));
    }

    public final OutputPort port() {
        return port;
    }

    /** Any thread. FULL if a consumer that wants every message has no room for it. */
    public final SendResult offer(ByteBuffer payload, Parameters parameters, int formatCode) {
        enter();
        try {
            @Nullable Claim claim = port.tryClaim(payload.remaining(), parameters);
            if (claim == null) {
                return port.isClosed() ? SendResult.CLOSED : SendResult.FULL;
            }
            claim.putBytes(0, payload);
            claim.formatCode(formatCode).commit();
            return SendResult.ACCEPTED;
        } finally {
            leaveClaimless();
        }
    }

    /** As {@link #offer}, where nobody is to wait: who has no room misses the message, and the others get it. FULL if any has missed it. */
    protected final SendResult offerWhereRoom(ByteBuffer payload, PayloadFormat format) {
        enter();
        try {
            return port.offerWhereRoom(payload, format);
        } finally {
            leaveClaimless();
        }
    }

    /** Gives up what was claimed and not committed: else one message that could not be copied would keep all others from being sent. */
    public final void leaveClaimless() {
        port.abortClaim();
        leave();
    }

    /** Any thread. Idempotent; waits for the message that another thread is just sending, but never for room. */
    public void close() {
        enter();
        try {
            port.end();
        } finally {
            leave();
        }
        signal.signal();
    }

    // The source of an edge.

    /** What consumers signal when they have made room. */
    @Override
    public final WakeSignal signal() {
        return signal;
    }

    @Override
    public final String node() {
        return "";
    }

    @Override
    public final void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
        enter();
        try {
            port.replace(former, fresh.writer());
            whenReplaced.run();
        } finally {
            leave();
        }
        signal.signal();
    }

    // The output's owner.

    @Override
    public final void enter() {
        lock.lock();
    }

    @Override
    public final void leave() {
        lock.unlock();
    }

    @Override
    public final void checkMaySend(OutputPort output) {}

    @Override
    public final boolean buffersOverflow() {
        return false;
    }

    @Override
    public final void onOverflow(String output) {
        throw new AssertionError("a shared output has no overflow");
    }

    @Override
    public final SendResult awaitRoom(OutputPort output, long timeoutNs) {
        throw new AssertionError("nobody waits in a shared output");
    }

    @Override
    public final long timestamp() {
        clock.update();
        return clock.next();
    }

    @Override
    public final int incarnation() {
        return 0;
    }
}
