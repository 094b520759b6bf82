package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.00 us",
        "9994, 9.99 us",
        "9996, 10.0 us",
        "99960, 100 us",
        "2500000, 2.50 ms",
        "61000000000, 61.0 s"
    })
    void shouldGiveThreeFiguresWhenNanosecondsAreShown(long nanos, String shown) {
        assertThat(Units.nanos(nanos)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0, 0/s", "9999, '9,999/s'", "52310, 52.3 k/s", "1204000, 1.20 M/s", "2000000000, 2.00 G/s"})
    void shouldFitTheUnitWhenARateIsShown(double perSecond, String shown) {
        assertThat(Units.rate(perSecond)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"2310, 2.31 s", "59990, 59.99 s", "60000, 0:01:00", "3723000, 1:02:03"})
    void shouldShowAClockWhenAMinuteHasPassed(long millis, String shown) {
        assertThat(Units.elapsed(Duration.ofMillis(millis))).isEqualTo(shown);
    }

    @Test
    void shouldShowTheSameWhenTheMachineSpeaksAnotherLanguage() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(Units.count(1_234_567)).isEqualTo("1,234,567");
            assertThat(Units.nanos(2_500)).isEqualTo("2.50 us");
        } finally {
            Locale.setDefault(before);
        }
    }
}
