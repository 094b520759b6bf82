package io.millrace.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who holds nodes up: a node whose code has run for a while with one thing, or a reader of the application that takes nothing from an edge that is full.
 *
 * @param holder what it is
 * @param name a node's id; for a tap or a subscription the output that it reads
 * @param edges those on which messages wait for it, such as {@code camera/frame -> detector/image}; none if it holds up nobody but itself
 * @param heldFor at least so long: from when it was first seen so
 * @param stack where its thread stands; empty for a subscription that nobody polls, or that is another application's
 * @param machine on which a node runs; empty where there is one only, and for readers
 */
public record Stall(
        Holder holder,
        String name,
        List<String> edges,
        Duration heldFor,
        List<StackTraceElement> stack,
        Optional<String> machine) {

    public Stall {
        edges = List.copyOf(edges);
        stack = List.copyOf(stack);
    }

    /** On the only machine that there is. */
    public Stall(Holder holder, String name, List<String> edges, Duration heldFor, List<StackTraceElement> stack) {
        this(holder, name, edges, heldFor, stack, Optional.empty());
    }

    /** Who may hold a node up. */
    public enum Holder {
        NODE,
        /** A {@link Tap}, such as a recorder. */
        TAP,
        /** A {@link Subscription}. */
        SUBSCRIPTION
    }

    /** For people, on several lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(subject()).append(heldFor);
        if (holder == Holder.NODE && !edges.isEmpty()) {
            text.append(" and holds up ").append(String.join(", ", edges));
        }
        stack.forEach(frame -> text.append("\n\tat ").append(frame));
        return text.toString();
    }

    private String subject() {
        String named = holder.name().toLowerCase(Locale.ROOT) + " '" + name + "' ";
        return holder == Holder.NODE
                ? named + machine.map(id -> "on machine '" + id + "' ").orElse("") + "has been busy with one thing for "
                : "the " + holder.name().toLowerCase(Locale.ROOT) + " of '" + name
                        + "' takes nothing, and its full edge has held up who sends for ";
    }
}
