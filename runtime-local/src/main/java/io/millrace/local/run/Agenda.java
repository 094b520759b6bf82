package io.millrace.local.run;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a coordinator has to do: what others post, and what is due at a time. Any thread posts; all else is the coordinator's own. */
public final class Agenda {
    /** Some 73 years: sums with it stay positive. */
    static final long LONGEST_NS = Long.MAX_VALUE / 4;

    private final LongSupplier nanoTime;
    private final Runnable onPosted;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();

    // The coordinator's thread.
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Comparator.comparingLong(Deadline::atNs));

    /** Something to be done at a time. */
    private record Deadline(long atNs, Runnable action) {}

    /** For a thread that waits in {@link #take}. */
    Agenda() {
        this(System::nanoTime, () -> {});
    }

    /**
     * For who asks with {@link #poll}.
     *
     * @param onPosted called after each post, by the thread that posts
     */
    public Agenda(LongSupplier nanoTime, Runnable onPosted) {
        this.nanoTime = nanoTime;
        this.onPosted = onPosted;
    }

    /** Has something done soon. Any thread; does not block. */
    void post(Runnable action) {
        inbox.add(action);
        onPosted.run();
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Has something done when the time has passed, and not before what is due earlier. */
    void after(long delayNs, Runnable action) {
        deadlines.add(new Deadline(nanoTime() + Math.min(delayNs, LONGEST_NS), action));
    }

    /**
     * Waits for the next thing to do, at most until something is due: as {@link #poll}, for what is due again as soon as it was done must not keep others from their turn. Null if it is to be
     * asked again.
     */
    @Nullable Runnable take() throws InterruptedException {
        Runnable next = poll();
        if (next != null) {
            return next;
        }
        long waitNs = untilDueNs();
        return waitNs == Long.MAX_VALUE ? inbox.take() : inbox.poll(waitNs, TimeUnit.NANOSECONDS);
    }

    /** What is to be done now, first what was posted; null if there is nothing. */
    @Nullable Runnable poll() {
        Runnable next = inbox.poll();
        return next == null && untilDueNs() <= 0 ? deadlines.remove().action : next;
    }

    /** Whether {@link #poll} has something. */
    boolean canPoll() {
        return !inbox.isEmpty() || untilDueNs() <= 0;
    }

    /** Nanoseconds until something is to be done without anybody's asking; {@link Long#MAX_VALUE} for never. */
    long untilDueNs() {
        Deadline next = deadlines.peek();
        return next == null ? Long.MAX_VALUE : next.atNs - nanoTime();
    }
}
