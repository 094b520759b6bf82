package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.local.waiting.Baton;
import io.millrace.local.waiting.StreamPause;
import io.millrace.local.waiting.Waiting;
import io.millrace.node.NodeInterruptedException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How a node's thread waits where there is nothing to do: what ends the wait, and what the time and the pulse have to know of it. Used by that thread only. */
public class NodeWaits extends Padding {
    private static final BooleanSupplier NEVER = () -> false;

    private final String nodeId;
    private final Waiting waiting;
    /** Given up whenever the context is used; null where the node runs freely. */
    private final @Nullable Baton baton;

    private final StreamPause streamPause;
    private final NodeOrders orders;
    private final NodeTime time;
    private final Pulse pulse;
    private final BooleanSupplier isWaitOver = this::isWaitOver;
    private BooleanSupplier awaited = NEVER;

    NodeWaits(String nodeId, Waiting waiting, NodeOrders orders, NodeTime time, Pulse pulse) {
        this.nodeId = nodeId;
        this.waiting = waiting;
        this.baton = waiting instanceof Baton own ? own : null;
        this.streamPause = new StreamPause.Padded(waiting.keepsCore());
        this.orders = orders;
        this.time = time;
        this.pulse = pulse;
    }

    /** Whether nobody else has to have a turn when the node does something. */
    boolean isFree() {
        return baton == null;
    }

    /** A message has come. */
    void onMessage() {
        streamPause.onMessage();
    }

    /** A cycle found no message. */
    void onIdleCycle() {
        streamPause.onIdleCycle();
    }

    /** An output has no room, and so many messages wait in it. */
    void onFull(int depth) {
        streamPause.onFull(depth);
    }

    /**
     * One step of doing nothing, after {@code idleCycles} cycles in a row without work.
     *
     * @param timeoutNs at most so long; {@link Long#MAX_VALUE} for until there is a signal
     * @param needsRoom whether it may be room in an edge that is waited for
     * @param isOver whether what is waited for is there; commands end the wait as well
     */
    public void idle(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
        if (awaited != isOver) { // storing references costs more than looking
            awaited = isOver;
        }
        boolean isInside = pulse.rest();
        boolean mayBeLate = waiting.step(idleCycles, timeoutNs, needsRoom, isWaitOver);
        pulse.resume(isInside);
        if (mayBeLate) {
            time.update();
        }
    }

    private boolean isWaitOver() {
        return orders.isAnyWaiting() || orders.isInterruptRequested() || awaited.getAsBoolean();
    }

    /** Before whatever does not wait, or need not: where nodes take turns, others have theirs. */
    void pause() {
        if (baton != null) {
            baton.pause();
            time.update();
        }
    }

    /** Waits so long; false if the dataflow is being stopped, as soon as that is so. */
    boolean sleep(long durationNs) {
        long beginNs = time.update();
        for (int cycles = 0; ; cycles++) {
            pulse.beat();
            orders.carryOutUnchecked();
            if (orders.isStopRequested()) {
                return false;
            }
            long leftNs = durationNs - (time.update() - beginNs);
            if (leftNs <= 0) {
                return true;
            }
            checkInterrupt("the end of a sleep", "");
            idle(cycles, leftNs, false, NEVER);
        }
    }

    /** Whether the thread was told to end at once. Takes the flag away: an interrupt that came from elsewhere would keep the thread from parking. */
    boolean takeInterrupt() {
        Thread.interrupted();
        return orders.isInterruptRequested();
    }

    /** Called again and again by a waiting thread, so the text of what it waits for is put together only where it is needed. */
    public void checkInterrupt(String waitingFor, String name) {
        if (orders.isInterruptRequested() || Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            throw new NodeInterruptedException("node '" + nodeId + "' was interrupted while it waited for " + waitingFor
                    + (name.isEmpty() ? "" : " '" + name + "'"));
        }
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends NodeWaits {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(String nodeId, Waiting waiting, NodeOrders orders, NodeTime time, Pulse pulse) {
            super(nodeId, waiting, orders, time, pulse);
        }
    }
}
