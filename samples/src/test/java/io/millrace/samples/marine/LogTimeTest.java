package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTimeTest {
    private static final int HOUR = 3_600_000;

    private final LogTime time = new LogTime();

    @Test
    void shouldBeUnknownWhenTheLogHasSaidNone() {
        assertThat(time.now()).isEqualTo(LogTime.UNKNOWN);
        assertThat(time.first()).isEqualTo(LogTime.UNKNOWN);
    }

    @Test
    void shouldGoOnGrowingWhenMidnightPasses() {
        time.update(23 * HOUR);

        assertThat(time.update(1000)).isEqualTo(24 * HOUR + 1000);
        assertThat(time.update(23 * HOUR)).isEqualTo(47 * HOUR);
        assertThat(time.update(0)).isEqualTo(48 * HOUR);
        assertThat(time.first()).isEqualTo(23 * HOUR);
        assertThat(time.now()).isEqualTo(48 * HOUR);
    }

    @Test
    void shouldBeTakenAsItIsWhenTheClockIsSetBack() {
        time.update(15 * HOUR);

        assertThat(time.update(9 * HOUR)).isEqualTo(9 * HOUR);
    }

    @Test
    void shouldSayTheTimeOfDayWhenFormatted() {
        assertThat(LogTime.format(9 * HOUR + 55 * 60_000 + 59_999)).isEqualTo("09:55:59");
        assertThat(LogTime.format(24L * HOUR + 1000)).isEqualTo("00:00:01");
    }
}
