package io.millrace.local.agent;

import io.millrace.layout.EventView;
import io.millrace.layout.Padding;
import io.millrace.local.code.InstanceSource;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A node with its own loop, and the events that it polls. Used by the node's thread only. */
public class OwnLoop extends Padding implements NodeCode {
    private final NodeAgent agent;
    private final FailureNotices consumers;
    private final InstanceSource<Node> source;
    private final NodePorts ports;
    private final InputPort[] inputs;
    private final boolean hasDataInputs;
    private final boolean hasTimers;
    private final EventView event = new EventView();
    private final BooleanSupplier hasEvent = this::hasWork;
    private final Queue<Notice> notices = new ArrayDeque<>();
    private final Commands.Command closing = this::closeNode; // made before there is no memory for it

    private @Nullable NodeContext context;
    private @Nullable Node node;
    private @Nullable Thread thread; // while its code runs; another thread that looks finds that it is not this one
    private @Nullable InputPort inHand; // if isInHand
    private boolean isInHand;
    private long handlingBeginNs;
    private int firstInput;
    private boolean isStarted;
    private boolean isOver;
    private boolean isStopDue;
    private volatile boolean isLastEventOut; // read by any

    public OwnLoop(NodeAgent agent, FailureNotices consumers, InstanceSource<Node> source, NodePorts ports) {
        this.agent = agent;
        this.consumers = consumers;
        this.source = source;
        this.ports = ports;
        this.inputs = ports.inputs().toArray(InputPort[]::new);
        this.hasDataInputs = ports.hasDataInputs();
        this.hasTimers = ports.hasTimers();
    }

    /** That another node has failed, or runs again. */
    private record Notice(String node, @Nullable NodeFailure failure) {}

    /** Before the thread starts. */
    public void setContext(NodeContext nodeContext) {
        context = nodeContext;
    }

    @Override
    public boolean isReactive() {
        return false;
    }

    @Override
    public void open() throws Exception {
        Node created = source.create();
        node = created;
        created.open(Objects.requireNonNull(context));
    }

    @Override
    public void start() {
        for (InputPort input : inputs) {
            input.start(agent.nowNs());
        }
        isStarted = true;
    }

