package io.millrace.local.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Execution.Idle;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ThreadWaitingTest {
    private static final int LONG_IDLE = 1_000_000;

    @Test
    void shouldNeedASignalOnlyWhenItParks() {
        assertThat(ThreadWaiting.of(Idle.PARK, true).signal()).isNotNull();
        for (Idle idle : new Idle[] {Idle.BACKOFF, Idle.YIELD, Idle.BUSY_SPIN}) {
            assertThat(ThreadWaiting.of(idle, true).signal()).isNull();
        }
    }

    @Test
    void shouldNotParkWhenThereIsWorkAfterAll() {
        Waiting waiting = ThreadWaiting.of(Idle.PARK, false);
        waiting.bind(Thread.currentThread());

        assertThat(waiting.step(LONG_IDLE, Long.MAX_VALUE, true, () -> true)).isFalse();
    }

    @Test
    void shouldParkUntilItIsSignalled() throws Exception {
        Waiting waiting = ThreadWaiting.of(Idle.PARK, false);
        Threads threads = new Threads();
        Threads.Task<Boolean> parked = threads.run(() -> {
            waiting.bind(Thread.currentThread());
            return waiting.step(LONG_IDLE, Long.MAX_VALUE, true, () -> false);
        });
        parked.awaitWaiting();
        waiting.signal().signal();

        assertThat(parked.get()).isTrue();
    }

    @Test
    void shouldSleepNoLongerThanItMayWhenItBacksOff() {
        Waiting waiting = ThreadWaiting.of(Idle.BACKOFF, false);

        assertThat(waiting.step(0, Long.MAX_VALUE, true, () -> false))
                .as("yields first")
                .isTrue();
        assertThat(waiting.step(LONG_IDLE, Long.MAX_VALUE, true, () -> false))
                .as("sleeps, and wakes by itself")
                .isTrue();
        assertThat(waiting.step(LONG_IDLE, 1, true, () -> false)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Idle.class)
    void shouldNotSleepInItsFirstCycleWhenACoreIsSpare(Idle idle) {
        Waiting waiting = ThreadWaiting.of(idle, true);
        waiting.bind(Thread.currentThread());

        assertThat(waiting.step(0, Long.MAX_VALUE, true, () -> false))
                .as("that time has passed")
                .isEqualTo(idle == Idle.YIELD);
    }
}
