package io.millrace.node;

import org.jspecify.annotations.Nullable;

/**
 * The messages that wait at one input, taken one after the other. Valid until {@link Operator#onBatch} returns.
 *
 * <p>Not meant to be extended outside Millrace.
 */
public abstract class Batch {
    protected Batch() {}

    /**
     * Never blocks, never allocates.
     *
     * @return the next message, valid until the next call, or null when none waits or when an output of the node has no room for what its
     *     handling may send
     */
    public abstract @Nullable Message next();
}
