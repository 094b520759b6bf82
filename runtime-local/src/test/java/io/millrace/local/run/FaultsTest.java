package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.RetainedMessage;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowResult.Failure;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a node does wrong, the one beside it goes on, the report names the culprit, and the dataflow can be closed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FaultsTest {
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(GRACE)
            .keepAlive(false)
            .debug(true)
            .build();

    private final CountDownLatch release = new CountDownLatch(1);

    /** What the culprit does at its second message. */
    private enum Fault {
        THROW("told to throw"),
        OUT_OF_MEMORY("OutOfMemoryError"),
        OVERFLOW_STACK("StackOverflowError"),
        USE_A_MESSAGE_TOO_LATE("this message is no longer valid"),
        LEAVE_A_CLAIM_OPEN("neither committed nor aborted"),
        EXHAUST_ITS_POOL("node 'culprit' retains so many messages");

        private final String reported;

        Fault(String reported) {
            this.reported = reported;
        }
    }

    @AfterEach
    void leaveNoThread() {
        release.countDown();
        Threads.awaitNone("millrace-faults");
    }

    private record Culprit(Fault fault, AtomicReference<Message> kept, AtomicReference<NodeContext> context)
            implements Operator {
        @Override
        public void open(NodeContext opened) {
            context.set(opened);
        }

        @Override
        public void onInput(Input input, Message message) {
            if (kept.get() == null) {
                kept.set(message);
                return;
            }
            Output out = context.get().output("out");
            switch (fault) {
                case THROW -> throw new IllegalStateException("told to throw");
                case OUT_OF_MEMORY -> allocate(Integer.MAX_VALUE);
                case OVERFLOW_STACK -> recurse(0);
                case USE_A_MESSAGE_TOO_LATE -> kept.get().text();
                case LEAVE_A_CLAIM_OPEN -> {
                    out.claim(8);
                    out.send("cannot be sent");
                }
                case EXHAUST_ITS_POOL -> retainWithoutEnd(message);
            }
        }

        /** A message that travels within its edge is copied each time. */
        private static void retainWithoutEnd(Message message) {
            while (true) {
                message.retain();
            }
        }

        /** More than any array may have, so it fails at once and for real. */
        private static void allocate(int length) {
            long[] tooMany = new long[length];
            throw new AssertionError("there is room for " + tooMany.length);
        }

        @SuppressWarnings("InfiniteRecursion") // that is what it is for
        private static long recurse(long depth) {
            return recurse(depth + 1) + depth;
        }
    }

    /** The culprit, beside a relay that has nothing to do with it. */
    private static DataflowBuilder beside(Culprit culprit) {
        return Dataflow.builder("faults")
                .operator(
                        "culprit",
                        () -> culprit,
                        ports -> ports.input("in", "millrace/app/culprit", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .operator(
                        "relay",
                        Relay::new,
                        ports -> ports.input("in", "millrace/app/relay", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"));
    }

    private static final class Sink implements Operator {}

    private static final class Relay implements Operator {
        private @Nullable Output out;

        @Override
        public void open(NodeContext context) {
            out = context.output("out");
        }

        @Override
        public void onInput(Input input, Message message) {
            out.send(message.text());
        }
    }

    private static void assertTheOtherGoesOn(RunningDataflow running) throws InterruptedException {
        Subscription relayed = running.subscribe("relay/out", SubscribeOptions.backpressure(100));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            running.publisher("relay").send("m" + i, Threads.DEADLINE);
        }
        long beginNs = System.nanoTime();
        while (texts.size() < 20 && System.nanoTime() - beginNs < Threads.DEADLINE.toNanos()) {
            relayed.poll(message -> texts.add(message.text()), Duration.ofMillis(100));
        }
        assertThat(texts).hasSize(20).startsWith("m0").endsWith("m19");
        assertThat(running.state()).isEqualTo(DataflowState.RUNNING);
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailTheCulpritAloneAndNameItWhateverItDoes(Fault fault) throws Exception {
        Culprit culprit = new Culprit(fault, new AtomicReference<>(), new AtomicReference<>());
        try (RunningDataflow running = beside(culprit).build().start(OPTIONS)) {
            running.publisher("culprit").send("first", Threads.DEADLINE);
            running.publisher("culprit").send("second".repeat(600), Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("culprit").state() == NodeState.FAILED);

            assertTheOtherGoesOn(running);
            assertThat(running.status().node("relay").state()).isEqualTo(NodeState.RUNNING);
            running.publisher("relay").close();
            DataflowResult result = running.await(Threads.DEADLINE);

            assertThat(result.state()).isEqualTo(DataflowState.FAILED);
            assertThat(result.failures()).extracting(Failure::node).containsExactly("culprit");
            assertThat(result.failures().get(0).error().toString()).contains(fault.reported);
        }
    }

    @Test
    void shouldSendNothingMoreForOneThatHasEnded() throws Exception {
        AtomicReference<Output> kept = new AtomicReference<>();
        Node brief = context -> kept.set(context.output("out"));
        Dataflow dataflow = Dataflow.builder("faults")
                .node("brief", () -> brief, ports -> ports.output("out"))
                .operator("sink", Sink::new, ports -> ports.input("in", "brief/out"))
                .operator(
                        "relay",
                        Relay::new,
                        ports -> ports.input("in", "millrace/app/relay", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .build();
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("sink").state() == NodeState.FINISHED);

            assertThat(kept.get().isClosed()).isTrue();
            assertThat(kept.get().send("late").toString()).isEqualTo("CLOSED");
            assertTheOtherGoesOn(running);
            assertThat(running.status().node("brief").sent()).isZero();
        }
    }

    private static final long LARGE = 1 << 20;
    private static final long DEFAULT_BUDGET_BYTES = 64 << 20;

    /** Keeps whatever it gets, and so all that its producer has for large payloads. */
    private static final class Hoarder implements Operator {
        private final List<RetainedMessage> hoard = new ArrayList<>();

        @Override
        public void onInput(Input input, Message message) {
            hoard.add(message.retain());
        }
    }

    @Test
    void shouldHoldUpNobodyButTheProducerWhenAConsumerKeepsAllTheMemoryOfItsOutput() throws Exception {
        ByteBuffer payload = ByteBuffer.allocate((int) LARGE).asReadOnlyBuffer();
        Node producer = context -> {
            SendResult result = SendResult.ACCEPTED;
            while (result == SendResult.ACCEPTED) {
                result = context.output("out").send(payload.duplicate());
            }
        };
        Dataflow dataflow = Dataflow.builder("faults")
                .node("producer", () -> producer, ports -> ports.output("out"))
                .operator(
                        "hoarder",
                        Hoarder::new,
                        ports -> ports.input("in", "producer/out", QueuePolicy.BACKPRESSURE, 1))
                .operator(
                        "relay",
                        Relay::new,
                        ports -> ports.input("in", "millrace/app/relay", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .build();
        RunningDataflow running = dataflow.start(OPTIONS);
        try {
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("hoarder").received() * LARGE == DEFAULT_BUDGET_BYTES);

            assertTheOtherGoesOn(running);
            // A message is counted as sent when its edges have it, so perhaps after it was received.
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("producer").sent() * LARGE == DEFAULT_BUDGET_BYTES);
            running.close();

            DataflowResult result = running.await(Duration.ZERO); // it has ended by now
            assertThat(result.failures()).isEmpty();
            assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        } finally {
            running.close();
        }
    }

    @Test
    void shouldCloseWithinItsGraceWhenANodeBlocksForEver() throws Exception {
        Node blocking = context -> {
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    context.logger().debug("ignored an interrupt, as the test wants it");
                }
            }
        };
        Dataflow dataflow = Dataflow.builder("faults")
                .node("blocking", () -> blocking, ports -> ports.output("out"))
                .operator(
                        "relay",
                        Relay::new,
                        ports -> ports.input("in", "millrace/app/relay", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .build();
        RunningDataflow running = dataflow.start(OPTIONS);
        assertTheOtherGoesOn(running);

        running.close();

        DataflowResult result = running.await(Duration.ZERO); // it has ended by now
        assertThat(result.failures()).extracting(Failure::node).containsExactly("blocking");
        assertThat(result.status().node("blocking").state()).isEqualTo(NodeState.ABANDONED);
        assertThat(result.status().node("relay").state()).isEqualTo(NodeState.STOPPED);
    }
}
