package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.edge.TimeSamples;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Clock;
import io.millrace.runtime.DataflowMetrics.Times;
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

    private Times read() {
        return times.read();
    }

    @Test
    void shouldBeZeroWithoutSamples() {
        assertThat(read()).isEqualTo(Times.NONE);
    }

    @Test
    void shouldTellPercentilesAsExactlyAsTwoDigitsAre() {
        for (int i = 1; i <= 1000; i++) {
            handle(i * 1000L, 1);
        }

        assertThat(read().p50Ns()).isBetween(495_000L, 505_000L);
        assertThat(read().p99Ns()).isBetween(980_000L, 1_000_000L);
    }

    @Test
    void shouldCountABatchAsItsMessages() {
        handle(64_000, 64);
        handle(5_000, 1);

        assertThat(read().p50Ns()).isBetween(990L, 1010L);
        assertThat(read().maxNs()).isBetween(4_950L, 5_050L);
    }

    @Test
    void shouldNotCountACallbackThatTookNothing() {
        handle(1_000, 0);

        assertThat(read().p50Ns()).isZero();
    }

    @Test
    void shouldKeepWhatWasReadBefore() {
        handle(1_000, 1);
        assertThat(read().p50Ns()).isPositive();
        handle(1_000_000, 1);

        assertThat(read().samples()).isEqualTo(2);
        assertThat(read().p50Ns()).isBetween(990L, 1010L);
        assertThat(read().maxNs()).isBetween(990_000L, 1_010_000L);
    }

    @Test
    void shouldMeasureOneInManyWhenCallbacksFollowEachOtherQuickly() {
        CountingClock counting = new CountingClock();
        HandlingTimes sampled = new HandlingTimes(counting);
        for (int i = 0; i < 1024; i++) {
            sampled.end(sampled.begin(), 1);
        }
        assertThat(counting.readings).isEqualTo(2 * 1024);

        for (int i = 0; i < 100_000; i++) {
            sampled.end(sampled.begin(), 1);
        }
        assertThat(counting.readings).isBetween(2 * (1024 + 90), 2 * (1024 + 120));
    }

    @Test
    void shouldMeasureEachAgainWhenCallbacksBecomeRare() {
        for (int i = 0; i < 10_000; i++) {
            handle(10, 1);
        }
        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofSeconds(1));
            handle(10, 1);
        }
        long before = read().samples();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(1));
            handle(10, 1);
        }

        assertThat(read().samples()).isEqualTo(before + 10);
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
        assertThat(read().maxNs()).isBetween(59_000_000_000L, 61_000_000_000L);
    }

    @Test
    void shouldCountZeroWhenTheClockWentBack() {
        times.begin();
        times.end(clock.nanoTime() + 5, 1);
        assertThat(read().maxNs()).isZero();
    }

    @Test
    void shouldMeasureNothingWhenItIsOff() {
        CountingClock counting = new CountingClock();
        HandlingTimes off = new HandlingTimes(counting, TimeSamples.FINE, false);

        off.end(off.begin(), 1);

        assertThat(counting.readings).isZero();
        assertThat(off.read()).isEqualTo(Times.NONE);
    }

    @Test
    void shouldMeasureACallbackThatWasMarkedWhenItWouldNotBeASample() {
        for (int i = 0; i < 1024 + 300; i++) {
            handle(1_000, 1);
        }
        long samples = read().samples();
        long begin = times.begin();
        long sinceNs = clock.nanoTime();
        assertThat(times.steps() & 1).as("within a callback").isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        times.mark(times.steps(), sinceNs);
        clock.advance(Duration.ofSeconds(1));
        times.end(begin, 1);

        assertThat(read().samples()).isEqualTo(samples + 1);
        assertThat(read().maxNs()).isBetween(2_970_000_000L, 3_030_000_000L);
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
            Times found = live.read();
            assertThat(found.p50Ns()).isLessThanOrEqualTo(found.p99Ns());
        }
        isOver.set(true);

        assertThat(writer.get()).isPositive();
        assertThat(live.read().p50Ns()).isNotNegative();
    }
}
