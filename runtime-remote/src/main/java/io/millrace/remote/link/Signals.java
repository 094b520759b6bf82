package io.millrace.remote.link;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The signals that the event loop has not seen yet, as a stack through themselves: any thread pushes, the loop takes all. No lock, no allocation. */
final class Signals {
    private final AtomicReference<@Nullable EdgeSignal> top = new AtomicReference<>();
    private final Runnable wakeLoop;

    /** @param wakeLoop makes the loop call {@link #handle} soon; any thread */
    Signals(Runnable wakeLoop) {
        this.wakeLoop = wakeLoop;
    }

    void push(EdgeSignal signal) {
        @Nullable EdgeSignal below;
        do {
            below = top.get();
            signal.below = below;
        } while (!top.compareAndSet(below, signal)); // partner: handle()
        wakeLoop.run();
    }

    /** The loop: calls each that was pushed, in the order in which they were, so that what was sent first goes first. */
    void handle() {
        @Nullable EdgeSignal signal = reversed(top.getAndSet(null));
        while (signal != null) {
            @Nullable EdgeSignal below = signal.below; // before it can be pushed again
            signal.below = null;
            signal.onSignal();
            signal = below;
        }
    }

    private static @Nullable EdgeSignal reversed(@Nullable EdgeSignal newest) {
        @Nullable EdgeSignal oldest = null;
        @Nullable EdgeSignal next = newest;
        while (next != null) {
            @Nullable EdgeSignal below = next.below;
            next.below = oldest;
            oldest = next;
            next = below;
        }
        return oldest;
    }
}
