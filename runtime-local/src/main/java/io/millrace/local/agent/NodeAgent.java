package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.Waiting;
import io.millrace.node.Clock;
import io.millrace.node.Message;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One incarnation of a node: its life in steps from {@code open} to {@code close}, and what its ports and its code share. What it does all the time is a
 * {@link NodeCode}.
 *
 * <pre>
 *   open() --true--> the start gate --opened--> begin() --> work() until isOver()
 *     |                    |                                      |
 *   false               aborted                                   |
 *     +--------------------+-------------> close() <--------------+
 * </pre>
 *
 * <p>Whoever drives it calls these in order: {@link #run} does, for a thread that is the node's alone. No step throws what the node throws: that is kept as its
 * failure. All state belongs to the driving thread, but for its {@link NodeOrders}, and flags that only ever go from false to true.
 *
 * <p>What its ports and its code use for every message is in classes of their own: {@link NodeSending}, {@link NodeTime}, {@link NodeWaits}, {@link NodeFault}.
 */
public class NodeAgent extends Padding implements Runnable {

    /** What the agent tells those who watch it; called on the agent's thread. */
    public interface Watcher {
        void onOpening(NodeAgent agent);

        void onOpened(NodeAgent agent);

        void onRunning(NodeAgent agent);

        /** The last call. */
        void onEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart);
    }

    private static final int NEEDED_BYTES = 256 << 10;
    private static final int MEMORY_LOOKS = 100;
    private static final long BETWEEN_MEMORY_LOOKS_NS = 10_000_000;
    private static final byte[] NO_MEMORY = {};

    private final String nodeId;
    private final int incarnation;
    private final Clock clock;
    private final Waiting waiting;
    private final boolean endsDespiteTimers;
    private final StartGate gate;
    private final Watcher watcher;
    private HandlingTimes handling;
    private final Pulse pulse = new Pulse.Padded();
    private final NodeOrders orders;
    private final NodeFault failure;
    private final NodeTime time;
    private final NodeWaits waits;
    private final NodeSending sending;
    private final BooleanSupplier hasWork = this::hasWork;

    // Only ever from false to true.
    private volatile boolean isSupervised;
    private volatile boolean isClosing; // after what is known of its end

    // The agent's thread.
    private @Nullable NodeCode code;
    private boolean isStopping;
    private boolean isOver;
    private int batchLimit = InputBatch.LIMIT;
    private boolean isLastEventOut;
    private boolean isExhausted;
    private boolean isRetired;

    @SuppressWarnings("UnusedVariable") // that it can be had is what counts
    private byte[] memory = NO_MEMORY;

    NodeAgent(
            String nodeId,
            int incarnation,
            Clock clock,
            Waiting waiting,
            boolean exitWhenNodesFinish,
            StartGate gate,
            Watcher watcher) {
        this(nodeId, incarnation, clock, waiting, exitWhenNodesFinish, gate, watcher, new Commands());
    }

    /** @param commands perhaps those that the incarnation before has not taken any more */
    NodeAgent(
            String nodeId,
            int incarnation,
            Clock clock,
            Waiting waiting,
            boolean exitWhenNodesFinish,
            StartGate gate,
            Watcher watcher,
            Commands commands) {
        this.nodeId = nodeId;
        this.incarnation = incarnation;
        this.clock = clock;
        this.waiting = waiting;
        this.endsDespiteTimers = exitWhenNodesFinish;
        this.gate = gate;
        this.watcher = watcher;
        this.handling = new HandlingTimes.Padded(clock);
        this.orders = new NodeOrders(nodeId, commands, waiting.signal());
        this.failure = new NodeFault(nodeId, orders, this::onFirstFailure);
        this.time = new NodeTime.Padded(clock);
        this.waits = new NodeWaits.Padded(nodeId, waiting, orders, time, pulse);
        this.sending = new NodeSending.Padded(nodeId, incarnation, orders, failure, time, waits, pulse);
    }

    /** Between two cycles: the most messages of one input before the others have their turn. */
    public void batchLimit(int messages) {
        batchLimit = messages;
    }

    int batchLimit() {
        return batchLimit;
    }

    /** Before the thread starts. */
    public void setCode(NodeCode nodeCode) {
        code = nodeCode;
        orders.setCode(nodeCode);
        sending.setReactive(nodeCode.isReactive());
    }

    /** When this incarnation has ended, whoever watches it decides what becomes of its edges, and calls {@link #settle} if no other follows. */
    public void setSupervised() {
        isSupervised = true;
    }

    /** Whether another incarnation may follow. Any thread. */
    public boolean isSupervised() {
        return isSupervised;
    }

    /** Before the code is made. */
    public void setHandling(HandlingTimes times) {
        handling = times;
    }

    public String nodeId() {
        return nodeId;
    }

    public Clock clock() {
        return clock;
    }

    public HandlingTimes handling() {
        return handling;
    }

    public @Nullable WakeSignal signal() {
        return waiting.signal();
    }

    public Waiting waiting() {
        return waiting;
    }

    /** What others have it do. */
    public NodeOrders orders() {
        return orders;
    }

    NodeFault failure() {
        return failure;
    }

    public NodeTime time() {
        return time;
    }

    public NodeWaits waits() {
        return waits;
    }

    /** The owner of its outputs. */
    public NodeSending sending() {
        return sending;
    }

    public Pulse pulse() {
        return pulse;
    }

    // The driving thread.

    /** Lives the whole life on this thread, which is the node's alone. */
    @Override
    public void run() {
        waiting.bind(Thread.currentThread());
        if (open() && gate.await()) {
            begin();
            for (int idleCycles = 0; !isOver(); ) {
                if (work() > 0) {
                    idleCycles = 0;
                } else if (!isOver()) {
                    onIdleCycle();
                    waits.idle(idleCycles, untilDueNs(), needsRoom(), hasWork);
                    idleCycles = Math.min(idleCycles + 1, Integer.MAX_VALUE - 1);
                }
            }
        }
        close();
    }

    /** Opens the node, which may block; false if that has failed. Then, and when the start is aborted, {@link #close} follows. */
    public boolean open() {
        sending.takeTurn();
        watcher.onOpening(this);
        sending.setOpening(true);
        try {
            code().open();
        } catch (Throwable t) { // whatever a node throws fails the node, and nothing else
            failOpening(code().currentPart(), t);
            return false;
        } finally {
            sending.setOpening(false);
        }
        watcher.onOpened(this);
        return true;
    }

    /** At the first start an interrupt is how it is told that it has failed. */
    private void failOpening(String part, Throwable t) {
        if (incarnation > 0) {
            failure.failUnlessInterrupted(part, t);
        } else {
            failure.fail(part, t);
        }
    }

    /** Every node is open. */
    public void begin() {
        sending.takeTurn();
        if (incarnation > 0) {
            code().onRestarted();
        }
        watcher.onRunning(this);
        update();
        try {
            code().start();
        } catch (Throwable t) { // as above
            end(t);
        }
    }

    /**
     * One duty cycle, after {@link #begin} and while it is not over. A reactive node does what there is to do now, and does not wait; one with its own loop runs
     * until that ends.
     *
     * @return how much was done; 0 if nothing
     */
    public int work() {
        sending.takeTurn();
        try {
            return code().work();
        } catch (Throwable t) { // as above
            end(t);
            return 1;
        }
    }

    /** Whether there is no further cycle. */
    public boolean isOver() {
        return isOver || code().isOver();
    }

    /** Whether the next cycle would find something to do, by the time as it was read last. */
    public boolean hasWork() {
        return orders.isAnyWaiting() || orders.isInterruptRequested() || code().hasWork();
    }

    /** Whether it may be for want of room in an edge that there is nothing to do. */
    public boolean needsRoom() {
        return code().needsRoom();
    }

    /** Nanoseconds until a timer is due, from the time as it was read last; {@link Long#MAX_VALUE} for never. */
    public long untilDueNs() {
        return code().untilDueNs();
    }

    /** The last step, once: each part of it is tried, whatever came of those before. */
    public void close() {
        NodeCode nodeCode = code();
        sending.takeTurn();
        handling.leave();
        @Nullable Throwable first = failure.thrown();
        if (first instanceof OutOfMemoryError) {
            sending.mute();
            nodeCode.closeAtOnce(); // the rest of the end needs some memory, too
            awaitMemory();
        }
        if (first != null && !sending.isLeftBehind()) {
            failure.attempt(nodeId, () -> nodeCode.onFailure(NodeFault.describe(first)));
        }
        isLastEventOut = nodeCode.isLastEventOut();
        isExhausted = nodeCode.isExhausted();
        isRetired = isSupervised;
        isClosing = true;
        failure.attempt(nodeId, isRetired ? nodeCode::retirePorts : nodeCode::endPorts);
        // An interrupt has done its work: it is not to cut short what is given back now.
        Thread.interrupted();
        pulse.enter(); // one that does not come back from there is to be found, too
        nodeCode.close();
        pulse.leave();
        if (!isRetired) {
            settle(List.of());
        }
        watcher.onEnded(this, failure.thrown(), failure.part());
    }

    /** Another node may have taken it all, and is about to give it back. Gives up after a second. */
    private void awaitMemory() {
        for (int i = 0; i < MEMORY_LOOKS; i++) {
            try {
                memory = new byte[NEEDED_BYTES];
                break;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(this, BETWEEN_MEMORY_LOOKS_NS);
            }
        }
        memory = NO_MEMORY;
    }

    /**
     * No other incarnation follows: nothing is posted any more, and what was is done with. On the thread that has ended, or on that of the one who was told of it.
     *
     * @param ports that still wait for an heir
     */
    public void settle(List<NodePorts> ports) {
        for (NodePorts each : ports) {
            failure.attempt(nodeId, each::end);
        }
        orders.close(failure);
    }

    /** Its thread does not come back, and another incarnation takes its place: it has nothing more to say. Any thread. */
    public void leaveBehind() {
        sending.leaveBehind();
    }

    /** Tells those it feeds that the incarnation before has failed, which could not say so itself. Before its own thread starts. */
    public void tellFailed(Throwable why) {
        code().onFailure(NodeFault.describe(why));
    }

    /** The last command to one that was left behind: whatever its code does, it comes to an end. */
    public void endPorts() {
        code().endPorts();
    }

    /** Whether it was told the last that a node is told, though it has not ended yet. Any thread. */
    public boolean wasToldTheEnd() {
        return isClosing ? isLastEventOut : code().isLastEventOut();
    }

    /** Whether nothing is left of it but to give back what its code has taken. Any thread. */
    public boolean isClosing() {
        return isClosing;
    }

    /** Whether it was told the last that a node is told. Once it has ended. */
    public boolean isLastEventOut() {
        return isLastEventOut;
    }

    /** Whether nothing could come any more when it ended. Once it has ended. */
    public boolean isExhausted() {
        return isExhausted;
    }

    /** Whether its edges wait for another incarnation, or for {@link #settle}. Once it has ended. */
    public boolean isRetired() {
        return isRetired;
    }

    private void end(Throwable thrown) {
        isOver = true;
        failure.failUnlessInterrupted(code().currentPart(), thrown);
    }

    private NodeCode code() {
        return Objects.requireNonNull(code);
    }

    /** As {@link NodeCode#isLookingAt}. */
    boolean isLookingAt(InputPort input) {
        return code != null && code.isLookingAt(input);
    }

    private void onFirstFailure() {
        sending.onChange();
    }

    /** Whether there is something to do before another message. */
    boolean isInterruptedByCommand() {
        return orders.isAnyWaiting() || failure.hasFailed();
    }

    /** A cycle of a loop that needs no exact time found nothing to do. */
    public void onIdleCycle() {
        waits.onIdleCycle();
        time.onIdleCycle();
    }

    /** Reads the time. */
    public long update() {
        return time.update();
    }

    /** The time as it was read last. */
    public long nowNs() {
        return time.nowNs();
    }

    void onReceived(Message message) {
        onReceived(message.timestamp());
    }

    public void onReceived(long timestamp) {
        time.onReceived(timestamp);
        waits.onMessage();
    }

    /** Whether a node that has timers is told that all its other inputs are closed. */
    public boolean endsDespiteTimers() {
        return endsDespiteTimers || isStopping;
    }

    void setStopping() {
        isStopping = true;
    }

    public int incarnation() {
        return incarnation;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends NodeAgent {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(
                String nodeId,
                int incarnation,
                Clock clock,
                Waiting waiting,
                boolean exitWhenNodesFinish,
                StartGate gate,
                Watcher watcher,
                Commands commands) {
            super(nodeId, incarnation, clock, waiting, exitWhenNodesFinish, gate, watcher, commands);
        }
    }
}
