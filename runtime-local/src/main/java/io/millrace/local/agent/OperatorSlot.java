package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.local.code.EndsItself;
import io.millrace.local.pool.Slab;
import io.millrace.node.Batch;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reactive operator in its node: its ports, and where it is in its life. Used by the node's thread only.
 *
 * <pre>
 *   RUNNING --all inputs closed, stop--> FLUSHING --nothing waits in its outputs--> ENDED
 * </pre>
 */
class OperatorSlot extends Padding {
    private enum Stage {
        RUNNING,
        FLUSHING,
        ENDED
    }

    /** So often in a row messages are offered of which none is taken; from then on only now and then. */
    private static final int OFFERS = 16;

    private static final long OFFER_AGAIN_NS = 1_000_000;
    private static final OutputPort[] NO_OUTPUTS = {};
    private static final Operator NONE = new Operator() {};

    private final String name;
    private Operator operator;
    private final NodeAgent agent;
    private final InputPort[] inputs;
    private final OutputPort[] outputs;
    private final InputBatch[] batches;
    private final int[] declined; // how often in a row what waits at an input was offered and not taken
    private boolean isAnyDeclined;
    private final boolean hasDataInputs;
    private final @Nullable EndsItself ending;

    /** The outputs that a callback may send to: its own, and those of operators that it calls directly. */
    private OutputPort[] reach = NO_OUTPUTS;

    private Stage stage = Stage.RUNNING;
    private boolean takesBatches; // of what it gets by calls
    private boolean isOnStack;
    private volatile boolean isLastEventOut; // read by any
    private int firstInput;

    OperatorSlot(String name, Operator operator, NodeAgent agent, List<InputPort> inputs, List<OutputPort> outputs) {
        this.name = name;
        this.operator = operator;
        this.agent = agent;
        this.inputs = inputs.toArray(InputPort[]::new);
        this.outputs = outputs.toArray(OutputPort[]::new);
        this.batches = new InputBatch[this.inputs.length];
        this.declined = new int[this.inputs.length];
        boolean anyData = false;
        for (int i = 0; i < batches.length; i++) {
            batches[i] = new InputBatch.Padded(this, this.inputs[i], agent);
            anyData |= this.inputs[i].isDataInput();
        }
        this.hasDataInputs = anyData;
        this.ending = operator instanceof EndsItself some ? some : null;
    }

    /** Another operator of this node calls it: before the first call. */
    void expectCalls() {
        takesBatches = takesBatches(operator);
    }

    /** Once all operators of the node are wired. */
    void findReach() {
        Set<OperatorSlot> reached = new LinkedHashSet<>(List.of(this));
        List<OperatorSlot> open = new ArrayList<>(reached);
        while (!open.isEmpty()) {
            for (OutputPort output : open.remove(open.size() - 1).outputs) {
                for (DirectEdge edge : output.consumers().directEdges()) {
                    if (reached.add(edge.target())) {
                        open.add(edge.target());
                    }
                }
            }
        }
        List<OutputPort> reachable = new ArrayList<>();
        for (OperatorSlot slot : reached) {
            reachable.addAll(List.of(slot.outputs));
        }
        reach = reachable.toArray(NO_OUTPUTS);
    }

    String name() {
        return name;
    }

    Operator operator() {
        return operator;
    }

    boolean hasEnded() {
        return stage != Stage.RUNNING;
    }

    /** Whether its last event, that all inputs are closed or the stop, was given to it, whatever it made of that. */
    boolean isLastEventOut() {
        return isLastEventOut;
    }

    boolean isGone() {
        return stage == Stage.ENDED;
    }

    /** Whether every output that a callback may send to has room for a message. */
    boolean canRun() {
        for (OutputPort output : reach) {
            if (!output.hasRoom()) {
                return false;
            }
        }
        return true;
    }

    // The loop.

    void start(long nowNs) {
        for (InputPort input : inputs) {
            input.start(nowNs);
        }
    }

    /** One cycle; returns how much was done. */
    int work() throws Exception {
        boolean isFlushed = flush();
        if (stage == Stage.FLUSHING && isFlushed) {
            end();
            return 1;
        }
        if (stage != Stage.RUNNING || !isFlushed) {
            return 0;
        }
        int work = 0;
        for (int i = 0; i < inputs.length && stage == Stage.RUNNING; i++) {
            work += workInput((firstInput + i) % inputs.length);
        }
        firstInput = inputs.length == 0 ? 0 : (firstInput + 1) % inputs.length;
        if (hasEndedItself()) {
            become(Stage.FLUSHING);
            return work + 1;
        }
        return work + checkAllInputsClosed();
    }

    private boolean hasEndedItself() {
        return ending != null && stage == Stage.RUNNING && ending.hasEnded();
    }

