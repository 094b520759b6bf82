package io.millrace.local.agent;

import java.util.List;

/**
 * What a node does: reactive operators, or a node with its own loop. Used by one thread at a time, which steps it.
 *
 * <pre>
 *   open, start, work until it is over, close
 * </pre>
 */
public interface NodeCode {

    /** Whether {@link #work} returns soon, and messages without room wait in the outputs. */
    boolean isReactive();

    /** Makes the instances and opens them. */
    void open() throws Exception;

    /** Every node is open: makes ready for the first cycle. */
    void start() throws Exception;

    /** One duty cycle, in which nothing waits; for a node with its own loop its whole life. Returns how much was done. */
    int work() throws Exception;

    /** Whether there is no further cycle. */
    boolean isOver();

    /** Whether the next cycle would find something to do, commands aside, by the time as it was read last. */
    boolean hasWork();

    /** Whether it may be for want of room in an edge that there is nothing to do. */
    boolean needsRoom();

    /** Nanoseconds until a timer is due, from the time as it was read last; {@link Long#MAX_VALUE} for never. */
    long untilDueNs();

    /** Closes the instances that were opened, and forgets them: from now on nothing of theirs is called. What they throw fails the node. */
    void close();

    /**
     * As {@link #close}, but before anything else of the end: what the instances hold may be all the memory that there is. Allocates nothing, and nothing is called afterwards that
     * is theirs.
     */
    default void closeAtOnce() {
        close();
    }

    /** The name of the node, or of the operator whose callback runs or ran last. */
    String currentPart();

    /** The node has failed: tells the consumers, and sends what there is room for. */
    void onFailure(String error);

    /** The node runs again: tells the consumers. */
    void onRestarted();

    /** Inputs and outputs close; idempotent. */
    void endPorts();

    /** Inputs and outputs close for this code only: their edges wait for the next incarnation. */
    void retirePorts();

    /** Whether the node's last event was given to it, whatever it made of that. */
    boolean isLastEventOut();

    /** Whether no message can come any more to any of its data inputs, of which it has some. */
    boolean isExhausted();

    /** Whether the node's own code runs, and still has a message of that input to look at. */
    default boolean isLookingAt(InputPort input) {
        return false;
    }

    // Commands, on the node's thread.

    /** The dataflow is being stopped. */
    void beginStop() throws Exception;

    /** This node is to stop at once. */
    void stop() throws Exception;

    /** This incarnation is to end, for the next one is to follow: fails, where there is no other way. */
    default void endToRestart(RuntimeException why) throws Exception {
        throw why;
    }

    /** This node was told to stop and has not: what it runs outside this JVM is told by the means of the operating system. */
    default void terminate() throws Exception {}

    /**
     * The dataflow is over but for this node, which can expect nothing more and has been silent for long: it is to end, and if it does not, what it runs outside this JVM
     * is ended.
     *
     * @param silentForNs how long that was
     * @param graceNs how long it has
     */
    default void endStraggler(long silentForNs, long graceNs) throws Exception {}

    /** Every node that the end waits for has ended: so does this one, as soon as it was told what is to tell. */
    default void dismiss() throws Exception {}

    /** A node that feeds this one has failed. */
    void onNodeFailed(String node, String error, List<String> inputs) throws Exception;

    /** A node that feeds this one runs again. */
    void onNodeRestarted(String node) throws Exception;
}
