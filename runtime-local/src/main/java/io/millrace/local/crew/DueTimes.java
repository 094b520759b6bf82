package io.millrace.local.crew;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** When places are due that nobody signals, the earliest first: a binary heap in which each place knows where it stands. Used by one thread; allocates only to grow. */
final class DueTimes {
    private @Nullable Place[] heap = new Place[8];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** @return the earliest time; there must be one */
    long earliestNs() {
        return at(0).dueNs;
    }

    /** Adds a place that is not in here. */
    void add(Place place, long dueNs) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        place.dueNs = dueNs;
        siftUp(place, size++);
    }

    /** Takes out the place that is due first; there must be one. */
    Place removeEarliest() {
        Place earliest = at(0);
        remove(earliest);
        return earliest;
    }

    /** Takes a place out, if it is in here. */
    void remove(Place place) {
        int index = place.dueIndex;
        if (index == Place.NOT_DUE) {
            return;
        }
        place.dueIndex = Place.NOT_DUE;
        Place moved = at(--size);
        heap[size] = null;
        if (moved != place) {
            siftDown(moved, index);
            siftUp(moved, moved.dueIndex);
        }
    }

    private void siftUp(Place place, int from) {
        int index = from;
        while (index > 0 && isEarlier(place, at((index - 1) / 2))) {
            put(at((index - 1) / 2), index);
            index = (index - 1) / 2;
        }
        put(place, index);
    }

    private void siftDown(Place place, int from) {
        int index = from;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && isEarlier(at(child + 1), at(child))) {
                child++;
            }
            if (!isEarlier(at(child), place)) {
                break;
            }
            put(at(child), index);
            index = child;
        }
        put(place, index);
    }

    private void put(Place place, int index) {
        heap[index] = place;
        place.dueIndex = index;
    }

    private static boolean isEarlier(Place one, Place other) {
        return one.dueNs - other.dueNs < 0;
    }

    @SuppressWarnings("NullAway") // up to size there is a place everywhere
    private Place at(int index) {
        return heap[index];
    }
}
