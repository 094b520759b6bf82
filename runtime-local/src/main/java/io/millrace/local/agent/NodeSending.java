package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.node.SendResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's thread as its outputs see it: whether a message may be sent now, and called on at once; its timestamp; and what is done where there is no room. Used by that thread only,
 * but for one flag.
 */
public class NodeSending extends Padding implements PortOwner {
    static final int MAX_CALL_DEPTH = 64;

    private final String nodeId;
    private final int incarnation;
    private final NodeOrders orders;
    private final NodeFault failure;
    private final NodeTime time;
    private final NodeWaits waits;
    private final Pulse pulse;

    // Before the thread starts. Only a reactive node's loop sees to commands and shows that it lives; one with its own
    // loop does when it sends.
    private boolean isReactive = true;

    // Before the thread starts: whether it is found out that another thread sends.
    private boolean isDebugging;

    // Written by others; only ever from false to true.
    private volatile boolean isLeftBehind;

    // The node's thread.
    private int callDepth;
    private final List<OutputClaim> toldOfChange = new ArrayList<>();
    private boolean isOpening;
    private boolean isMuted;
    private @Nullable IllegalStateException flood;
    private @Nullable Thread turn; // in debug mode; a thread that may not send looks at it without further ado

    NodeSending(
            String nodeId,
            int incarnation,
            NodeOrders orders,
            NodeFault failure,
            NodeTime time,
            NodeWaits waits,
            Pulse pulse) {
        this.nodeId = nodeId;
        this.incarnation = incarnation;
        this.orders = orders;
        this.failure = failure;
        this.time = time;
        this.waits = waits;
        this.pulse = pulse;
    }

    /** Before the thread starts. */
    void setReactive(boolean reactive) {
        isReactive = reactive;
    }

    /** Before the thread starts: a thread that sends out of turn is told so. */
    public void setDebugging() {
        isDebugging = true;
    }

    /** From now on the calling thread is the node's: nodes that share threads may go from one to another. */
    void takeTurn() {
        if (isDebugging) {
            turn = Thread.currentThread();
        }
    }

    /** While the node opens nothing can be sent. */
    void setOpening(boolean opening) {
        isOpening = opening;
    }

    /** Its thread does not come back, and another incarnation takes its place: what it sends reaches nobody. Any thread. */
    void leaveBehind() {
        isLeftBehind = true;
    }

    @Override
    public boolean isLeftBehind() {
        return isLeftBehind;
    }

    /** From now on whatever its code sends throws. */
    void mute() {
        isMuted = true;
        onChange();
    }

    // What an output remembers, until there is a change.

    @Override
    public @Nullable NodeSending calling() {
        return isReactive ? sending() : null;
    }

    @Override
    public @Nullable NodeSending sending() {
        return waits.isFree() && flood == null && !isOpening && !isMuted ? this : null;
    }

    /** The next {@link #onChange} is told to this claim. */
    void tellOfChange(OutputClaim claim) {
        toldOfChange.add(claim);
    }

    /** Something has changed that decides whether an operator of this node takes messages, or may send them. */
    void onChange() {
        for (int i = 0; i < toldOfChange.size(); i++) { // without a lambda: there may be no memory for its class
            toldOfChange.get(i).onChange();
        }
        toldOfChange.clear();
    }

    /** Whether others have given it something to look at before the next message is sent: neither is found out by {@link #onChange}. */
    boolean mustLook() {
        return isLeftBehind || mustRunCommands();
    }

    /** Whether there are commands, and the node's loop does not see to them. */
    boolean mustRunCommands() {
        return !isReactive && orders.isAnyWaiting();
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

    // Every message.

    @Override
    public void checkMaySend(OutputPort port) {
        if (isDebugging) {
            checkTurn(port);
        }
        if (isOpening) {
            throw new IllegalStateException(
                    "output '" + port.name() + "': nothing can be sent in open, for not every node is open yet");
        }
        if (isMuted) {
            throw new IllegalStateException(
                    "output '" + port.name() + "': nothing is sent any more, for its node has run out of memory");
        }
        if (flood != null) {
            throw flood;
        }
        waits.pause();
        if (!isReactive) {
            pulse.beat(); // where there is no room, nothing else shows that it lives
        }
        // A node that only sends, and never has to wait, would else never take notice of anything.
        if (mustRunCommands()) {
            orders.carryOutUnchecked();
        }
    }

    private void checkTurn(OutputPort port) {
        Thread owner = turn;
        Thread caller = Thread.currentThread();
        if (owner != caller && !port.isClosed()) { // where nothing is sent there is nothing to disturb
            throw new IllegalStateException("output '" + port.name() + "' is used by thread '" + caller.getName()
                    + "', but belongs to its node's own, "
                    + (owner == null ? "which has not started" : "'" + owner.getName() + "'")
                    + ": publish from other threads by 'millrace/app/NAME'");
        }
    }

    @Override
    public long timestamp() {
        if (!isReactive) {
            pulse.beat();
        }
        return time.stamp();
    }

    @Override
    public int incarnation() {
        return incarnation;
    }

    // Where there is no room.

    @Override
    public boolean buffersOverflow() {
        return isReactive;
    }

    @Override
    public void onOverflow(String output) {
        throw flooded(
                nodeId,
                "output '" + output + "' was sent more than its consumers have room for: more than "
                        + RecordQueue.MAX_MESSAGES + " messages or " + RecordQueue.MAX_BYTES
                        + " bytes wait in it; send less in one callback, or give its consumers a larger queue_size");
    }

    /** Fails the node for good: whatever it sends from now on throws, so that even a callback without end comes to one. */
    IllegalStateException flooded(String part, String message) {
        IllegalStateException failed = new IllegalStateException(message);
        flood = failed;
        failure.fail(part, failed);
        onChange();
        return failed;
    }

    @Override
    public SendResult awaitRoom(OutputPort port, long timeoutNs) {
        long beginNs = time.update();
        for (int cycles = 0; ; cycles++) {
            orders.carryOutUnchecked();
            pulse.beat();
            if (port.isClosed()) {
                return SendResult.CLOSED;
            }
            if (port.hasRoom()) {
                return SendResult.ACCEPTED;
            }
            long leftNs = timeoutNs == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNs - (time.update() - beginNs);
            if (leftNs <= 0) {
                return SendResult.FULL;
            }
            waits.checkInterrupt("room in output", port.name());
            if (cycles == 0) {
                waits.onFull(port.depth());
            }
            waits.idle(cycles, leftNs, true, port.hasRoomOrIsClosed());
        }
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends NodeSending {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
                String nodeId,
                int incarnation,
                NodeOrders orders,
                NodeFault failure,
                NodeTime time,
                NodeWaits waits,
                Pulse pulse) {
            super(nodeId, incarnation, orders, failure, time, waits, pulse);
        }
    }
}
