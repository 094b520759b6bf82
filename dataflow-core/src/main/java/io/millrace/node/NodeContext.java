package io.millrace.node;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What a node knows and may do. Used by the node's own thread only, except where a method says otherwise. */
public interface NodeContext {
    /** The most that {@link #checkpoint} takes. */
    int MAX_CHECKPOINT_BYTES = 64 * 1024;

    /** The dataflow's name. Any thread. */
    String dataflow();

    /** The node's id. Any thread. */
    String nodeId();

    /** The operator's id; empty for a node that is not made of operators. Any thread. */
    String operatorId();

    /** 0 for the first start of this node, one more for each restart. Any thread. */
    int incarnation();

    /**
     * A number that grows whenever the node is placed anew on a cluster: a fencing token for effects outside the dataflow. Who takes such effects, a database or a device, and
     * remembers the largest number that came with one, refuses those of a node that was given up for lost and has not noticed yet. 0 where nobody places nodes. Any
     * thread.
     */
    default long epoch() {
        return 0;
    }

    /** The directory that the node's relative paths are meant against: absolute, and never simply the JVM's own. Any thread. */
    Path workingDirectory();

    /** The node's {@code config} mapping. Any thread. */
    Config config();

    /** The variables of the {@code env} keys of the node and the dataflow, without those of the process. Any thread. */
    Map<String, String> env();

    /** In the order written. Any thread. */
    List<Input> inputs();

    /** @throws IllegalArgumentException if there is no such input; the message lists those there are */
    Input input(String id);

    /** In the order written. Any thread. */
    List<Output> outputs();

    /** @throws IllegalArgumentException if there is no such output; the message lists those there are */
    Output output(String id);

    /** The time by which this node lives; under the test kit it stands still until it is moved. Any thread. */
    Clock clock();

    /** Named after the dataflow and the node. Any thread. */
    Logger logger();

    /**
     * Leaves {@code state} to the next incarnation of this node or operator, in place of what was left before. What remains in it is copied, and its position
     * stays where it is. Does not wait for a disk: there, at most ten a second are written, the last one for certain unless the process is killed. Cheap
     * enough to be called for each message: it copies, and allocates only to hold more than ever before.
     *
     * @throws IllegalArgumentException if it has more than {@link #MAX_CHECKPOINT_BYTES} bytes
     */
    void checkpoint(ByteBuffer state);

    /**
     * What the incarnation before has left by {@link #checkpoint}, read-only and little-endian; empty if that was nothing. For the first incarnation it is what an
     * earlier run has left, if that was started with a state directory and has not finished.
     */
    Optional<ByteBuffer> restored();

    /** Whether the dataflow is being stopped. Any thread; for work between two polls that takes long, in which it is a sign of life. */
    boolean isStopping();

    /**
     * The next event, if there is one: never blocks, but spins for some five microseconds where it has just caught up with a dense stream of messages, so that they
     * gather. For a {@link Node} only.
     *
     * @return a view that is valid until the next call of {@code poll} or {@code next}, or null if nothing waits, or nothing comes any more: see {@link #hasEnded}
     * @throws IllegalStateException if called by an {@link Operator}, or in {@code open}
     */
    @Nullable Event poll();

    /**
     * Waits for the next event. For a {@link Node} only.
     *
     * @return a view that is valid until the next call of {@code poll} or {@code next}, or null when there will be none:
     *     after {@link Event.Type#STOP} and after {@link Event.Type#ALL_INPUTS_CLOSED}
     * @throws IllegalStateException if called by an {@link Operator}, or in {@code open}
     * @throws NodeInterruptedException if the node's thread is interrupted, as it is at the end of a stop's grace
     */
    @Nullable Event next();

    /**
     * Waits for the next event, but not longer than {@code timeout}. For a {@link Node} only.
     *
     * @return as {@link #next()}, or null when the time has passed: {@link #hasEnded} tells the two apart
     * @throws IllegalStateException as {@link #next()}
     * @throws NodeInterruptedException as {@link #next()}
     */
    @Nullable Event next(Duration timeout);

    /**
     * Whether the last event was given: {@code poll} and {@code next} return null from now on. For a {@link Node} only, whose loop ends by it where null also means that nothing waits.
     *
     * @throws IllegalStateException if called by an {@link Operator}, or in {@code open}
     */
    boolean hasEnded();

    /**
     * Waits until {@code duration} has passed by {@link #clock()}, or until the dataflow is being stopped: a loop that works at intervals ends with
     * {@code while (context.sleep(interval))}. Takes no event; a message in hand stays valid. For a {@link Node} only.
     *
     * @return false, at once, if the dataflow is being stopped
     * @throws IllegalStateException if called by an {@link Operator}, or in {@code open}
     * @throws NodeInterruptedException if the node's thread is interrupted, as it is at the end of a stop's grace
     */
    boolean sleep(Duration duration);
}
