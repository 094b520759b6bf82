package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeJoinTest {
    private final List<String> pairs = new ArrayList<>();
    private final TimeJoin<Long, Long> join = joinInto(pairs);

    private static TimeJoin<Long, Long> joinInto(List<String> pairs) {
        return new TimeJoin<>(time -> time, time -> time, (sample, reference) -> pairs.add(sample + "+" + reference));
    }

    @Test
    void shouldWaitWhenTheReferencesAreNotPastTheSample() {
        join.reference(1000L);
        join.sample(1000L);
        join.sample(2000L);
        assertThat(pairs).isEmpty();

        join.reference(1500L);
        assertThat(pairs).containsExactly("1000+1000");
        join.reference(3000L);

        assertThat(pairs).containsExactly("1000+1000", "2000+1500");
    }

    @Test
    void shouldPairWithTheSameReferenceWhenSamplesComeFaster() {
        join.reference(1000L);
        join.reference(9000L);

        join.sample(2000L);
        join.sample(3000L);

        assertThat(pairs).containsExactly("2000+1000", "3000+1000");
    }

    @Test
    void shouldGoAloneWhenTheReferenceIsTooOldOrLater() {
        join.reference(1000L);
        join.reference(20_000L);

        join.sample(500L);
        join.sample(11_000L);
        join.sample(11_001L);

        assertThat(pairs).containsExactly("500+null", "11000+1000", "11001+null");
    }

    @Test
    void shouldGoOutWhenNoReferencesComeAnyMore() {
        join.sample(1000L);
        join.sample(2000L);

        join.endOfReferences();
        join.sample(3000L);

        assertThat(pairs).containsExactly("1000+null", "2000+null", "3000+null");
    }

    @Test
    void shouldGoAloneWhenATimeIsNotKnown() {
        join.sample(LogTime.UNKNOWN);
        join.reference(LogTime.UNKNOWN);
        assertThat(pairs).isEmpty();
        join.reference(0L);

        assertThat(pairs).containsExactly("-1+null");
    }

    @Test
    void shouldBeBoundedWhenTheReferencesFallSilent() {
        for (long time = 0; time < TimeJoin.MAX_WAITING + 3; time++) {
            join.sample(time);
        }

        assertThat(pairs).containsExactly("0+null", "1+null", "2+null");
    }

    @Test
    void shouldForgetTheOldestWhenOnlyReferencesCome() {
        for (long time = 0; time < TimeJoin.MAX_REFERENCES + 10; time++) {
            join.reference(time);
        }

        join.sample(5L);
        join.sample(10L);

        assertThat(pairs).containsExactly("5+null", "10+10");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldPairTheSameWhateverTheOrderOfArrival(long seed) {
        List<Long> samples = times(new Random(7), 300);
        List<Long> references = times(new Random(8), 300);
        List<String> expected = new ArrayList<>();
        TimeJoin<Long, Long> referencesFirst = joinInto(expected);
        references.forEach(referencesFirst::reference);
        referencesFirst.endOfReferences();
        samples.forEach(referencesFirst::sample);

        Random arrival = new Random(seed);
        int sampled = 0;
        int referred = 0;
        while (sampled < samples.size() || referred < references.size()) {
            boolean isSample =
                    referred == references.size() || sampled < samples.size() && arrival.nextInt(20) < 10 + seed;
            if (isSample) {
                join.sample(samples.get(sampled++));
            } else {
                join.reference(references.get(referred++));
            }
        }
        join.endOfReferences();

        assertThat(pairs).isEqualTo(expected);
    }

    /** In order, at times with more than one at once, at times with long silences. */
    private static List<Long> times(Random random, int count) {
        List<Long> times = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < count; i++) {
            time += random.nextInt(40) == 0 ? 15_000 : random.nextInt(3) * 500L;
            times.add(time);
        }
        return times;
    }
}
