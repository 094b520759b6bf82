package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.MessageView;
import io.millrace.node.PayloadFormat;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerTicksTest {
    private static final long INTERVAL = 10_000_000;

    private final ManualClock clock = new ManualClock();
    private final TimerTicks ticks = new TimerTicks(INTERVAL);
    private final MessageView view = new MessageView();

    private void advance(long nanos) {
        clock.advance(Duration.ofNanos(nanos));
    }

    private boolean isDue() {
        return ticks.isDue(clock.nanoTime());
    }

    private void take() {
        ticks.take(clock.nanoTime(), 77, 2, view);
    }

    @Test
    void shouldBeDueAtTheStartAndThenAtEveryInterval() {
        ticks.start(clock.nanoTime());
        for (int tick = 0; tick < 200; tick++) { // beyond where the clock overflows
            assertThat(isDue()).as("tick %s", tick).isTrue();
            take();
            assertThat(ticks.untilDueNs(clock.nanoTime())).isEqualTo(INTERVAL);
            advance(INTERVAL - 1);
            assertThat(isDue()).as("before tick %s", tick + 1).isFalse();
            advance(1);
        }
    }

    @Test
    void shouldGiveOneTickWhenTheConsumerIsLate() {
        ticks.start(clock.nanoTime());
        take();
        advance(5 * INTERVAL + 3);

        assertThat(isDue()).isTrue();
        assertThat(ticks.untilDueNs(clock.nanoTime())).isNotPositive();
        take();

        assertThat(isDue()).isFalse();
        assertThat(ticks.untilDueNs(clock.nanoTime())).as("the phase is kept").isEqualTo(INTERVAL - 3);
    }

    @Test
    void shouldNotBeLateWhenItIsExactlyOnTime() {
        ticks.start(clock.nanoTime());
        take();
        advance(2 * INTERVAL);

        take();

        assertThat(ticks.untilDueNs(clock.nanoTime())).isEqualTo(INTERVAL);
    }

    @Test
    void shouldNotDriftWhenEveryTickIsALittleLate() {
        Random random = new Random(11);
        ticks.start(clock.nanoTime());
        List<Long> offsets = new ArrayList<>();
        for (int tick = 0; tick < 1_000; tick++) {
            take();
            long due = clock.elapsed().toNanos() + ticks.untilDueNs(clock.nanoTime());
            offsets.add(due % INTERVAL);
            advance(ticks.untilDueNs(clock.nanoTime()) + random.nextInt((int) INTERVAL));
        }

        assertThat(offsets).containsOnly(0L);
    }

    @Test
    void shouldLookLikeAMessageWithoutPayload() {
        ticks.start(clock.nanoTime());
        take();
        take();

        assertThat(view.length()).isZero();
        assertThat(view.sequence()).isEqualTo(1);
        assertThat(view.timestamp()).isEqualTo(77);
        assertThat(view.incarnation()).isEqualTo(2);
        assertThat(view.format()).isEqualTo(PayloadFormat.BYTES);
        assertThat(view.hasParameters()).isFalse();
        assertThat(view.toByteArray()).isEmpty();
    }

    @Test
    void shouldWaitAsGoodAsForEverWhenTheIntervalIsTheLongest() {
        TimerTicks rare = new TimerTicks(Long.MAX_VALUE);
        rare.start(clock.nanoTime());
        assertThat(rare.isDue(clock.nanoTime())).isTrue();
        rare.take(clock.nanoTime(), 0, 0, view);

        advance(Duration.ofDays(1000).toNanos());

        assertThat(rare.isDue(clock.nanoTime())).isFalse();
        assertThat(rare.untilDueNs(clock.nanoTime())).isPositive();
    }

    @Test
    void shouldKeepUpWhenTheIntervalIsTheShortest() {
        TimerTicks often = new TimerTicks(1);
        often.start(clock.nanoTime());
        advance(1_000);

        often.take(clock.nanoTime(), 0, 0, view);

        assertThat(often.untilDueNs(clock.nanoTime())).isEqualTo(1);
    }
}
