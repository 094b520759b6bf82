package io.millrace.local.crew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.millrace.runtime.StartOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DataflowThreadsTest {
    private static final Runnable NOTHING = () -> {};

    private static DataflowThreads threads(StartOptions.Builder options) {
        return new DataflowThreads("flow", options.build());
    }

    @Test
    void shouldMakeDaemonsForNodesWhenThereIsNoFactory() {
        Thread made = threads(StartOptions.builder()).thread(NOTHING, "-node");

        assertThat(made.getName()).isEqualTo("millrace-flow-node");
        assertThat(made.isDaemon()).isTrue();
    }

    @Test
    void shouldNameWhatTheFactoryMakesAndLeaveTheRestToIt() {
        StartOptions.Builder options = StartOptions.builder().threadFactory(action -> new Thread(action, "own"));

        Thread made = threads(options).thread(NOTHING, "-node");

        assertThat(made.getName()).isEqualTo("millrace-flow-node");
        assertThat(made.isDaemon()).isFalse();
    }

    @Test
    void shouldSayWhoIsToBlameWhenTheFactoryMakesNone() {
        StartOptions.Builder options = StartOptions.builder().threadFactory(action -> null);

        assertThatNullPointerException()
                .isThrownBy(() -> threads(options).thread(NOTHING, "-node"))
                .withMessage("the thread factory made no thread");
    }

    @Test
    void shouldKeepTheJvmAliveByTheCoordinatorOnlyWhenAsked() {
        Thread kept = threads(StartOptions.builder().keepAlive(true)).coordinator(NOTHING);
        Thread left = threads(StartOptions.builder().keepAlive(false)).coordinator(NOTHING);

        assertThat(kept.getName()).isEqualTo("millrace-flow");
        assertThat(kept.isDaemon()).isFalse();
        assertThat(left.isDaemon()).isTrue();
    }

    @Test
    void shouldRunByAnotherThreadWhatMayWait() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();

        threads(StartOptions.builder())
                .run(() -> ran.complete(Thread.currentThread().getName()), "-told");

        assertThat(ran.get(60, TimeUnit.SECONDS)).isEqualTo("millrace-flow-told");
    }
}
