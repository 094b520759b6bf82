package io.millrace.local.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StartGateTest {
    private final StartGate gate = new StartGate();
    private final Threads threads = new Threads();

    @Test
    void shouldLetAllGoOnWhenItOpens() throws Exception {
        Threads.Task<Boolean> first = threads.run(gate::await).awaitWaiting();
        Threads.Task<Boolean> second = threads.run(gate::await).awaitWaiting();

        gate.open();

        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();
        assertThat(gate.await()).as("who comes later").isTrue();
    }

    @Test
    void shouldEndAllWhenTheStartFails() throws Exception {
        Threads.Task<Boolean> waiting = threads.run(gate::await).awaitWaiting();

        gate.abort();
        gate.open();

        assertThat(waiting.get()).isFalse();
        assertThat(gate.await()).as("who comes later").isFalse();
    }

    @Test
    void shouldWaitOnWhenAnInterruptComes() throws Exception {
        Threads.Task<Boolean> waiting = threads.run(
                        () -> gate.await() && Thread.currentThread().isInterrupted())
                .awaitWaiting();
        waiting.thread().interrupt();
        waiting.awaitWaiting();

        gate.open();

        assertThat(waiting.get()).as("it went on, and the flag is still there").isTrue();
    }

    @Test
    void shouldWaitEvenIfTheFlagWasSetBefore() throws Exception {
        Threads.Task<Boolean> waiting = threads.run(() -> {
                    Thread.currentThread().interrupt();
                    return gate.await();
                })
                .awaitWaiting();

        gate.open();

        assertThat(waiting.get()).isTrue();
    }
}