    @Override
    public int work() throws Exception {
        isOver = true;
        thread = Thread.currentThread();
        agent.orders().carryOutUnchecked(); // what was attached before the first message is to see it
        agent.pulse().enter();
        try {
            Objects.requireNonNull(node).run(Objects.requireNonNull(context));
        } finally {
            agent.pulse().leave();
        }
        return 1;
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    @Override
    public void close() {
        agent.failure().attempt(agent.nodeId(), closing);
    }

    private void closeNode() throws Exception {
        Node over = node;
        node = null;
        if (over != null) {
            over.close();
        }
    }

    @Override
    public String currentPart() {
        return agent.nodeId();
    }

    @Override
    public void onFailure(String error) {
        consumers.send(agent.nodeId(), error);
    }

    @Override
    public void onRestarted() {
        consumers.sendRestarted(agent.nodeId());
    }

    @Override
    public void retirePorts() {
        isLastEventOut = true;
        isInHand = false;
        ports.retire();
    }

    @Override
    public boolean isLastEventOut() {
        return isLastEventOut;
    }

    @Override
    public boolean isExhausted() {
        return hasDataInputs
                && ports.inputs().stream().filter(InputPort::isDataInput).allMatch(InputPort::isDrained);
    }

    @Override
    public void endPorts() {
        isLastEventOut = true;
        isInHand = false;
        ports.end();
    }

    // Commands.

    @Override
    public void beginStop() {
        agent.setStopping();
        for (InputPort input : ports.inputs()) {
            input.closeTimer();
        }
        if (!hasDataInputs) {
            isStopDue = true;
        }
    }

    @Override
    public void stop() {
        agent.setStopping();
        isStopDue = true;
    }

    @Override
    public void endToRestart(RuntimeException why) {
        if (!(node instanceof OutsideNode)) {
            throw why;
        }
        agent.orders().announceStop();
        stop();
    }

    @Override
    public void terminate() {
        if (node instanceof OutsideNode outside) {
            outside.terminate();
        }
    }

    @Override
    public void endStraggler(long silentForNs, long graceNs) {
        stop();
        if (node instanceof OutsideNode outside) {
            outside.endStraggler(silentForNs, graceNs);
        }
    }

    @Override
    public void dismiss() {
        if (node instanceof OutsideNode outside) {
            outside.dismiss();
        }
    }

    @Override
    public void onNodeFailed(String failed, String error, List<String> inputNames) {
        List<Input> affected = ports.inputs().stream()
                .filter(input -> inputNames.contains(input.name()))
                .<Input>map(input -> input)
                .toList();
        notices.add(new Notice(failed, new NodeFailure(failed, error, affected)));
    }

    @Override
    public void onNodeRestarted(String restarted) {
        notices.add(new Notice(restarted, null));
    }

    // Polling.

    void checkStarted(String what) {
        if (!isStarted) {
            throw new IllegalStateException(
                    "node '" + agent.nodeId() + "': " + what + " in open, for messages flow when every node is open");
        }
    }

    public @Nullable Event poll() {
        checkStarted("nothing can be polled");
        agent.pulse().beat();
        finishMessage();
        if (hasTimers) {
            agent.update();
        }
        agent.orders().carryOutUnchecked();
        @Nullable Event found = isLastEventOut ? null : nextEvent();
        if (found == null) {
            agent.onIdleCycle();
        }
        return found;
    }

    /** Whoever looks whether it is to stop lives; another thread that does says nothing about the node's. Any thread. */
    void onLook() {
        if (Thread.currentThread() == thread) {
            agent.pulse().beat();
        }
    }

    boolean hasEnded() {
        checkStarted("nothing can have ended");
        return isLastEventOut;
    }

    /** Waits for an event; null after the last one, or when the time has passed. */
    @Nullable Event next(long timeoutNs) {
        boolean isBounded = timeoutNs != Long.MAX_VALUE;
        long beginNs = isBounded ? agent.update() : 0;
        for (int cycles = 0; ; cycles++) {
            @Nullable Event found = poll();
            if (found != null || isLastEventOut) {
                return found;
            }
            agent.waits().checkInterrupt("an event", "");
            long leftNs = isBounded ? timeoutNs - (agent.update() - beginNs) : Long.MAX_VALUE;
            if (leftNs <= 0) {
                return null;
            }
            agent.waits().idle(cycles, Math.min(leftNs, untilDueNs()), needsRoom(), hasEvent);
        }
    }

    private @Nullable Event nextEvent() {
        if (isStopDue) {
            isLastEventOut = true;
            return event.of(Event.Type.STOP, null, null);
        }
        Notice notice = notices.poll();
        if (notice != null) {
            return notice.failure == null ? event.ofRestarted(notice.node) : event.of(notice.failure);
        }
        for (int i = 0; i < inputs.length; i++) {
            InputPort input = inputs[firstInput];
            firstInput = firstInput + 1 == inputs.length ? 0 : firstInput + 1;
            @Nullable Event found = eventOf(input);
            if (found != null) {
                return found;
            }
        }
        if (isFinished()) {
            isLastEventOut = true;
            for (InputPort input : inputs) {
                input.endSource();
            }
            return event.of(Event.Type.ALL_INPUTS_CLOSED, null, null);
        }
        return null;
    }

    private @Nullable Event eventOf(InputPort input) {
        if (input.isClosedForGood()) {
            return null;
        }
        if (input.isSilent() && input.hasNext(agent.nowNs())) {
            input.markRecovered();
            return event.of(Event.Type.INPUT_RECOVERED, input, null);
        }
        @Nullable Message message = input.next(agent.nowNs());
        if (message != null) {
            agent.onReceived(message);
            if (inHand != input) {
                inHand = input;
            }
            isInHand = true;
            handlingBeginNs = agent.handling().begin();
            return event.ofMessage(input, message);
        }
        // A notice of a failure is posted before the edge closes, and must be heard before it is found closed.
        if (input.isNewlyDrained() && !agent.isInterruptedByCommand()) {
            input.markClosed();
            return input.isSilent() ? null : event.of(Event.Type.INPUT_CLOSED, input, null);
        }
        if (input.isNewlySilent(agent.nowNs())) {
            input.markSilent();
            return event.of(Event.Type.INPUT_CLOSED, input, null);
        }
        return null;
    }

    private void finishMessage() {
        if (isInHand) {
            agent.handling().end(handlingBeginNs, 1);
            isInHand = false;
            Objects.requireNonNull(inHand).release();
        }
    }

    @Override
    public boolean isLookingAt(InputPort input) {
        return isInHand && inHand == input;
    }

    private boolean isFinished() {
        if (!hasDataInputs) {
            return false;
        }
        for (InputPort input : inputs) {
            if (!input.isClosedForGood() && (input.isDataInput() || !agent.endsDespiteTimers())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasWork() {
        if (isStopDue || !notices.isEmpty()) {
            return true;
        }
        for (InputPort input : inputs) {
            if (!input.isClosedForGood()
                    && (input.hasNext(agent.nowNs()) || input.isNewlyDrained() || input.isNewlySilent(agent.nowNs()))) {
                return true;
            }
        }
        return false;
    }

    /** Who waits for room does so where it sends. */
    @Override
    public boolean needsRoom() {
        return false;
    }

    @Override
    public long untilDueNs() {
        long until = Long.MAX_VALUE;
        for (InputPort input : inputs) {
            until = Math.min(until, input.untilDueNs(agent.nowNs()));
        }
        return until;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends OwnLoop {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(NodeAgent agent, FailureNotices consumers, InstanceSource<Node> source, NodePorts ports) {
            super(agent, consumers, source, ports);
        }
    }
}