    private int workInput(int i) throws Exception {
        InputPort input = inputs[i];
        if (input.isClosedForGood() || hasEndedItself()) {
            return 0;
        }
        if (input.hasNext(agent.nowNs())) {
            return canRun() ? handle(input, batches[i]) : 0;
        }
        if (input.isNewlySilent(agent.nowNs()) && canRun()) {
            input.markSilent();
            call(() -> operator.onInputClosed(input));
            return 1;
        }
        // A notice of a failure is posted before the edge closes, and must be heard before it is found closed.
        if (input.isNewlyDrained() && !agent.isInterruptedByCommand() && canRun()) {
            input.markClosed();
            if (!input.isSilent()) { // else it was told
                call(() -> operator.onInputClosed(input));
            }
            return 1;
        }
        return 0;
    }

    private int handle(InputPort input, InputBatch batch) throws Exception {
        if (input.isSilent()) {
            recover(input);
            return 1; // what that has sent may have left no room
        }
        long beginNs = agent.handling().begin();
        batch.begin();
        isOnStack = true;
        agent.pulse().enter();
        try {
            operator.onBatch(input, batch);
        } finally {
            agent.pulse().leave();
            isOnStack = false;
        }
        input.release();
        agent.handling().end(beginNs, batch.count());
        countDeclined(input.index(), batch.count());
        return batch.count();
    }

    /** What one input brings is what the others may have been waited for. */
    private void countDeclined(int input, int taken) {
        if (taken == 0) {
            isAnyDeclined = true;
            declined[input] = Math.min(OFFERS, declined[input] + 1);
        } else if (isAnyDeclined) {
            isAnyDeclined = false;
            Arrays.fill(declined, 0);
        }
    }

    private boolean isDeclined(InputPort input) {
        return declined[input.index()] == OFFERS;
    }

    private long untilDueNs(InputPort input, long nowNs) {
        return isDeclined(input) && input.hasNext(nowNs) ? OFFER_AGAIN_NS : input.untilDueNs(nowNs);
    }

    private void recover(InputPort input) throws Exception {
        input.markRecovered();
        call(() -> operator.onInputRecovered(input));
    }

    private int checkAllInputsClosed() throws Exception {
        if (!isFinished() || !canRun()) {
            return 0;
        }
        isLastEventOut = true;
        for (InputPort input : inputs) {
            input.endSource();
        }
        call(operator::onAllInputsClosed);
        become(Stage.FLUSHING);
        return 1;
    }

    private boolean isFinished() {
        if (stage != Stage.RUNNING || !hasDataInputs) {
            return false;
        }
        for (InputPort input : inputs) {
            if (!input.isClosedForGood() && (input.isDataInput() || !agent.endsDespiteTimers())) {
                return false;
            }
        }
        return true;
    }

    private boolean flush() {
        boolean isFlushed = true;
        for (OutputPort output : outputs) {
            isFlushed &= output.flush();
        }
        return isFlushed;
    }

    /** Whether the next cycle would do anything. */
    boolean hasWork(long nowNs) {
        if (stage == Stage.ENDED) {
            return false;
        }
        boolean isOverflowing = false;
        for (OutputPort output : outputs) {
            isOverflowing |= output.isOverflowing();
            if (output.canFlush()) {
                return true;
            }
        }
        if (isOverflowing) {
            return false;
        }
        return stage == Stage.FLUSHING || hasEndedItself() || canRun() && (hasInputWork(nowNs) || isFinished());
    }

    private boolean hasInputWork(long nowNs) {
        for (InputPort input : inputs) {
            if (!input.isClosedForGood()
                    && (input.hasNext(nowNs) && !isDeclined(input)
                            || input.isNewlyDrained()
                            || input.isNewlySilent(nowNs))) {
                return true;
            }
        }
        return false;
    }

    /** Nanoseconds until a timer is due, if it is then listened to: who has no room is signalled when there is some. */
    long untilDueNs(long nowNs) {
        long until = Long.MAX_VALUE;
        if (stage == Stage.RUNNING && canRun()) {
            for (InputPort input : inputs) {
                until = Math.min(until, untilDueNs(input, nowNs));
            }
        }
        return until;
    }

    /** Whether messages of other operators of this node are handled by calls, as long as there is no change in the node. */
    boolean takesCalls(InputPort input) {
        return !isPastMessages() && ending == null && !input.hasTimeout();
    }

    /** Whether nothing here is in the way of such a call at this moment. */
    boolean isFree(InputPort input) {
        return !isOnStack && !input.hasWaiting();
    }

