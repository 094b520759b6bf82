package io.millrace.remote.link;

import io.millrace.local.edge.WakeSignal;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How a ring wakes its link: made before the ring, and given to {@link LinkHub#send} or {@link LinkHub#receive} with it. One for each ring at a time; it serves whichever
 * session the ring is used in, one after the other.
 *
 * <p>The link arms it only while it waits for this ring, so a signal costs a look at a flag, and at most one wake-up for each time it was armed. What was signalled stands
 * on a stack that the event loop takes as a whole; a flag keeps it from standing there twice.
 */
public final class EdgeSignal {
    private final WakeSignal wake;
    private final AtomicBoolean isQueued = new AtomicBoolean();

    /** The event loop's: who is called there. */
    private @Nullable Runnable target;

    // Its place on the stack: of whoever has set the flag, then of the loop.
    @Nullable EdgeSignal below;

    EdgeSignal(Signals signals) {
        this.wake = new WakeSignal(() -> {
            if (isQueued.compareAndSet(false, true)) {
                signals.push(this);
            }
        });
    }

    /** What the ring is made with: as the reader's signal of an outgoing edge, as the writer's signal of an incoming one. */
    public WakeSignal wake() {
        return wake;
    }

    void bind(@Nullable Runnable newTarget) {
        target = newTarget;
    }

    /** On the loop, off the stack. */
    void onSignal() {
        isQueued.set(false);
        if (target != null) {
            target.run();
        }
    }
}
