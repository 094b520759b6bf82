package io.millrace.local.crew;

import io.millrace.local.edge.WakeSignal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The places of a worker whose nodes are to have a turn, first come, first served. Any thread puts a place in, its worker takes them out; none is in it twice. Nothing
 * here blocks or allocates, for the places themselves are what is linked.
 *
 * <p>What others put in goes on a stack, of which the worker always takes the whole: so there is no ABA. It then turns it over and appends it to a list of its own.
 */
final class ReadyQueue {
    private static final VarHandle INCOMING;

    static {
        try {
            INCOMING = MethodHandles.lookup().findVarHandle(ReadyQueue.class, "incoming", Place.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable WakeSignal wake;

    private volatile @Nullable Place incoming;

    // The worker.
    private @Nullable Place first;
    private @Nullable Place last;
    private int size;

    /** @param wake tells the worker; null if that looks by itself */
    ReadyQueue(@Nullable WakeSignal wake) {
        this.wake = wake;
    }

    /** Any thread, for a place that is not in the queue and that nobody else puts there. */
    void push(Place place) {
        Place top;
        do {
            top = incoming;
            place.next = top;
        } while (!INCOMING.compareAndSet(this, top, place));
        if (wake != null) {
            wake.signal();
        }
    }

    // The worker.

    /** As {@link #push}. */
    void add(Place place) {
        place.next = null;
        Place former = last;
        if (former == null) {
            first = place;
        } else {
            former.next = place;
        }
        last = place;
        size++;
    }

    /** Takes in what others have put there; returns how many wait now. */
    int gather() {
        if (incoming != null) {
            Place youngest = (Place) INCOMING.getAndSet(this, null);
            for (Place next = turnOver(youngest); next != null; ) {
                Place following = next.next;
                add(next);
                next = following;
            }
        }
        return size;
    }

    private static @Nullable Place turnOver(@Nullable Place youngest) {
        Place oldest = null;
        for (Place next = youngest; next != null; ) {
            Place following = next.next;
            next.next = oldest;
            oldest = next;
            next = following;
        }
        return oldest;
    }

    /** The first of those that were gathered or added; null if there is none. */
    @Nullable Place poll() {
        Place head = first;
        if (head != null) {
            first = head.next;
            head.next = null;
            if (first == null) {
                last = null;
            }
            size--;
        }
        return head;
    }

    boolean isEmpty() {
        return first == null && incoming == null;
    }
}
