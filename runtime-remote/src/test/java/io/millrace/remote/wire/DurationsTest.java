package io.millrace.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void shouldSaturateWhenADurationStandsForEver() {
        assertThat(Durations.nanos(FOR_EVER)).isEqualTo(Long.MAX_VALUE);
        assertThat(Durations.millis(FOR_EVER)).isEqualTo(Long.MAX_VALUE);
        assertThat(Durations.sum(FOR_EVER, FOR_EVER)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(Durations.sum(Duration.ofSeconds(1), FOR_EVER)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void shouldGiveWhatFitsAsItIs() {
        assertThat(Durations.nanos(Duration.ofNanos(7))).isEqualTo(7);
        assertThat(Durations.sum(Duration.ofSeconds(1), Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(1005));
        assertThat(Durations.waitMs(Duration.ofSeconds(3))).isEqualTo(3_000);
    }

    @Test
    void shouldStayWithinWhatMastersTake() {
        assertThat(Durations.waitMs(FOR_EVER)).isEqualTo(Durations.LONGEST_WAIT.toMillis());
        assertThat(Durations.waitMs(Duration.ofSeconds(-1))).isZero();
        assertThat(Durations.waitMs(FOR_EVER.negated())).isZero();
    }
}
