package io.millrace.local.crew;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReadyQueueTest {
    private final ReadyQueue ready = new ReadyQueue(null);

    private List<Place> places(int count) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(new Place(ready));
        }
        return places;
    }

    private List<Place> pollAll() {
        List<Place> polled = new ArrayList<>();
        for (Place next = ready.poll(); next != null; next = ready.poll()) {
            polled.add(next);
        }
        return polled;
    }

    @Test
    void shouldGiveThemInTheOrderInWhichTheyCame() {
        List<Place> places = places(5);
        ready.add(places.get(0));
        ready.push(places.get(1));
        ready.push(places.get(2));
        assertThat(ready.gather()).isEqualTo(3);
        ready.push(places.get(3));
        ready.add(places.get(4));

        assertThat(pollAll()).containsExactly(places.get(0), places.get(1), places.get(2), places.get(4));
        assertThat(ready.isEmpty()).isFalse();
        ready.gather();
        assertThat(pollAll()).containsExactly(places.get(3));
        assertThat(ready.isEmpty()).isTrue();
    }

    @Test
    void shouldQueueAPlaceOnceHoweverOftenItIsSignalledWhileItRests() {
        Place place = places(1).get(0);
        place.signal().signal();
        assertThat(ready.gather()).as("it does not rest yet").isZero();
        place.rest(true);
        place.signal().signal();
        place.signal().signal();

        assertThat(ready.gather()).isEqualTo(1);
        assertThat(place.stopResting()).isFalse();
        assertThat(place.takeHasRested()).isTrue();
        assertThat(place.takeHasRested()).isFalse();
    }

    @Test
    void shouldLeaveItToTheCallerToQueueWhatStopsRestingByItself() {
        Place place = places(1).get(0);
        place.rest(true);

        assertThat(place.stopResting()).isTrue();
        place.signal().signal();
        assertThat(ready.isEmpty()).isTrue();
    }

    /** What is counted is work that was published before a signal: none may be left when the worker parks for good. */
    @Test
    void shouldLoseNoWakeUpWhenManySignalAtOnce() throws Exception {
        int perThread = 50_000;
        int signallers = 3;
        WakeSignal wake = new WakeSignal();
        ReadyQueue queue = new ReadyQueue(wake);
        List<Place> places = new ArrayList<>();
        List<AtomicLong> published = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            places.add(new Place(queue));
            published.add(new AtomicLong());
            queue.push(places.get(i));
        }
        Threads threads = new Threads();
        Threads.Task<Long> worker =
                threads.run(() -> takeAll(queue, wake, places, published, (long) signallers * perThread));
        List<Threads.Task<Integer>> signalling = new ArrayList<>();
        for (int s = 0; s < signallers; s++) {
            int own = s;
            signalling.add(threads.run(() -> {
                for (int i = 0; i < perThread; i++) {
                    int at = (i * 7 + own) % places.size();
                    published.get(at).incrementAndGet();
                    places.get(at).signal().signal();
                }
                return own;
            }));
        }
        for (Threads.Task<Integer> task : signalling) {
            task.get();
        }

        assertThat(worker.get()).isEqualTo((long) signallers * perThread);
    }

    private static long takeAll(
            ReadyQueue queue, WakeSignal wake, List<Place> places, List<AtomicLong> published, long wanted) {
        long taken = 0;
        while (taken < wanted) {
            for (int turns = queue.gather(); turns > 0; turns--) {
                Place place = queue.poll();
                AtomicLong work = published.get(places.indexOf(place));
                taken += work.getAndSet(0);
                place.rest(true);
                if (work.get() > 0 && place.stopResting()) {
                    queue.add(place);
                }
            }
            wake.arm();
            if (taken == wanted || !queue.isEmpty()) {
                wake.disarm();
            } else {
                wake.park(0);
            }
        }
        return taken;
    }
}
