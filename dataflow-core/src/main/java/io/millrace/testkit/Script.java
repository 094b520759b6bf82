package io.millrace.testkit;

import io.millrace.node.Event;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What will happen to a node with its own loop, and when. Waiting moves the clock: to the next event, or by the timeout. Used by the test's thread only.
 */
final class Script {
    /** Calls that find nothing left in the script before the node counts as one that never ends. */
    private static final int MAX_CALLS_AFTER_THE_END = 10_000_000;

    private static final long FOR_EVER = Subject.EventSource.FOR_EVER;

    private final ManualClock clock;
    private final Timers timers;
    private final Function<TestInput, TestEvent> tick;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    private long endNs;
    private int callsAfterTheEnd;
    private boolean finished;
    private @Nullable TestEvent current;

    /** @param tick makes the message of a timer */
    Script(ManualClock clock, Timers timers, Function<TestInput, TestEvent> tick) {
        this.clock = clock;
        this.timers = timers;
        this.tick = tick;
    }

    void add(TestEvent event) {
        entries.add(new Entry(endNs, event));
    }

    /** What is added from now on happens that much later. */
    void pause(long durationNs) {
        endNs = Math.addExact(endNs, durationNs);
    }

    /** Whether the last event was handed out. */
    boolean isFinished() {
        return finished;
    }

    boolean isStopDue() {
        Entry head = entries.peek();
        return head != null && head.dueNs <= clock.elapsedNanos() && head.event.type() == Event.Type.STOP;
    }

    /**
     * The next event, or null when the timeout has passed or there will be none.
     *
     * @throws IllegalStateException if there is nothing to wait for
     */
    @Nullable TestEvent await(long timeoutNs) {
        expireCurrent();
        if (finished) {
            return null;
        }
        countCallsAfterTheEnd();
        long deadline = timeoutNs == FOR_EVER ? FOR_EVER : after(timeoutNs);
        Optional<TestEvent> due = takeDue();
        while (due.isEmpty()) {
            long wakeUp = Math.min(nextDue(), deadline);
            if (wakeUp == FOR_EVER) {
                throw new IllegalStateException(
                        "the node waits for an event that never comes: nothing is left of what was fed;"
                                + " close its inputs or stop it before it runs");
            }
            if (wakeUp <= clock.elapsedNanos()) {
                return null;
            }
            clock.moveTo(wakeUp);
            due = takeDue();
            if (due.isEmpty() && wakeUp == deadline) {
                return null;
            }
        }
        return handOut(due.get());
    }

    /** Lets so much time pass, and no event be taken; false, when it comes, if the stop comes before. */
    boolean sleep(long durationNs) {
        countCallsAfterTheEnd();
        long wakeUp = after(durationNs);
        Optional<Entry> stop = entries.stream()
                .filter(entry -> entry.event.type() == Event.Type.STOP && entry.dueNs <= wakeUp)
                .findFirst();
        if (stop.isEmpty() && wakeUp == FOR_EVER) {
            throw new IllegalStateException("the node sleeps for ever: stop it before it runs");
        }
        clock.moveTo(stop.map(entry -> entry.dueNs).orElse(wakeUp));
        return stop.isEmpty();
    }

    /** When so much time has passed, or {@link #FOR_EVER}. */
    private long after(long durationNs) {
        long elapsedNs = clock.elapsedNanos();
        return durationNs >= FOR_EVER - elapsedNs ? FOR_EVER : elapsedNs + durationNs;
    }

    /** The node's loop has ended. */
    void expireCurrent() {
        if (current != null) {
            current.expire();
            current = null;
        }
    }

    private Optional<TestEvent> takeDue() {
        long now = clock.elapsedNanos();
        Entry head = entries.peek();
        boolean tickIsFirst = head == null || timers.nextDeadline() < head.dueNs;
        if (!tickIsFirst && head.dueNs <= now) {
            return Optional.of(entries.remove().event);
        }
        return timers.takeDue(now).map(tick);
    }

    private long nextDue() {
        Entry head = entries.peek();
        return Math.min(head == null ? FOR_EVER : head.dueNs, timers.nextDeadline());
    }

    private TestEvent handOut(TestEvent event) {
        current = event;
        finished = event.type() == Event.Type.STOP || event.type() == Event.Type.ALL_INPUTS_CLOSED;
        return event;
    }

    private void countCallsAfterTheEnd() {
        if (entries.isEmpty() && ++callsAfterTheEnd > MAX_CALLS_AFTER_THE_END) {
            throw new IllegalStateException("the node has asked " + MAX_CALLS_AFTER_THE_END
                    + " times for an event since the last of what was fed, and goes on: stop it, or close its inputs");
        }
    }

    private record Entry(long dueNs, TestEvent event) {}
}
