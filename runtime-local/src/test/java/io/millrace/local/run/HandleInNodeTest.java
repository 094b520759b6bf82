package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that was handed the handle of its own dataflow. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HandleInNodeTest {
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(30))
            .keepAlive(false)
            .build();

    private final CompletableFuture<RunningDataflow> handle = new CompletableFuture<>();

    /** An operator that does something with the handle at each message. */
    private RunningDataflow start(int threads, Consumer<RunningDataflow> action) {
        Operator curious = new Operator() {
            @Override
            public void onInput(Input input, Message message) {
                action.accept(handle.join());
            }
        };
        RunningDataflow running = Dataflow.builder("handled")
                .operator(
                        "curious",
                        () -> curious,
                        ports -> ports.input("in", "millrace/app/in").output("out"))
                .build()
                .start(OPTIONS.toBuilder().threads(threads).build());
        handle.complete(running);
        return running;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldCloseWithoutWaitingWhenANodeDoesIt(int threads) throws Exception {
        CompletableFuture<DataflowState> stateAfterClose = new CompletableFuture<>();
        try (RunningDataflow running = start(threads, own -> {
            own.close();
            stateAfterClose.complete(own.state());
        })) {
            running.publisher("in").send("now", Threads.DEADLINE);

            assertThat(running.await(Threads.DEADLINE).failures()).isEmpty();
        }
        assertThat(stateAfterClose).isCompletedWithValueMatching(state -> !state.isFinal());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldRefuseANodeThatWaitsForTheEnd(int threads) throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        try (RunningDataflow running = start(
                threads,
                own -> refused.complete(
                        catchThrowableOfType(IllegalStateException.class, () -> own.await(Duration.ofDays(1)))))) {
            running.publisher("in").send("now", Threads.DEADLINE);

            assertThat(refused.get(60, TimeUnit.SECONDS))
                    .hasMessage("dataflow 'handled': a node cannot wait for the end of its own dataflow");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNotWaitForTheNodeThatSubscribesAndTapsItself(int threads) throws Exception {
        CompletableFuture<Boolean> isAttached = new CompletableFuture<>();
        try (RunningDataflow running = start(threads, own -> {
            own.subscribe("curious/out");
            own.tap("curious/out", SubscribeOptions.DEFAULT, message -> {});
            isAttached.complete(true);
        })) {
            running.publisher("in").send("now", Threads.DEADLINE);

            assertThat(isAttached.get(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "deterministic"})
    void shouldCloseWithoutWaitingWhenANodeWithItsOwnLoopDoesIt(String runtime) throws Exception {
        Dataflow dataflow = Dataflow.builder("looping")
                .node(
                        "source",
                        () -> context -> {
                            handle.join().close();
                            while (context.sleep(Duration.ofSeconds(1))) {
                                // until the stop comes
                            }
                        },
                        ports -> {})
                .build();
        StartOptions options =
                OPTIONS.toBuilder().runtime(runtime).whenOpen(handle::complete).build();

        DataflowResult result = dataflow.start(options).await(Threads.DEADLINE);

        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
    }
}
