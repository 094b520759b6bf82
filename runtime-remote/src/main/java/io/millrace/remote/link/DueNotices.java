package io.millrace.remote.link;

import io.millrace.local.edge.Edge;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is to be said once so many messages have left a ring: notices keep their place among the messages. Bounded. On the event loop, but for {@link #add}. */
final class DueNotices {
    private static final int MAX_NOTICES = 256;

    private final Queue<Due> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger(); // looked at for each message; never less than there are

    private record Due(Edge ring, long messages, Notice notice) {}

    /** Before what is sent later: who sees such a message sees this too. Any thread. */
    void add(Edge ring, long messages, Notice notice) {
        count.incrementAndGet(); // first: the loop takes it as soon as it is there
        waiting.add(new Due(ring, messages, notice));
    }

    /** After each that was added. */
    void trim() {
        if (waiting.size() > MAX_NOTICES) {
            take(); // the newer ones say more
        }
    }

    boolean isEmpty() {
        return count.get() == 0;
    }

    void clear() {
        while (take() != null) {
            // until none is left
        }
    }

    private @Nullable Notice take() {
        Due due = waiting.poll();
        if (due == null) {
            return null;
        }
        count.decrementAndGet();
        return due.notice();
    }

    /**
     * The next one, if no message that was sent before it waits any more, as far as the last one taken shows; else null.
     *
     * @param ring the one that is read now; those before it were let go
     * @param number of the last message that was taken from it
     * @param isWaiting whether any message waits in it
     */
    @Nullable Notice next(Edge ring, long number, boolean isWaiting) {
        Due first = waiting.peek();
        boolean isDue = first != null && (!isWaiting || first.ring() != ring || number >= first.messages());
        return isDue ? take() : null;
    }

    /** The next one that the message with this number would overtake, where all before it were dropped; else null. */
    @Nullable Notice nextBefore(long number) {
        Due first = waiting.peek();
        return first != null && first.messages() < number ? take() : null;
    }
}
