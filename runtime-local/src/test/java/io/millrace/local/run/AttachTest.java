package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumers that come and go at outputs of nodes that make it hard. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AttachTest {
    private static final StartOptions OPTIONS =
            StartOptions.builder().keepAlive(false).build();

    private final AtomicBoolean isOver = new AtomicBoolean();

    /** A source that sends without a pause and calls nothing of its context; its consumer never makes it wait. */
    private RunningDataflow startRestless() {
        return Dataflow.builder("restless")
                .node(
                        "source",
                        () -> context -> {
                            Output out = context.output("out");
                            while (!isOver.get()) {
                                out.claim(8).commit();
                            }
                        },
                        ports -> ports.output("out"))
                .operator(
                        "sink",
                        () -> new Operator() {},
                        ports -> ports.input("in", "source/out", QueuePolicy.DROP_OLDEST, 10))
                .build()
                .start(OPTIONS);
    }

    @Test
    void shouldAttachWhenTheNodeOnlySendsAndNeverWaits() throws Exception {
        try (RunningDataflow running = startRestless()) {
            try (Subscription subscription = running.subscribe("source/out", SubscribeOptions.backpressure(100))) {
                assertThat(subscription.poll(message -> {}, Threads.DEADLINE)).isPositive();
            }
            AtomicLong received = new AtomicLong();
            Tap tap = running.tap(
                    "source/out", SubscribeOptions.backpressure(100), message -> received.incrementAndGet());
            Awaitility.await().atMost(Threads.DEADLINE).until(() -> received.get() > 1_000);
            tap.end().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(received.get()).isEqualTo(tap.counts().get(0).received());
            isOver.set(true);
        }
    }

    /** Ends the tap while a claim is open in the tap's own ring: the only edge there is. */
    @Test
    void shouldLoseNeitherTheClaimNorTheNodeWhenATapEndsWhileAMessageIsBeingWritten() throws Exception {
        AtomicBoolean isClaimed = new AtomicBoolean();
        AtomicBoolean goesOn = new AtomicBoolean();
        Dataflow dataflow = Dataflow.builder("writing")
                .node(
                        "source",
                        () -> context -> {
                            Output out = context.output("out");
                            out.claim(8).commit();
                            Claim claim = out.claim(8);
                            isClaimed.set(true);
                            while (!goesOn.get()) {
                                context.poll();
                            }
                            claim.commit();
                            out.claim(8).commit();
                        },
                        ports -> ports.output("out"))
                .build();
        AtomicLong received = new AtomicLong();
        Tap[] tap = new Tap[1];
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(running -> tap[0] = running.tap(
                        "source/out", SubscribeOptions.backpressure(10), message -> received.incrementAndGet()))
                .build();
        try (RunningDataflow running = dataflow.start(options)) {
            Awaitility.await().atMost(Threads.DEADLINE).until(isClaimed::get);
            tap[0].end().toCompletableFuture().get(60, TimeUnit.SECONDS);
            goesOn.set(true);
            assertThat(running.await(Threads.DEADLINE).failures()).isEmpty();
            assertThat(running.status().node("source").sent()).isEqualTo(3);
            assertThat(received).hasValue(1);
        }
    }

    @Test
    void shouldTellOfTheFailureAloneWhenWhatIsDoneWhenOpenFails() {
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(running -> {
                    throw new IllegalStateException("not today");
                })
                .build();
        assertThatThrownBy(() -> Dataflow.builder("refused")
                        .node("source", () -> context -> {}, ports -> ports.output("out"))
                        .build()
                        .start(options))
                .hasMessageContaining("not today")
                .hasRootCauseMessage("not today");
        Threads.awaitNone("millrace-refused");
    }

    /** Fails at once, to run again in an hour. */
    public static final class Hasty implements Node {
        @Override
        public void run(NodeContext context) {
            throw new IllegalStateException("told to fail");
        }
    }

    @Test
    void shouldNotWaitForANodeThatIsToRunAgainMuchLater() throws Exception {
        Dataflow dataflow = Dataflow.parse("""
                name: later
                nodes:
                  - {id: hasty, class: "%s", restart_policy: on-failure, restart_delay: 3600, outputs: [out]}
                """.formatted(Hasty.class.getName()));
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Subscription early = running.subscribe("hasty/out"); // it may not have failed yet
            Awaitility.await()
                    .atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("hasty").state() == NodeState.RESTARTING);
            Subscription late = running.subscribe("hasty/out");
            Tap tap = running.tap("hasty/out", SubscribeOptions.DEFAULT, message -> {});
            assertThat(early.isClosed() || late.isClosed()).isFalse();
            assertThat(tap.completion().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void shouldWakeWhoWaitsForMessagesWhenTheDataflowEndsWithoutItsProducer() throws Exception {
        CountDownLatch isDeaf = new CountDownLatch(1);
        Dataflow dataflow = Dataflow.builder("deserted")
                .node(
                        "deaf",
                        () -> context -> {
                            isDeaf.countDown();
                            while (!isOver.get()) {
                                LockSupport.parkNanos(1_000_000);
                            }
                        },
                        ports -> ports.output("out"))
                .build();
        Threads threads = new Threads();
        AtomicReference<Subscription> subscribed =
                new AtomicReference<>(); // before its run, for it takes no notice then
        RunningDataflow running = dataflow.start(OPTIONS.toBuilder()
                .closeGrace(Duration.ofMillis(100))
                .whenOpen(open -> subscribed.set(open.subscribe("deaf/out")))
                .build());
        Subscription subscription = subscribed.get();
        Threads.Task<Integer> poller = threads.run(() -> subscription.poll(message -> {}, Duration.ofHours(1)));
        isDeaf.await();
        running.close();

        assertThat(poller.get()).isZero();
        isOver.set(true);
        threads.joinAll();
        Threads.awaitNone("millrace-deserted");
    }

    @Test
    void shouldMissNothingWhenItListensBeforeMessagesFlow() throws Exception {
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(running -> running.listen(events::add))
                .build();
        try (RunningDataflow running = Dataflow.builder("heard")
                .node("source", () -> context -> {}, ports -> ports.output("out"))
                .build()
                .start(options)) {
            running.await(Threads.DEADLINE);
        }
        assertThat(events)
                .filteredOn(DataflowEvent.StateChanged.class::isInstance)
                .startsWith(new DataflowEvent.StateChanged(DataflowState.RUNNING));
    }

    /** As an own loop may: it tries, and does something else for a while. */
    @Test
    void shouldNotTakeANodeForStuckThatFindsNoRoomAgainAndAgain() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicLong refused = new AtomicLong();
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        TESTS_SOURCE.set(context -> {
            ByteBuffer payload = ByteBuffer.allocate(8);
            while (!isOver.get() && context.output("out").offer(payload) != SendResult.CLOSED) {
                refused.incrementAndGet();
                LockSupport.parkNanos(1_000_000);
            }
        });
        TESTS_SINK.set(mayGoOn);
        Dataflow dataflow = Dataflow.parse("""
                name: patient
                health_check_interval: 20ms
                nodes:
                  - {id: source, class: "%s", health_check_timeout: 500ms, outputs: [out]}
                  - {id: sink, class: "%s", inputs: {in: {source: source/out, queue_policy: backpressure, queue_size: 1}}}
                """.formatted(Delegate.class.getName(), Blocked.class.getName()));
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            running.listen(events::add);
            Awaitility.await().atMost(Threads.DEADLINE).until(() -> refused.get() > 1_000);
            isOver.set(true);
            mayGoOn.countDown();
            running.await(Threads.DEADLINE);
        }
        assertThat(events).noneMatch(DataflowEvent.NodeStuck.class::isInstance);
    }

    private static final AtomicReference<NodeBody> TESTS_SOURCE = new AtomicReference<>();
    private static final AtomicReference<CountDownLatch> TESTS_SINK = new AtomicReference<>();

    private interface NodeBody {
        void run(NodeContext context) throws Exception;
    }

    /** Does what the test says. */
    public static final class Delegate implements Node {
        @Override
        public void run(NodeContext context) throws Exception {
            TESTS_SOURCE.get().run(context);
        }
    }

    /** Takes one message, and waits for the test. */
    public static final class Blocked implements Operator {
        @Override
        public void onInput(Input input, Message message) throws InterruptedException {
            TESTS_SINK.get().await();
        }
    }

    /** Sends a thousand messages in the one callback that it has. */
    private static final class Torrent implements Operator {
        private static final int COUNT = 1_000;

        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            for (int i = 0; i < COUNT; i++) {
                context.output("out").send("x");
            }
        }
    }

    @Test
    void shouldHandOverWhatWaitsForRoomWhenATapEndsBetweenTwoCallbacks() throws Exception {
        Dataflow dataflow = Dataflow.builder("torrent")
                .operator(
                        "torrent",
                        Torrent::new,
                        ports -> ports.input("in", "millrace/app/in", QueuePolicy.BACKPRESSURE, 10)
                                .output("out"))
                .build();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Tap tap = running.tap(List.of("torrent/out"), SubscribeOptions.backpressure(10), (from, message) -> {
                begun.countDown();
                mayGoOn.await();
                received.incrementAndGet();
            });
            running.publisher("in").send("go", Threads.DEADLINE);
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            CompletionStage<Void> end = tap.end();
            mayGoOn.countDown();
            end.toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        assertThat(received).hasValue(Torrent.COUNT);
    }
}
