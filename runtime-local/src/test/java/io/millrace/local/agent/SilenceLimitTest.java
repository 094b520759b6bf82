package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SilenceLimitTest {
    private final SilenceLimit limit = SilenceLimit.of(Optional.of(Duration.ofNanos(100)));

    @Test
    void shouldBeDueSoLongAfterTheLastMessage() {
        limit.restart(1000);
        assertThat(limit.isDue(1099)).isFalse();
        assertThat(limit.untilDueNs(1099)).isEqualTo(1);
        limit.restart(1050);
        assertThat(limit.isDue(1149)).isFalse();
        assertThat(limit.isDue(1150)).isTrue();
        assertThat(limit.untilDueNs(1160)).isEqualTo(-10);
    }

    @Test
    void shouldNotBeDueAgainUntilItHasEnded() {
        limit.restart(0);
        limit.exceed();

        assertThat(limit.isExceeded()).isTrue();
        assertThat(limit.isDue(1000)).isFalse();
        assertThat(limit.untilDueNs(1000)).isEqualTo(Long.MAX_VALUE);
        limit.end();
        limit.restart(1000);
        assertThat(limit.isExceeded()).isFalse();
        assertThat(limit.isDue(1100)).isTrue();
    }

    @Test
    void shouldNeverBeDueWhenThereIsNone() {
        SilenceLimit none = SilenceLimit.of(Optional.empty());

        assertThat(none.isLimited()).isFalse();
        assertThat(none.isDue(Long.MAX_VALUE)).isFalse();
        assertThat(none.untilDueNs(Long.MIN_VALUE)).isEqualTo(Long.MAX_VALUE);
    }
}
