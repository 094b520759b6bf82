package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleIntervalTest {
    private final SampleInterval interval = new SampleInterval();
    private long nowNs;

    /** Events that are so far apart; the interval after so many samples of them. */
    private int after(int samples, long betweenNs) {
        int next = 1;
        for (int i = 0; i < samples; i++) {
            next = interval.next(nowNs);
            nowNs += next * betweenNs;
        }
        return next;
    }

    @Test
    void shouldChooseTheFirstThousandAllWhenTheyComeAsFastAsTheyCan() {
        assertThat(after(1024, 1)).isEqualTo(1);
        assertThat(after(1, 1)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"20, 1021", "1_000, 1021", "10_000, 127", "100_000, 13", "1_000_000, 1", "1_000_000_000, 1"})
    void shouldTakeSomeHundredSamplesASecondWhenThereAreAsManyEvents(long betweenNs, int expected) {
        assertThat(after(2000, betweenNs)).isEqualTo(expected);
    }

    @Test
    void shouldChooseEachAtOnceWhenEventsBecomeRare() {
        assertThat(after(2000, 100)).isEqualTo(1021);
        assertThat(after(2, 100_000_000))
                .as("the first one is still a long way off")
                .isEqualTo(1);
    }

    @Test
    void shouldChooseFewerStepByStepWhenEventsBecomeFrequent() {
        assertThat(after(2000, 10_000_000)).isEqualTo(1);
        assertThat(after(9, 100)).isEqualTo(509);
    }
}
