package io.millrace.graph;

import java.time.Duration;
import java.util.Optional;

/**
 * One input of a node or operator.
 *
 * @param id unique among its owner's inputs
 * @param queueSize waiting messages at the most; 1 for {@link QueuePolicy#LATEST}
 * @param queueWritten whether the size or the policy was written: between operators of one node a written queue is a queue,
 *     where nothing is written a direct call stands for it
 * @param timeout after this long without a message the input counts as closed until the next one
 * @param type the type that the input declares, if any
 */
public record GraphInput(
        String id,
        InputSource source,
        QueuePolicy policy,
        int queueSize,
        boolean queueWritten,
        Optional<Duration> timeout,
        Optional<String> type,
        Location location) {
    /** dora's default. */
    public static final int DEFAULT_QUEUE_SIZE = 10;

    /** The largest {@code queue_size}. */
    public static final int MAX_QUEUE_SIZE = 1 << 20;

    GraphInput withSource(InputSource resolved) {
        return new GraphInput(id, resolved, policy, queueSize, queueWritten, timeout, type, location);
    }

    /** False for timers, which never close by themselves. */
    public boolean isDataInput() {
        return !(source instanceof InputSource.Timer);
    }
}
