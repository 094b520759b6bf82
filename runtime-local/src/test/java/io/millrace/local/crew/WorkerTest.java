package io.millrace.local.crew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that share a thread, and one that does not come back from its code. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerTest {
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofMillis(200))
            .keepAlive(false)
            .build();

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch isIn = new CountDownLatch(1);
    private final CountDownLatch mayLeave = new CountDownLatch(1);

    /** Says what happens to it, and on which thread. */
    private class Scribe implements Operator {
        private final String name;

        Scribe(String name) {
            this.name = name;
        }

        void note(String what) {
            calls.add(name + " " + what + " on " + Thread.currentThread().getName());
        }

        @Override
        public void open(NodeContext context) {
            note("open");
        }

        @Override
        public void onInput(Input input, Message message) throws Exception {
            note(message.text());
        }

        @Override
        public void onAllInputsClosed() {
            note("all closed");
        }

        @Override
        public void close() {
            note("close");
        }
    }

    /** Does not come back when it gets a message, and does not heed an interrupt. */
    private final class Stuck extends Scribe {
        Stuck() {
            super("stuck");
        }

        @Override
        public void onInput(Input input, Message message) {
            isIn.countDown();
            boolean isWaiting = true;
            while (isWaiting) {
                try {
                    mayLeave.await();
                    isWaiting = false;
                } catch (InterruptedException e) {
                    note("interrupted");
                }
            }
        }
    }

    @AfterEach
    void letGo() {
        mayLeave.countDown();
        Threads.awaitNone("millrace-flow");
    }

    private DataflowBuilder flow(int threads, String... scribes) {
        DataflowBuilder flow = Dataflow.builder("flow").threads(threads);
        for (String name : scribes) {
            flow.operator(name, () -> new Scribe(name), ports -> ports.input("in", "millrace/app/" + name));
        }
        return flow;
    }

    @Test
    void shouldNameItsThreadsAndKeepNodesOnThem() throws Exception {
        RunningDataflow running = flow(2, "a", "b", "c").build().start(OPTIONS);
        for (String name : List.of("a", "b", "c")) {
            running.publisher(name).send("hello", Duration.ofSeconds(30));
            running.publisher(name).close();
        }
        running.await(Duration.ofSeconds(30));

        assertThat(calls)
                .filteredOn(call -> call.startsWith("a"))
                .containsExactly(
                        "a open on millrace-flow-worker-1",
                        "a hello on millrace-flow-worker-1",
                        "a all closed on millrace-flow-worker-1",
                        "a close on millrace-flow-worker-1");
        assertThat(calls)
                .filteredOn(call -> !call.startsWith("a"))
                .hasSize(8)
                .allMatch(call -> call.endsWith("worker-2"));
    }

    @Test
    void shouldEndTheOthersInOrderWhenANodeDoesNotComeBack() throws Exception {
        RunningDataflow running = flow(1, "before")
                .operator("stuck", Stuck::new, ports -> ports.input("in", "millrace/app/stuck"))
                .operator("after", () -> new Scribe("after"), ports -> ports.input("in", "millrace/app/after"))
                .build()
                .start(OPTIONS);
        running.publisher("stuck").send("go in", Duration.ofSeconds(30));
        isIn.await();
        running.publisher("before").send("late", Duration.ofSeconds(30));
        running.close();

        DataflowResult result = running.completion().toCompletableFuture().getNow(null);
        assertThat(result).isNotNull();
        assertThat(result.status().node("before").state()).isEqualTo(NodeState.STOPPED);
        assertThat(result.status().node("after").state()).isEqualTo(NodeState.STOPPED);
        assertThat(result.status().node("stuck").state()).isEqualTo(NodeState.ABANDONED);
        assertThat(calls).anyMatch(call -> call.startsWith("stuck interrupted"));
        assertThat(calls)
                .anyMatch(call -> call.startsWith("before close"))
                .anyMatch(call -> call.startsWith("after close"));
        assertThat(result.cause().orElseThrow().error().getStackTrace())
                .as("where it stands")
                .anyMatch(frame -> frame.getClassName().endsWith("WorkerTest$Stuck"));

        mayLeave.countDown();
        await("it ends alone")
                .atMost(Duration.ofSeconds(30))
                .until(() -> calls.stream().anyMatch(call -> call.startsWith("stuck close")));
    }

    @Test
    void shouldOpenTheOthersAndCloseThemWhenOneFailsToOpen() {
        Dataflow dataflow = flow(1, "first")
                .operator(
                        "broken",
                        () -> new Scribe("broken") {
                            @Override
                            public void open(NodeContext context) {
                                throw new IllegalStateException("no such device");
                            }
                        },
                        ports -> ports.input("in", "millrace/app/broken"))
                .build();

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> dataflow.start(OPTIONS))
                .hasMessageContaining("node 'broken' failed in open");
        assertThat(calls).contains("first open on millrace-flow-worker-1", "first close on millrace-flow-worker-1");
    }

    /** Passes on what it gets. */
    private static final class Relay implements Operator {
        private Output out;

        @Override
        public void open(NodeContext context) {
            out = context.output("out");
        }

        @Override
        public void onInput(Input input, Message message) {
            out.send(message);
        }
    }

    @Test
    void shouldPassMessagesThroughALongChainOnFewThreads() throws Exception {
        int nodes = 2_000;
        DataflowBuilder chain = Dataflow.builder("flow").threads(2);
        String source = "millrace/app/in";
        for (int i = 0; i < nodes; i++) {
            String from = source;
            chain.operator(
                    "n" + i,
                    Relay::new,
                    ports ->
                            ports.input("in", from, QueuePolicy.BACKPRESSURE, 1).output("out"));
            source = "n" + i + "/out";
        }
        RunningDataflow running = chain.build().start(OPTIONS);
        List<String> received = new CopyOnWriteArrayList<>();
        try (Subscription end = running.subscribe(source, SubscribeOptions.backpressure(10))) {
            for (int i = 0; i < 20; i++) {
                running.publisher("in").send("message " + i, Duration.ofSeconds(30));
                end.poll(message -> received.add(message.text()), Duration.ofSeconds(50));
                assertThat(received).hasSize(i + 1).endsWith("message " + i);
            }
        } finally {
            running.close();
        }
    }
}
