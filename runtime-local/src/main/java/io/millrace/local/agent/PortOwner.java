package io.millrace.local.agent;

import io.millrace.node.SendResult;
import org.jspecify.annotations.Nullable;

/** The thread that an output belongs to, as the output sees it: a node's agent, or a publisher of the application under its lock. */
interface PortOwner {

    /** @throws IllegalStateException if nothing may be sent now */
    void checkMaySend(OutputPort port);

    /**
     * What a node's thread is for its outputs, if {@link #checkMaySend} and {@link #isLeftBehind} are all there is to look at before a message is sent to operators of the same node, and the first of them
     * has nothing to say until its {@link NodeSending#onChange}; else null.
     */
    default @Nullable NodeSending calling() {
        return null;
    }

    /**
     * What a node's thread is for its outputs, if {@link NodeSending#mustRunCommands} is all there is to look at before a message is sent, until its {@link NodeSending#onChange}; else null.
     */
    default @Nullable NodeSending sending() {
        return null;
    }

    /** Whether messages without room wait in the output; else the owner waits for room. */
    boolean buffersOverflow();

    /** An output holds more waiting messages than it may. */
    void onOverflow(String output);

    /**
     * Waits until the output has room or is closed.
     *
     * @param timeoutNs how long; {@link Long#MAX_VALUE} for without end
     * @return FULL when the time has passed
     */
    SendResult awaitRoom(OutputPort port, long timeoutNs);

    /** Whether another has taken its place, so that what it sends reaches nobody. */
    default boolean isLeftBehind() {
        return false;
    }

    /** A timestamp for the next message. */
    long timestamp();

    /** Before a consumer is added by a thread that need not be the owner's; where an owner is many threads, it keeps the others out until {@link #leave}. */
    default void enter() {}

    /** After it. */
    default void leave() {}

    /** The incarnation that its messages carry. */
    int incarnation();
}
