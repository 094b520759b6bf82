package io.millrace.runtime;

import java.time.Duration;
import java.util.List;

/**
 * A node that holds others up: the same piece of its code has run for a while, and messages wait for it.
 *
 * @param node its id
 * @param edges those on which messages wait for it, such as {@code camera/frame -> detector/image}; none if it holds up nobody but itself
 * @param heldFor at least so long: from when it was first seen to run
 * @param stack where its thread stands
 */
public record Stall(String node, List<String> edges, Duration heldFor, List<StackTraceElement> stack) {

    public Stall {
        edges = List.copyOf(edges);
        stack = List.copyOf(stack);
    }

    /** For people, on several lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("node '" + node + "' has been busy with one thing for " + heldFor);
        if (!edges.isEmpty()) {
            text.append(" and holds up ").append(String.join(", ", edges));
        }
        stack.forEach(frame -> text.append("\n\tat ").append(frame));
        return text.toString();
    }
}
