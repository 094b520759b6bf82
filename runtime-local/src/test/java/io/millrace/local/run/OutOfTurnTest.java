package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that use what belongs to a node's own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OutOfTurnTest {
    private static final StartOptions OPTIONS =
            StartOptions.builder().keepAlive(false).debug(true).build();

    private final AtomicReference<@Nullable Output> lent = new AtomicReference<>();
    private final AtomicInteger received = new AtomicInteger();

    /** Passes on what it gets, and lends its output to the test. */
    private final class Lender implements Operator {
        private @Nullable Output out;

        @Override
        public void open(NodeContext context) {
            out = context.output("out");
        }

        @Override
        public void onInput(Input input, Message message) {
            lent.set(out); // first: who comes after it lends last
            out.send(message.text());
        }
    }

    private final class Counting implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            received.incrementAndGet();
        }
    }

    private Dataflow chain() {
        return Dataflow.builder("chain")
                .operator(
                        "first",
                        Lender::new,
                        ports -> ports.input("in", "millrace/app/in", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .operator(
                        "second",
                        Lender::new,
                        ports -> ports.input("in", "first/out", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .operator("last", Counting::new, ports -> ports.input("in", "second/out", QueuePolicy.BACKPRESSURE, 10))
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldLetNodesSendInDebugModeWhateverThreadsTheyShare(int threads) throws Exception {
        StartOptions options = OPTIONS.toBuilder().threads(threads).build();
        try (RunningDataflow running = chain().start(options)) {
            for (int i = 0; i < 1_000; i++) {
                running.publisher("in").send("m", Threads.DEADLINE);
            }
            running.publisher("in").close();

            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(received).hasValue(1_000);
    }

    @Test
    void shouldRefuseAThreadThatIsNotTheNodesInDebugMode() throws Exception {
        try (RunningDataflow running = chain().start(OPTIONS)) {
            running.publisher("in").send("m", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE).until(() -> received.get() == 1);
            String caller = Thread.currentThread().getName();

            assertThatIllegalStateException()
                    .isThrownBy(() -> lent.get().send("out of turn"))
                    .withMessage("output 'second/out' is used by thread '" + caller
                            + "', but belongs to its node's own, 'millrace-chain-second':"
                            + " publish from other threads by 'millrace/app/NAME'");
        }
        assertThat(received).hasValue(1);
    }

    @Test
    void shouldRefuseAThreadOfItsOwnThatANodeWithALoopSendsFrom() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        Dataflow dataflow = Dataflow.builder("helped")
                .node(
                        "source",
                        () -> context -> {
                            Output out = context.output("out");
                            out.send("its own");
                            Thread helper = new Thread(() -> {
                                try {
                                    out.claim(8);
                                } catch (IllegalStateException e) {
                                    refused.countDown();
                                }
                            });
                            helper.start();
                            helper.join();
                        },
                        ports -> ports.output("out"))
                .operator("last", Counting::new, ports -> ports.input("in", "source/out"))
                .build();

        dataflow.start(OPTIONS).await(Threads.DEADLINE);

        assertThat(refused.getCount()).isZero();
        assertThat(received).hasValue(1);
    }
}
