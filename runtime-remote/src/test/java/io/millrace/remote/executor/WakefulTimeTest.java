package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WakefulTimeTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long monotonicNs = -5 * SECOND;
    private OptionalLong uptimeNs = OptionalLong.of(100 * SECOND);
    private final WakefulTime time = new WakefulTime(() -> monotonicNs, () -> uptimeNs);

    private void pass(long awakeNs, long asleepNs) {
        monotonicNs += awakeNs;
        uptimeNs = OptionalLong.of(uptimeNs.getAsLong() + awakeNs + asleepNs);
    }

    @Test
    void shouldGoOnWhileTheMachineIsSuspended() {
        long beganNs = time.nowNs();

        pass(2 * SECOND, 0);
        assertThat(time.nowNs() - beganNs).isEqualTo(2 * SECOND);
        pass(SECOND, 60 * SECOND);
        assertThat(time.nowNs() - beganNs).isEqualTo(63 * SECOND);
        pass(SECOND, 7 * SECOND);
        assertThat(time.nowNs() - beganNs).isEqualTo(71 * SECOND);
    }

    @Test
    void shouldNeverGoBackWhenTheUptimeIsCoarseOrCannotBeReadAnyMore() {
        pass(SECOND, 10 * SECOND);
        long beforeNs = time.nowNs();
        monotonicNs += SECOND / 200; // the uptime stands
        long laterNs = time.nowNs();
        assertThat(laterNs - beforeNs).isEqualTo(SECOND / 200);

        uptimeNs = OptionalLong.empty();
        monotonicNs += SECOND;
        assertThat(time.nowNs() - laterNs).isEqualTo(SECOND);
    }

    @Test
    void shouldBeTheMonotonicTimeWhenThereIsNoUptime() {
        WakefulTime without = new WakefulTime(() -> monotonicNs, OptionalLong::empty);
        monotonicNs += SECOND;
        assertThat(without.nowNs()).isEqualTo(monotonicNs);
    }

    @Test
    void shouldTellTheTimeOfThisMachine() {
        WakefulTime here = new WakefulTime();
        long beforeNs = here.nowNs();
        assertThat(here.nowNs()).isGreaterThanOrEqualTo(beforeNs);
    }
}
