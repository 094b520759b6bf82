/**
 * How a thread of a dataflow waits, and how others end its wait: for messages, for sockets as well, for its turn, for the start of all. {@code Waiting} is what a node
 * sees of it. Each object says which threads may use it; what a waiting thread keeps is its own.
 *
 * <p>Knows signals ({@code local.edge}) and durations, and nothing of nodes. {@code StreamPause} is asked for every message, so without allocation, locks or logging.
 */
@NullMarked
package io.millrace.local.waiting;

import org.jspecify.annotations.NullMarked;
