package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.HybridClock;
import io.millrace.node.Clock;
import org.junit.jupiter.api.Test;

class NodeTimeTest {
    private static final long EPOCH_NS = 1_700_000_000_000_000_000L;

    private final CountingClock clock = new CountingClock();
    private final NodeTime time = new NodeTime(clock);

    private static final class CountingClock implements Clock {
        private long nowNs = 1_000_000;
        private int readings;

        @Override
        public long nanoTime() {
            readings++;
            return nowNs;
        }

        @Override
        public long epochNanos() {
            return EPOCH_NS + nowNs;
        }
    }

    private void idle(int cycles, long cycleNs) {
        for (int i = 0; i < cycles; i++) {
            clock.nowNs += cycleNs;
            time.onIdleCycle();
        }
    }

    /** How late the timestamps are at the worst. */
    private long send(int messages, long betweenNs) {
        long worst = 0;
        for (int i = 0; i < messages; i++) {
            clock.nowNs += betweenNs;
            worst = Math.max(worst, EPOCH_NS + clock.nowNs - HybridClock.epochNanos(time.stamp()));
        }
        return worst;
    }

    private int readingsOf(Runnable work) {
        int before = clock.readings;
        work.run();
        return clock.readings - before;
    }

    @Test
    void shouldReadTheClockForEachWhenMessagesAreSentOneByOne() {
        assertThat(send(1000, 20_000)).isLessThan(10);
    }

    @Test
    void shouldReadTheClockOnceForManyWhenTheyAreSentWithoutAPause() {
        send(1000, 20);

        assertThat(readingsOf(() -> assertThat(send(3300, 20)).isBetween(500L, 700L)))
                .isBetween(99, 101);
    }

    @Test
    void shouldNotReadTheClockForWhatIsSentWhenIdleCyclesHaveDoneSo() {
        Runnable rounds = () -> {
            for (int i = 0; i < 1000; i++) {
                idle(4, 30);
                assertThat(send(1, 80)).isLessThan(3_000);
            }
        };
        rounds.run();

        assertThat(readingsOf(rounds)).as("one in 33 cycles").isBetween(120, 122);
    }

    @Test
    void shouldReadTheClockForEachWhenTheNodeTakesLongBeforeItSends() {
        for (int i = 0; i < 100; i++) {
            idle(1000, 30);
            assertThat(send(1, 50_000)).isLessThan(10);
        }
    }

    @Test
    void shouldReadTheClockWhenItIsToldThatTimeHasPassed() {
        send(1000, 20);
        clock.nowNs += 1_000_000;
        time.forget();

        assertThat(send(1, 0)).isLessThan(10);
    }
}
