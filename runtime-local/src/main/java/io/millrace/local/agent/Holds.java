package io.millrace.local.agent;

import io.millrace.layout.MessageView;
import io.millrace.layout.RetainedView;
import io.millrace.local.pool.Slab;
import io.millrace.node.RetainedMessage;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a dataflow that are retained at present, so that those are found that nobody releases. Any thread.
 *
 * <p>What becomes garbage without a release is noticed by a thread that waits for the garbage collector to say so; it starts with the first message that is retained and ends
 * with the dataflow. Its memory goes back to its pool, and the first such loss of an input is logged, for they come in thousands.
 */
public final class Holds {
    private static final long CLOSE_WAIT_MS = 1_000;

    private final String dataflow;
    private final boolean debug;
    private final BiConsumer<String, @Nullable Throwable> warnings;
    private final Set<Hold> held = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Kept> forgotten = new ReferenceQueue<>();

    // Written under this object's lock.
    private volatile @Nullable Thread watcher;
    private volatile boolean isClosed;

    /**
     * @param debug whether it is noted where in the code a message was retained
     * @param warnings told what was lost or is still held, with that place in debug mode; by any thread
     */
    public Holds(String dataflow, boolean debug, BiConsumer<String, @Nullable Throwable> warnings) {
        this.dataflow = dataflow;
        this.debug = debug;
        this.warnings = warnings;
    }

    /** The message as its holder sees it. Nobody may have a reference to it but him. */
    private static final class Kept extends RetainedView implements SlabHolder {
        private final Holds holds;
        private final Hold hold;

        Kept(Holds holds, Hold.Place place, ByteBuffer header, ByteBuffer body) {
            super(header, body);
            this.holds = holds;
            this.hold = new Hold(this, holds.forgotten, place);
        }

        @Override
        public RetainedMessage retain() {
            ByteBuffer header = valid().copyOfHeader();
            @Nullable Slab slab = hold.place.slab;
            if (slab != null) {
                slab.retain();
            }
            return holds.hold(header, body(), slab, hold.place.retention);
        }

        @Override
        public MessageView viewInHand() {
            return valid();
        }

        @Override
        public @Nullable Slab slabInHand() {
            return hold.place.slab;
        }

        @Override
        protected void onRelease() {
            if (hold.end()) {
                holds.held.remove(hold);
                hold.clear();
            }
        }
    }

    /** What remains to be done for a retained message. Ended once, by its release or by the thread that finds it forgotten. */
    private static final class Hold extends PhantomReference<Kept> {
        private final Place place;
        private final AtomicBoolean isEnded = new AtomicBoolean();

        /** @param site where it was retained, in debug mode */
        private record Place(
                @Nullable Slab slab,
                Retention retention,
                @Nullable Throwable site) {}

        Hold(Kept kept, ReferenceQueue<Kept> queue, Place place) {
            super(kept, queue);
            this.place = place;
        }

        /** Gives the memory back; false if that was done before. */
        boolean end() {
            boolean isFirst = isEnded.compareAndSet(false, true);
            if (isFirst && place.slab != null) {
                place.slab.release();
            }
            return isFirst;
        }

        long bytes() {
            return place.slab == null ? 0 : place.slab.capacity();
        }

        String name() {
            return place.retention.holder() + " retained from " + place.retention.origin();
        }
    }

    /** @param slab whose reference goes over to the returned message; null if it has no memory but the heap's */
    RetainedMessage hold(ByteBuffer header, ByteBuffer body, @Nullable Slab slab, Retention retention) {
        @Nullable Throwable site = debug ? new Throwable("it was retained here") : null;
        Kept kept = new Kept(this, new Hold.Place(slab, retention, site), header, body);
        if (watcher == null) {
            startWatcher();
        }
        if (!isClosed) {
            held.add(kept.hold);
        }
        return kept;
    }

    private synchronized void startWatcher() {
        if (watcher == null && !isClosed) {
            Thread made = new Thread(this::watch, "millrace-" + dataflow + "-retained");
            made.setDaemon(true);
            made.start();
            watcher = made;
        }
    }

    private void watch() {
        Map<String, Long> counts = new HashMap<>();
        try {
            while (true) {
                onForgotten((Hold) forgotten.remove(), counts);
            }
        } catch (InterruptedException e) { // the dataflow has ended
            counts.forEach((name, count) -> warnings.accept(
                    "dataflow '" + dataflow + "': " + count + " messages that " + name + " were never released", null));
        }
    }

    private void onForgotten(Hold hold, Map<String, Long> counts) {
        held.remove(hold);
        if (hold.end() && counts.merge(hold.name(), 1L, Long::sum) == 1) {
            String where = hold.place.site == null ? " (debug mode names the place in the code)" : "";
            warnings.accept(
                    "dataflow '" + dataflow + "': a message that " + hold.name()
                            + " was never released; nobody has it any more, so its " + hold.bytes()
                            + " bytes were taken back: release() every message when it is done with" + where,
                    hold.place.site);
        }
    }

    /** How many are retained. */
    int count() {
        return held.size();
    }

    /** The dataflow has ended: says what is still retained, which stays valid. Idempotent; waits a second at the most. */
    public void close() {
        @Nullable Thread ending;
        synchronized (this) {
            isClosed = true;
            ending = watcher;
            watcher = null;
        }
        if (ending != null) {
            ending.interrupt();
            join(ending);
        }
        logHeld();
        held.clear();
    }

    private static void join(Thread ending) {
        try {
            ending.join(CLOSE_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void logHeld() {
        Map<String, Hold> examples = new HashMap<>();
        Map<String, long[]> sums = new HashMap<>();
        for (Hold hold : held) {
            examples.putIfAbsent(hold.name(), hold);
            long[] sum = sums.computeIfAbsent(hold.name(), name -> new long[2]);
            sum[0]++;
            sum[1] += hold.bytes();
        }
        sums.forEach((name, sum) -> warnings.accept(
                "dataflow '" + dataflow + "' has ended, and " + sum[0] + " messages of " + sum[1] + " bytes that "
                        + name + " are not released",
                Objects.requireNonNull(examples.get(name)).place.site));
    }
}
