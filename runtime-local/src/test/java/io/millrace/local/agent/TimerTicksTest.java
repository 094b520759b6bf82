package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.InputSource;
import io.millrace.layout.MessageView;
import io.millrace.local.edge.TimeSamples;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "nanos/250000, 14400000",
        "micros/1000, 3600000",
        "millis/7, 514286",
        "secs/1, 3600",
        "hz/400, 1440000",
        "hz/0.5, 1800",
    })
    void shouldHaveTickedExactlyAsOftenAsFitsIntoAnHourWhenEachIsALittleLate(String timer, int expected) {
        Duration interval = ((InputSource.Timer) InputSource.parse("dora/timer/" + timer)).interval();
        TimerTicks hourly = new TimerTicks(interval.toNanos());
        Random random = new Random(5);
        hourly.start(clock.nanoTime());
        long hourNs = Duration.ofHours(1).toNanos();
        int count = 0;
        while (clock.elapsed().toNanos() < hourNs) {
            hourly.take(clock.nanoTime(), 0, 0, view);
            count++;
            advance(hourly.untilDueNs(clock.nanoTime())
                    + random.nextInt((int) Math.min(interval.toNanos(), 1_000_000)));
        }

        assertThat(count).isEqualTo(expected);
        assertThat(hourly.ticks()).isEqualTo(expected);
        assertThat(hourly.missed()).isZero();
        assertThat(hourly.lateness()).as("is not asked for").isEqualTo(Times.NONE);
    }

    @Test
    void shouldTellHowLateItWasAndWhatItLeftOut() {
        ticks.measure(TimeSamples.FINE);
        ticks.start(clock.nanoTime());
        take();
        advance(INTERVAL + 1_000_000);
        take();
        advance(4 * INTERVAL);
        take();

        assertThat(ticks.ticks()).isEqualTo(3);
        assertThat(ticks.missed()).isEqualTo(3);
        Times lateness = ticks.lateness();
        assertThat(lateness.samples()).isEqualTo(3);
        assertThat(lateness.p50Ns()).isBetween(990_000L, 1_010_000L);
        assertThat(lateness.maxNs()).isBetween(30_690_000L, 31_310_000L);
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

    @Test
    void shouldBeginTheSequenceAnewAndCountOnWhenItIsStartedAgain() {
        TimerTicks restarted = new TimerTicks(10);
        MessageView view = new MessageView();
        restarted.start(0);
        restarted.take(0, 1, 0, view);
        restarted.take(10, 2, 0, view);
        assertThat(view.sequence()).isOne();

        restarted.start(15);

        assertThat(restarted.isDue(15)).isTrue();
        assertThat(restarted.take(15, 3, 1, view).sequence()).isZero();
        assertThat(restarted.ticks()).isEqualTo(3);
    }
}
