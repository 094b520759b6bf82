package io.millrace.local.run;

import io.millrace.layout.HybridClock;
import io.millrace.layout.Padding;
import io.millrace.local.code.ThrownText;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Clock;
import io.millrace.node.Message;
import io.millrace.node.NodeInterruptedException;
import io.millrace.node.SendResult;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Objects;
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
 * failure. All state belongs to the driving thread, but for the commands, which others post and it takes between two messages, and flags that only ever
 * go from false to true.
 */
class NodeAgent extends Padding implements Runnable, PortOwner, Notified {

    /** What the agent tells those who watch it; called on the agent's thread. */
    interface Watcher {
        void onOpening(NodeAgent agent);

        void onOpened(NodeAgent agent);

        void onRunning(NodeAgent agent);

        /** The last call. */
        void onEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart);
    }

    private static final int MAX_CALL_DEPTH = 64;
    private static final BooleanSupplier NEVER = () -> false;
    /** At the highest rates the clock is read once for so many messages. */
    private static final int MAX_SENDS_PER_READING = 32;

    /** So many are made more as long as they take less than this, and one as soon as they take longer than the other. */
    private static final long SHORT_NS = 2_000;

    private static final long LONG_NS = 8_000;

    /** Reading the clock costs more than to find nothing to do, so a spinning loop reads it once in so many cycles. */
    private static final int IDLE_CYCLES_PER_READING = 8;

    private final String nodeId;
    private final int incarnation;
    private final Clock clock;
    private final HybridClock hybridClock;
    private final StreamPause streamPause;
    private final Waiting waiting;
    /** Given up whenever the context is used; null where the node runs freely. */
    private final @Nullable Baton baton;

    private final boolean endsDespiteTimers;
    private final StartGate gate;
    private final Watcher watcher;
    private HandlingTimes handling;
    private final Pulse pulse = new Pulse.Padded();
    private final Commands commands;
    private final BooleanSupplier hasWork = this::hasWork;
    private final BooleanSupplier isWaitOver = this::isWaitOver;

    // Before the thread starts.
    private volatile boolean isSupervised;
    private boolean beatsWhenSending;

    // Written by others; only ever from false to true.
    private volatile boolean isStopRequested;
    private volatile boolean isInterruptRequested;
    private volatile boolean isLeftBehind;

    // The agent's thread.
    private @Nullable NodeCode code;
    private long nowNs;
    private long lastSendNs;
    private int sendsUntilReading;
    private int sendsPerReading = 1;
    private int idleCyclesUntilReading;
    private int callDepth;
    private int changes;
    private boolean isOpening;
    private boolean isStopping;
    private boolean isOver;
    private BooleanSupplier awaited = hasWork;
    private int batchLimit = InputBatch.LIMIT;
    private boolean isLastEventOut;
    private boolean isExhausted;
    private boolean isRetired;
    private @Nullable Throwable failure;
    private @Nullable IllegalStateException flood;
    private String failedPart;

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
        this.hybridClock = new HybridClock.Padded(clock);
        this.streamPause = new StreamPause.Padded(waiting.keepsCore());
        this.waiting = waiting;
        this.baton = waiting instanceof Baton own ? own : null;
        this.endsDespiteTimers = exitWhenNodesFinish;
        this.gate = gate;
        this.watcher = watcher;
        this.commands = commands;
        this.handling = new HandlingTimes.Padded(clock);
        this.failedPart = nodeId;
    }

    /** Between two cycles: the most messages of one input before the others have their turn. */
    void batchLimit(int messages) {
        batchLimit = messages;
    }

    int batchLimit() {
        return batchLimit;
    }

    /** Before the thread starts. */
    void setCode(NodeCode nodeCode) {
        code = nodeCode;
        beatsWhenSending = !nodeCode.isReactive();
    }

    /** When this incarnation has ended, whoever watches it decides what becomes of its edges, and calls {@link #settle} if no other follows. */
    void setSupervised() {
        isSupervised = true;
    }

    /** Before the code is made. */
    void setHandling(HandlingTimes times) {
        handling = times;
    }

    String nodeId() {
        return nodeId;
    }

    Clock clock() {
        return clock;
    }

    HandlingTimes handling() {
        return handling;
    }

    @Nullable WakeSignal signal() {
        return waiting.signal();
    }

    Waiting waiting() {
        return waiting;
    }

    Commands commands() {
        return commands;
    }

    Pulse pulse() {
        return pulse;
    }

    // Any thread.

    /** Whether the node was told that the dataflow is being stopped, or is about to be. */
    boolean isStopRequested() {
        return isStopRequested;
    }

    /** Has the agent's thread run {@code command} between two messages; false if it has ended, and so never will. */
    boolean post(Commands.Command command) {
        boolean isTaken = commands.add(command);
        if (isTaken) {
            wake();
        }
        return isTaken;
    }

    private void postToCode(Commands.CodeCommand command) {
        post(command);
    }

    /** Has the node told that one which feeds it has failed. */
    @Override
    public void postNodeFailed(String node, String error, List<String> inputs) {
        postToCode(taker -> taker.onNodeFailed(node, error, inputs));
    }

    /** Has the node told that one which feeds it runs again. */
    @Override
    public void postNodeRestarted(String node) {
        postToCode(taker -> taker.onNodeRestarted(node));
    }

    /** The node is going to be told to stop. */
    void announceStop() {
        isStopRequested = true;
    }

    /** Has the node begin to end: its timers close, and without data inputs it stops. */
    void postBeginStop() {
        isStopRequested = true;
        postToCode(NodeCode::beginStop);
    }

    /** Has the node stop before it takes another message. */
    void postStop() {
        isStopRequested = true;
        postToCode(NodeCode::stop);
    }

    /** Has the node fail before it takes another message. */
    void postFail(RuntimeException why) {
        postToCode(code -> {
            throw why;
        });
    }

    /** The time of the stop is running out: see {@link NodeCode#terminate}. */
    void postTerminate() {
        postToCode(NodeCode::terminate);
    }

    /** See {@link NodeCode#endStraggler}. */
    void postEndStraggler(long silentForNs, long graceNs) {
        isStopRequested = true;
        postToCode(code -> code.endStraggler(silentForNs, graceNs));
    }

    /** See {@link NodeCode#dismiss}. */
    void postDismiss() {
        postToCode(NodeCode::dismiss);
    }

    /** Makes the agent end at its next wait; whoever interrupts the thread calls this before. */
    void requestInterrupt() {
        isInterruptRequested = true;
    }

    boolean isInterruptRequested() {
        return isInterruptRequested;
    }

    /** Has the driving thread look whether there is something to do. */
    void wake() {
        WakeSignal signal = waiting.signal();
        if (signal != null) {
            signal.signal();
        }
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
                    idle(idleCycles, untilDueNs(), hasWork);
                    idleCycles = Math.min(idleCycles + 1, Integer.MAX_VALUE - 1);
                }
            }
        }
        close();
    }

    /** Opens the node, which may block; false if that has failed. Then, and when the start is aborted, {@link #close} follows. */
    boolean open() {
        watcher.onOpening(this);
        isOpening = true;
        try {
            code().open();
        } catch (Throwable t) { // whatever a node throws fails the node, and nothing else
            fail(code().currentPart(), t);
            return false;
        } finally {
            isOpening = false;
        }
        watcher.onOpened(this);
        return true;
    }

    /** Every node is open. */
    void begin() {
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
    int work() {
        try {
            return code().work();
        } catch (Throwable t) { // as above
            end(t);
            return 1;
        }
    }

    /** Whether there is no further cycle. */
    boolean isOver() {
        return isOver || code().isOver();
    }

    /** Whether the next cycle would find something to do, by the time as it was read last. */
    boolean hasWork() {
        return commands.isAnyWaiting() || isInterruptRequested || code().hasWork();
    }

    /** Nanoseconds until a timer is due, from the time as it was read last; {@link Long#MAX_VALUE} for never. */
    long untilDueNs() {
        return code().untilDueNs();
    }

    /** The last step, once: each part of it is tried, whatever came of those before. */
    void close() {
        NodeCode nodeCode = code();
        handling.leave();
        Throwable first = failure;
        if (first != null && !isLeftBehind) {
            attempt(nodeId, () -> nodeCode.onFailure(describe(first)));
        }
        isLastEventOut = nodeCode.isLastEventOut();
        isExhausted = nodeCode.isExhausted();
        isRetired = isSupervised;
        attempt(nodeId, isRetired ? nodeCode::retirePorts : nodeCode::endPorts);
        // An interrupt has done its work: it is not to cut short what is given back now.
        Thread.interrupted();
        nodeCode.close();
        if (!isRetired) {
            settle(List.of());
        }
        watcher.onEnded(this, failure, failedPart);
    }

    /**
     * No other incarnation follows: nothing is posted any more, and what was is done with. On the thread that has ended, or on that of the one who was told of it.
     *
     * @param ports that still wait for an heir
     */
    void settle(List<NodePorts> ports) {
        for (NodePorts each : ports) {
            attempt(nodeId, each::end);
        }
        commands.close();
        for (Commands.Command next = commands.poll(); next != null; next = commands.poll()) {
            Commands.Command command = next;
            attempt(nodeId, () -> run(command));
        }
    }

    /** Its thread does not come back, and another incarnation takes its place: it has nothing more to say. Any thread. */
    void leaveBehind() {
        isLeftBehind = true;
    }

    /** Tells those it feeds that the incarnation before has failed, which could not say so itself. Before its own thread starts. */
    void tellFailed(Throwable why) {
        code().onFailure(describe(why));
    }

    /** The last command to one that was left behind: whatever its code does, it comes to an end. */
    void endPorts() {
        code().endPorts();
    }

    /** Whether it was told the last that a node is told. Once it has ended. */
    boolean isLastEventOut() {
        return isLastEventOut;
    }

    /** Whether nothing could come any more when it ended. Once it has ended. */
    boolean isExhausted() {
        return isExhausted;
    }

    /** Whether its edges wait for another incarnation, or for {@link #settle}. Once it has ended. */
    boolean isRetired() {
        return isRetired;
    }

    private void end(Throwable thrown) {
        isOver = true;
        failUnlessInterrupted(code().currentPart(), thrown);
    }

    private NodeCode code() {
        return Objects.requireNonNull(code);
    }

    /** What the action throws fails the node, but does not come out here. */
    void attempt(String part, Commands.Command action) {
        try {
            action.run();
        } catch (Throwable t) { // whatever a node throws fails the node, and nothing else
            failUnlessInterrupted(part, t);
        }
    }

    private void failUnlessInterrupted(String part, Throwable t) {
        if (!isInterruptRequested || !isInterruption(t) && !isInterruption(t.getCause())) {
            fail(part, t);
        }
    }

    private static boolean isInterruption(@Nullable Throwable t) {
        return t instanceof NodeInterruptedException
                || t instanceof InterruptedException
                || t instanceof ClosedByInterruptException;
    }

    /** What was thrown, in one line. */
    static String describe(Throwable t) {
        return t instanceof ProgramException ? String.valueOf(t.getMessage()) : ThrownText.of(t);
    }

    /** The first failure counts; the others are kept with it. */
    void fail(String part, Throwable t) {
        if (failure == null) {
            failure = t;
            failedPart = part;
            onChange();
        } else if (failure != t) {
            failure.addSuppressed(t);
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Throws what {@link #fail} was told, so that the loop ends. */
    void throwIfFailed() throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
    }

    /** Runs what others have posted; returns how much that was. If one fails, the others wait. */
    int runCommands() throws Exception {
        int count = 0;
        for (Commands.Command next = commands.poll(); next != null; next = commands.poll()) {
            run(next);
            count++;
        }
        return count;
    }

    private void run(Commands.Command command) throws Exception {
        if (command instanceof Commands.CodeCommand forCode) {
            forCode.run(code());
        } else {
            command.run();
        }
    }

    /** Whether there is something to do before another message. */
    boolean isInterruptedByCommand() {
        return commands.isAnyWaiting() || failure != null;
    }

    /** A cycle of a loop that needs no exact time found nothing to do: reads the time now and then, so that what is sent next is not stamped with an old one. */
    void onIdleCycle() {
        streamPause.onIdleCycle();
        if (--idleCyclesUntilReading < 0) {
            update();
        }
    }

    /** Time has passed: the next message is not stamped with the old one. */
    void forgetTime() {
        sendsUntilReading = 0;
    }

    /** Reads the time. */
    long update() {
        idleCyclesUntilReading = IDLE_CYCLES_PER_READING - 1;
        nowNs = hybridClock.update();
        return nowNs;
    }

    /** The time as it was read last. */
    long nowNs() {
        return nowNs;
    }

    void onReceived(Message message) {
        onReceived(message.timestamp());
    }

    void onReceived(long timestamp) {
        hybridClock.receive(timestamp);
        streamPause.onMessage();
    }

    /** Whether a node that has timers is told that all its other inputs are closed. */
    boolean endsDespiteTimers() {
        return endsDespiteTimers || isStopping;
    }

    void setStopping() {
        isStopping = true;
    }

    // Calls between operators.

    boolean mayCallDeeper() {
        return callDepth < MAX_CALL_DEPTH;
    }

    void onCallBegin() {
        callDepth++;
        pulse.beat();
    }

    void onCallEnd() {
        callDepth--;
    }

    // Waiting.

    /**
     * One step of doing nothing, after {@code idleCycles} cycles in a row without work.
     *
     * @param timeoutNs at most so long; {@link Long#MAX_VALUE} for until there is a signal
     * @param isOver whether what is waited for is there; commands end the wait as well
     */
    void idle(int idleCycles, long timeoutNs, BooleanSupplier isOver) {
        if (awaited != isOver) { // storing references costs more than looking
            awaited = isOver;
        }
        boolean isInside = pulse.rest();
        boolean mayBeLate = waiting.step(idleCycles, timeoutNs, isWaitOver);
        pulse.resume(isInside);
        if (mayBeLate) {
            update();
        }
    }

    /** Before whatever does not wait, or need not: where nodes take turns, others have theirs. */
    void pause() {
        if (baton != null) {
            baton.pause();
            update();
        }
    }

    /** Waits so long; false if the dataflow is being stopped, as soon as that is so. */
    boolean sleep(long durationNs) {
        long beginNs = update();
        for (int cycles = 0; ; cycles++) {
            pulse.beat();
            runCommandsUnchecked();
            if (isStopRequested) {
                return false;
            }
            long leftNs = durationNs - (update() - beginNs);
            if (leftNs <= 0) {
                return true;
            }
            checkInterrupt("the end of a sleep", "");
            idle(cycles, leftNs, NEVER);
        }
    }

    private boolean isWaitOver() {
        return commands.isAnyWaiting() || isInterruptRequested || awaited.getAsBoolean();
    }

    /** Whether the thread was told to end at once. Takes the flag away: an interrupt that came from elsewhere would keep the thread from parking. */
    boolean takeInterrupt() {
        Thread.interrupted();
        return isInterruptRequested;
    }

    /** Called again and again by a waiting thread, so the text of what it waits for is put together only where it is needed. */
    void checkInterrupt(String waitingFor, String name) {
        if (isInterruptRequested || Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            throw new NodeInterruptedException("node '" + nodeId + "' was interrupted while it waited for " + waitingFor
                    + (name.isEmpty() ? "" : " '" + name + "'"));
        }
    }

    // The owner of the outputs.

    @Override
    public boolean isLeftBehind() {
        return isLeftBehind;
    }

    @Override
    public void checkMaySend(OutputPort port) {
        if (isOpening) {
            throw new IllegalStateException(
                    "output '" + port.name() + "': nothing can be sent in open, for not every node is open yet");
        }
        if (flood != null) {
            throw flood;
        }
        pause();
        // A node that only sends, and never has to wait, would else never take notice of anything.
        if (mustRunCommands()) {
            runCommandsUnchecked();
        }
    }

    @Override
    public @Nullable NodeAgent callingAgent() {
        return buffersOverflow() && baton == null && flood == null && !isOpening ? this : null;
    }

    @Override
    public @Nullable NodeAgent sendingAgent() {
        return baton == null && flood == null && !isOpening ? this : null;
    }

    /** Whether there are commands, and the node's loop does not see to them. */
    boolean mustRunCommands() {
        return beatsWhenSending && commands.isAnyWaiting();
    }

    /** How often something has changed that decides whether an operator of this node takes messages, or may send them. */
    int changes() {
        return changes;
    }

    /** See {@link #changes}. */
    void onChange() {
        changes++;
    }

    @Override
    public boolean buffersOverflow() {
        return code().isReactive();
    }

    @Override
    public void onOverflow(OutputPort port) {
        throw flooded(
                nodeId,
                "output '" + port.name() + "' was sent more than its consumers have room for: more than "
                        + RecordQueue.MAX_MESSAGES + " messages or " + RecordQueue.MAX_BYTES
                        + " bytes wait in it; send less in one callback, or give its consumers a larger queue_size");
    }

    /** Fails the node for good: whatever it sends from now on throws, so that even a callback without end comes to one. */
    IllegalStateException flooded(String part, String message) {
        IllegalStateException failed = new IllegalStateException(message);
        flood = failed;
        fail(part, failed);
        onChange();
        return failed;
    }

    @Override
    public SendResult awaitRoom(OutputPort port, long timeoutNs) {
        long beginNs = update();
        for (int cycles = 0; ; cycles++) {
            runCommandsUnchecked();
            pulse.beat();
            if (port.isClosed()) {
                return SendResult.CLOSED;
            }
            if (port.hasRoom()) {
                return SendResult.ACCEPTED;
            }
            long leftNs = timeoutNs == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNs - (update() - beginNs);
            if (leftNs <= 0) {
                return SendResult.FULL;
            }
            checkInterrupt("room in output", port.name());
            if (cycles == 0) {
                streamPause.onFull(port.depth());
            }
            idle(cycles, leftNs, port.hasRoomOrIsClosed());
        }
    }

    void runCommandsUnchecked() {
        try {
            runCommands();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a command to node '" + nodeId + "' failed", e);
        }
    }

    @Override
    public long timestamp() {
        if (beatsWhenSending) {
            pulse.beat();
        }
        return timestampOfCallback();
    }

    /** What {@link #timestamp} is for a node whose code does not show that it lives by sending. */
    long timestampOfCallback() {
        if (--sendsUntilReading < 0) {
            readForSends();
        }
        return hybridClock.next();
    }

    private void readForSends() {
        long now = update();
        long sinceNs = now - lastSendNs;
        lastSendNs = now;
        if (sinceNs > LONG_NS) {
            sendsPerReading = 1;
        } else if (sinceNs < SHORT_NS) {
            sendsPerReading = Math.min(2 * sendsPerReading, MAX_SENDS_PER_READING);
        }
        sendsUntilReading = sendsPerReading - 1;
    }

    @Override
    public int incarnation() {
        return incarnation;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends NodeAgent {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
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
