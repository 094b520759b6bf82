package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.agent.HandlingTimes;
import io.millrace.local.agent.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowWatchTest {
    private static final long THRESHOLD_NS = 100_000_000;

    private final Rig rig = new Rig();
    private final HandlingTimes handling = rig.agent.handling();
    private final List<Long> told = new ArrayList<>();
    private final SlowWatch watch =
            new SlowWatch(List.of(() -> rig.agent), rig.clock, THRESHOLD_NS, (agent, lastedNs) -> told.add(lastedNs));

    private void lookAfter(long millis) {
        rig.clock.advance(Duration.ofMillis(millis));
        watch.look();
    }

    @Test
    void shouldLookTwiceWithinTheThreshold() {
        assertThat(watch.intervalNs()).isEqualTo(THRESHOLD_NS / 2);
    }

    @Test
    void shouldTellOnceWhenACallbackLastsLong() {
        watch.look();
        handling.begin();
        lookAfter(50);
        lookAfter(50);
        assertThat(told).isEmpty();
        lookAfter(50);
        lookAfter(50);

        assertThat(told).containsExactly(THRESHOLD_NS);
    }

    @Test
    void shouldSayNothingWhenANodeIsIdle() {
        handling.end(handling.begin(), 1);
        for (int look = 0; look < 10; look++) {
            lookAfter(50);
        }

        assertThat(told).isEmpty();
    }

    @Test
    void shouldSayNothingWhenCallbacksFollowEachOther() {
        for (int look = 0; look < 10; look++) {
            long begin = handling.begin();
            lookAfter(99);
            handling.end(begin, 1);
        }

        assertThat(told).isEmpty();
    }

    @Test
    void shouldTellOfEachWhenTwoCallbacksLastLong() {
        for (int callback = 0; callback < 2; callback++) {
            long begin = handling.begin();
            lookAfter(0);
            lookAfter(300);
            handling.end(begin, 1);
        }

        assertThat(told).containsExactly(300_000_000L, 300_000_000L);
        assertThat(handling.read().samples()).isEqualTo(2);
    }
}
