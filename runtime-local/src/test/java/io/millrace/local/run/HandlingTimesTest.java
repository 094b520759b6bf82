package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.Clock;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HandlingTimesTest {
    private final ManualClock clock = new ManualClock();
    private final HandlingTimes times = new HandlingTimes(clock);

    private void handle(long nanos, int messages) {
        long begin = times.begin();
        clock.advance(Duration.ofNanos(nanos));
        times.end(begin, messages);
    }

    private long percentile(double percentile) {
        return times.percentilesNs(percentile)[0];
    }

    @Test
    void shouldBeZeroWithoutSamples() {
        assertThat(times.percentilesNs(50, 99)).containsExactly(0, 0);
    }

    @Test
    void shouldTellPercentilesAsExactlyAsTwoDigitsAre() {
        for (int i = 1; i <= 1000; i++) {
            handle(i * 1000L, 1);
        }

        assertThat(percentile(50)).isBetween(495_000L, 505_000L);
        assertThat(percentile(99)).isBetween(980_000L, 1_000_000L);
    }

    @Test
    void shouldCountABatchAsItsMessages() {
        handle(64_000, 64);
        handle(5_000, 1);

        assertThat(percentile(50)).isBetween(990L, 1010L);
        assertThat(percentile(100)).isBetween(4_950L, 5_050L);
    }

    @Test
    void shouldNotCountACallbackThatTookNothing() {
        handle(1_000, 0);

        assertThat(percentile(50)).isZero();
    }

    @Test
    void shouldKeepWhatWasReadBefore() {
        handle(1_000, 1);
        assertThat(percentile(50)).isPositive();
        handle(1_000_000, 1);

        assertThat(percentile(0)).isBetween(990L, 1010L);
        assertThat(percentile(100)).isBetween(990_000L, 1_010_000L);
    }

    @Test
    void shouldMeasureOneInSixtyFourWhenThereAreMany() {
        CountingClock counting = new CountingClock();
        HandlingTimes sampled = new HandlingTimes(counting);
        for (int i = 0; i < 1024; i++) {
            sampled.end(sampled.begin(), 1);
        }
        assertThat(counting.readings).isEqualTo(2 * 1024);

        for (int i = 0; i < 6400; i++) {
            sampled.end(sampled.begin(), 1);
        }
        assertThat(counting.readings).isEqualTo(2 * (1024 + 100));
    }

    /** Counts how often it is read. */
    private static final class CountingClock implements Clock {
        private int readings;

        @Override
        public long nanoTime() {
            return readings++;
        }

        @Override
        public long epochNanos() {
            return 0;
        }
    }

    @Test
    void shouldCountAMinuteWhenItTookLonger() {
        handle(Long.MAX_VALUE / 2, 1);
        assertThat(percentile(100)).isBetween(59_000_000_000L, 61_000_000_000L);
    }

    @Test
    void shouldCountZeroWhenTheClockWentBack() {
        times.end(clock.nanoTime() + 5, 1);
        assertThat(percentile(0)).isZero();
    }

    @Test
    void shouldBeReadWhileItIsWritten() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Threads threads = new Threads();
        HandlingTimes live = new HandlingTimes(Clock.system());
        CountDownLatch hasBegun = new CountDownLatch(1);
        Threads.Task<Long> writer = threads.run(() -> {
            long count = 0;
            while (!isOver.get()) {
                live.end(live.begin(), 1);
                count++;
                hasBegun.countDown();
            }
            return count;
        });
        hasBegun.await();
        for (int i = 0; i < 500; i++) {
            long[] found = live.percentilesNs(50, 99);
            assertThat(found[0]).isLessThanOrEqualTo(found[1]);
        }
        isOver.set(true);

        assertThat(writer.get()).isPositive();
        assertThat(live.percentilesNs(50)[0]).isNotNegative();
    }
}
