package io.millrace.local.agent;

import io.millrace.local.edge.WakeSignal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What others have one incarnation of a node do. Any thread posts; the node's thread takes what waits between two messages. */
public final class NodeOrders implements Notified {
    private final String nodeId;
    private final Commands commands;
    private final @Nullable WakeSignal signal;

    // Only ever from false to true.
    private volatile boolean isStopRequested;
    private volatile boolean isInterruptRequested;

    // Before the thread starts.
    private @Nullable NodeCode code;

    /**
     * @param commands perhaps those that the incarnation before has not taken any more
     * @param signal wakes the node's thread; null where nobody has to be told
     */
    NodeOrders(String nodeId, Commands commands, @Nullable WakeSignal signal) {
        this.nodeId = nodeId;
        this.commands = commands;
        this.signal = signal;
    }

    /** Before the thread starts. */
    void setCode(NodeCode nodeCode) {
        code = nodeCode;
    }

    // Any thread.

    public Commands commands() {
        return commands;
    }

    /** Has the node's thread run {@code command} between two messages; false if it has ended, and so never will. */
    public boolean post(Commands.Command command) {
        boolean isTaken = commands.add(command);
        if (isTaken) {
            wake();
        }
        return isTaken;
    }

    private void postToCode(Commands.CodeCommand command) {
        post(command);
    }

    /** Has the driving thread look whether there is something to do. */
    public void wake() {
        if (signal != null) {
            signal.signal();
        }
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
    public void announceStop() {
        isStopRequested = true;
    }

    /** Whether the node was told that the dataflow is being stopped, or is about to be. */
    public boolean isStopRequested() {
        return isStopRequested;
    }

    /** Has the node begin to end: its timers close, and without data inputs it stops. */
    public void postBeginStop() {
        isStopRequested = true;
        postToCode(NodeCode::beginStop);
    }

    /** Has the node stop before it takes another message. */
    public void postStop() {
        isStopRequested = true;
        postToCode(NodeCode::stop);
    }

    /**
     * Has the node end before it takes another message: see {@link NodeCode#endToRestart}. If it has ended by then, however that came, the next incarnation is none the worse for it.
     */
    public void postEndToRestart(RuntimeException why) {
        postToOwnCode(own -> own.endToRestart(why));
    }

    private void postToOwnCode(Commands.CodeCommand command) {
        @Nullable NodeCode own = code;
        postToCode(taker -> {
            if (taker == own) {
                command.run(taker);
            }
        });
    }

    /** The time of the stop is running out: see {@link NodeCode#terminate}. As above for the next incarnation. */
    public void postTerminate() {
        postToOwnCode(NodeCode::terminate);
    }

    /** See {@link NodeCode#endStraggler}. */
    public void postEndStraggler(long silentForNs, long graceNs) {
        isStopRequested = true;
        postToCode(taker -> taker.endStraggler(silentForNs, graceNs));
    }

    /** See {@link NodeCode#dismiss}. */
    public void postDismiss() {
        postToCode(NodeCode::dismiss);
    }

    /** Makes the node end at its next wait; whoever interrupts the thread calls this before. */
    public void requestInterrupt() {
        isInterruptRequested = true;
    }

    public boolean isInterruptRequested() {
        return isInterruptRequested;
    }

    // The node's thread.

    public boolean isAnyWaiting() {
        return commands.isAnyWaiting();
    }

    /** Carries out what others have posted; returns how much that was. If one fails, the others wait. */
    int carryOut() throws Exception {
        int count = 0;
        for (Commands.Command next = commands.poll(); next != null; next = commands.poll()) {
            run(next);
            count++;
        }
        return count;
    }

    /** As {@link #carryOut}, where no checked exception can be thrown. */
    public void carryOutUnchecked() {
        try {
            carryOut();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a command to node '" + nodeId + "' failed", e);
        }
    }

    /** Nothing is posted any more; what was is carried out, whatever becomes of those before. */
    void close(NodeFault failure) {
        commands.close();
        for (Commands.Command next = commands.poll(); next != null; next = commands.poll()) {
            Commands.Command command = next;
            failure.attempt(nodeId, () -> run(command));
        }
    }

    private void run(Commands.Command command) throws Exception {
        if (command instanceof Commands.CodeCommand forCode) {
            forCode.run(Objects.requireNonNull(code));
        } else {
            command.run();
        }
    }
}
