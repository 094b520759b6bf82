package io.millrace.runtime;

import io.millrace.graph.GraphInput;
import io.millrace.graph.QueuePolicy;
import java.util.Objects;

/** What a subscription's edge does when messages come faster than they are taken. */
public record SubscribeOptions(QueuePolicy policy, int queueSize) {
    /** The oldest of ten gives way. */
    public static final SubscribeOptions DEFAULT =
            new SubscribeOptions(QueuePolicy.DROP_OLDEST, GraphInput.DEFAULT_QUEUE_SIZE);

    /** @throws IllegalArgumentException if the queue size is out of bounds, or not 1 for {@link QueuePolicy#LATEST} */
    public SubscribeOptions {
        Objects.requireNonNull(policy, "policy");
        if (queueSize < 1 || queueSize > GraphInput.MAX_QUEUE_SIZE) {
            throw new IllegalArgumentException(
                    "queue size must be 1 to " + GraphInput.MAX_QUEUE_SIZE + ", found " + queueSize);
        }
        if (policy == QueuePolicy.LATEST && queueSize != 1) {
            throw new IllegalArgumentException("the policy latest keeps one message, found queue size " + queueSize);
        }
    }

    /** Nothing is lost; the node waits for the application. */
    public static SubscribeOptions backpressure(int queueSize) {
        return new SubscribeOptions(QueuePolicy.BACKPRESSURE, queueSize);
    }

    /** The newest {@code queueSize} messages wait. */
    public static SubscribeOptions dropOldest(int queueSize) {
        return new SubscribeOptions(QueuePolicy.DROP_OLDEST, queueSize);
    }

    /** Only the newest message waits. */
    public static SubscribeOptions latest() {
        return new SubscribeOptions(QueuePolicy.LATEST, 1);
    }
}
