package io.millrace.local.agent;

import io.millrace.local.code.ProgramException;
import io.millrace.local.code.ThrownText;
import io.millrace.node.NodeInterruptedException;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;

/** Whether and why one incarnation of a node has failed. Used by the node's thread, and once that has ended by whoever was told of it. */
public final class NodeFault {
    private final NodeOrders orders;
    private final Runnable onFirst;
    private @Nullable Throwable thrown;
    private String part;

    /** @param onFirst run when the node fails, before anything else of it */
    NodeFault(String nodeId, NodeOrders orders, Runnable onFirst) {
        this.part = nodeId;
        this.orders = orders;
        this.onFirst = onFirst;
    }

    /** What was thrown, in one line. */
    public static String describe(Throwable t) {
        return t instanceof ProgramException ? String.valueOf(t.getMessage()) : ThrownText.of(t);
    }

    /** The first failure counts; the others are kept with it. */
    void fail(String failedPart, Throwable t) {
        if (thrown == null) {
            thrown = t;
            part = failedPart;
            onFirst.run();
        } else if (thrown != t) {
            keepBeside(thrown, t);
        }
    }

    private static void keepBeside(Throwable first, Throwable t) {
        try {
            first.addSuppressed(t);
        } catch (OutOfMemoryError e) { // then the first has to be enough
            return;
        }
    }

    /** What the action throws fails the node, but does not come out here. */
    void attempt(String attemptedPart, Commands.Command action) {
        try {
            action.run();
        } catch (Throwable t) { // whatever a node throws fails the node, and nothing else
            failUnlessInterrupted(attemptedPart, t);
        }
    }

    /** As {@link #fail}, but for what comes of an interrupt that was asked for. */
    void failUnlessInterrupted(String failedPart, Throwable t) {
        if (!isOfOrderedInterrupt(t)) {
            fail(failedPart, t);
        }
    }

    /** Likewise, where the callback of another operator is to go on: it finds itself interrupted as well. */
    void failInCall(String failedPart, Throwable t) {
        if (isOfOrderedInterrupt(t)) {
            Thread.currentThread().interrupt();
        } else {
            fail(failedPart, t);
        }
    }

    private boolean isOfOrderedInterrupt(Throwable t) {
        return orders.isInterruptRequested() && (isInterruption(t) || isInterruption(t.getCause()));
    }

    private static boolean isInterruption(@Nullable Throwable t) {
        return t instanceof NodeInterruptedException
                || t instanceof InterruptedException
                || t instanceof ClosedByInterruptException;
    }

    boolean hasFailed() {
        return thrown != null;
    }

    /** Throws what {@link #fail} was told, so that the loop ends. */
    void throwIfFailed() throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception) {
            throw exception;
        }
    }

    /** What was thrown first; null if nothing was. */
    @Nullable Throwable thrown() {
        return thrown;
    }

    /** The node or the operator that has failed; the node if nothing has. */
    String part() {
        return part;
    }
}
