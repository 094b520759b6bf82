/**
 * What authors of nodes implement and are handed.
 *
 * <p>Code comes in two styles. An {@link io.millrace.node.Operator} is <em>reactive</em>: it is called back for each message and event, and never
 * blocks. A {@link io.millrace.node.Node} has its <em>own loop</em>: it runs, polls or waits for events, and returns when it is done. Either is
 * used by one thread only, the node's own, from {@code open} to {@code close}.
 *
 * <p>{@link io.millrace.node.Message}, {@link io.millrace.node.Claim}, {@link io.millrace.node.Batch} and {@link io.millrace.node.Event} are views that
 * are used again for the next message: hot, and free of allocation.
 */
@NullMarked
package io.millrace.node;

import org.jspecify.annotations.NullMarked;
