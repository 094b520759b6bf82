package io.millrace.local.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueTimesTest {
    private final ReadyQueue ready = new ReadyQueue(null);
    private final DueTimes due = new DueTimes();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldGiveTheEarliestWhateverWasAddedAndTakenOut(long seed) {
        Random random = new Random(seed);
        List<Place> expected = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int choice = random.nextInt(5);
            if (choice < 3) {
                Place place = new Place(ready);
                due.add(place, random.nextInt(1_000));
                expected.add(place);
            } else if (choice == 3 && !expected.isEmpty()) {
                due.remove(expected.remove(random.nextInt(expected.size())));
            } else if (!expected.isEmpty()) {
                long earliestNs = earliest(expected);
                assertThat(due.earliestNs()).isEqualTo(earliestNs);
                Place taken = due.removeEarliest();
                assertThat(taken.dueNs).isEqualTo(earliestNs);
                assertThat(expected.remove(taken)).isTrue();
            }
        }
        List<Long> rest = new ArrayList<>();
        while (!due.isEmpty()) {
            rest.add(due.removeEarliest().dueNs);
        }
        assertThat(rest).hasSameSizeAs(expected).isSorted();
    }

    private static long earliest(List<Place> places) {
        return places.stream()
                .min(Comparator.comparingLong(place -> place.dueNs))
                .orElseThrow()
                .dueNs;
    }

    @Test
    void shouldCompareTimesThatHaveWrappedAround() {
        Place early = new Place(ready);
        Place late = new Place(ready);
        due.add(late, Long.MIN_VALUE + 5);
        due.add(early, Long.MAX_VALUE - 5);

        assertThat(due.removeEarliest()).isSameAs(early);
        assertThat(due.removeEarliest()).isSameAs(late);
    }

    @Test
    void shouldNotMindWhatIsNotInIt() {
        Place place = new Place(ready);
        due.remove(place);
        due.add(place, 1);
        due.remove(place);
        due.remove(place);

        assertThat(due.isEmpty()).isTrue();
    }
}