    /** A message from another operator of this node, at the begin of {@code record}: handled within this call if that is possible. */
    void deliver(InputPort input, ByteBuffer record, @Nullable Slab body) {
        if (isPastMessages()) {
            input.countPutAside();
        } else if (isFree(input) && agent.sending().mayCallDeeper()) {
            deliverByCall(input, record, body);
        } else {
            putAside(input, record, body);
        }
    }

    private boolean isPastMessages() {
        return stage != Stage.RUNNING || hasEndedItself() || agent.failure().hasFailed();
    }

    private void deliverByCall(InputPort input, ByteBuffer record, @Nullable Slab body) {
        if (input.isSilent()) {
            recoverByCall(input);
        }
        if (isPastMessages()) {
            input.countPutAside();
        } else {
            Message message = input.direct(record, body);
            agent.sending().onCallBegin();
            call(input, message);
            agent.sending().onCallEnd();
            input.endDirect();
        }
    }

    private void putAside(InputPort input, ByteBuffer record, @Nullable Slab body) {
        input.countPutAside();
        input.enqueue(record, 0, body);
        if (!input.isWithinLimits()) {
            agent.sending()
                    .flooded(
                            name,
                            "more than " + RecordQueue.MAX_MESSAGES + " messages or " + RecordQueue.MAX_BYTES
                                    + " bytes wait at input '" + input.name()
                                    + "', which is fed by an operator of the same node");
        }
    }

    private void recoverByCall(InputPort input) {
        input.markRecovered();
        isOnStack = true;
        agent.sending().onCallBegin();
        try {
            operator.onInputRecovered(input);
        } catch (Throwable t) { // as below
            agent.failure().failInCall(name, t);
        } finally {
            agent.sending().onCallEnd();
            isOnStack = false;
        }
    }

    /** Calls the operator, which is free, with a message of another of this node. */
    void call(InputPort input, Message message) {
        isOnStack = true;
        try {
            if (takesBatches) {
                InputBatch batch = batches[input.index()];
                batch.begin(message);
                operator.onBatch(input, batch);
            } else {
                operator.onInput(input, message);
            }
        } catch (Throwable t) { // whatever the receiver throws must not come out in the sender
            agent.failure().failInCall(name, t);
        } finally {
            isOnStack = false;
        }
    }

    /** Whether an operator has its own way with batches: else it can be handed a message without one. */
    private static boolean takesBatches(Operator operator) {
        try {
            return operator.getClass()
                            .getMethod("onBatch", Input.class, Batch.class)
                            .getDeclaringClass()
                    != Operator.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    // Events.

    void onNodeFailed(String node, String error, List<String> inputIds) throws Exception {
        List<Input> affected = new ArrayList<>();
        for (InputPort input : inputs) {
            if (inputIds.contains(input.name())) {
                affected.add(input);
            }
        }
        if (stage == Stage.RUNNING && !affected.isEmpty()) {
            call(() -> operator.onNodeFailed(new NodeFailure(node, error, affected)));
        }
    }

    void onNodeRestarted(String node) throws Exception {
        if (stage == Stage.RUNNING && hasInputFrom(node)) {
            call(() -> operator.onNodeRestarted(node));
        }
    }

    private boolean hasInputFrom(String node) {
        for (InputPort input : inputs) {
            if (input.isFedBy(node)) {
                return true;
            }
        }
        return false;
    }

    /** The dataflow is being stopped: timers close, and who has no data inputs ends. */
    void beginStop() throws Exception {
        for (InputPort input : inputs) {
            input.closeTimer();
        }
        if (!hasDataInputs) {
            stop();
        }
    }

    void stop() throws Exception {
        if (stage == Stage.RUNNING) {
            isLastEventOut = true;
            call(operator::onStop);
            become(Stage.FLUSHING);
        }
    }

    /** A callback other than for messages; an operator that it calls does not call back into it. */
    private void call(Commands.Command callback) throws Exception {
        isOnStack = true;
        agent.pulse().enter();
        try {
            callback.run();
        } finally {
            agent.pulse().leave();
            isOnStack = false;
        }
    }

    /** Nothing more is called, and inputs and outputs close; idempotent. */
    void end() {
        become(Stage.ENDED);
        for (OutputPort output : outputs) {
            output.end();
        }
        for (InputPort input : inputs) {
            input.end();
        }
    }

    private void become(Stage next) {
        stage = next;
        agent.sending().onChange();
    }

    /** Nothing of the operator is called any more, and what it holds is the garbage collector's. */
    void forget() {
        operator = NONE;
    }

    /** Sends what there is room for, before the outputs of a failed node close. */
    void flushOnce() {
        for (OutputPort output : outputs) {
            output.abortClaim();
            output.flush();
        }
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends OperatorSlot {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(String name, Operator operator, NodeAgent agent, List<InputPort> inputs, List<OutputPort> outputs) {
            super(name, operator, agent, inputs, outputs);
        }
    }
}
