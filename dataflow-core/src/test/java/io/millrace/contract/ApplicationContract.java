package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.Tap.Heard;
import io.millrace.contract.nodes.Driver;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowEvent.NodeStateChanged;
import io.millrace.runtime.DataflowEvent.StateChanged;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application takes part in a running dataflow: it publishes, subscribes and listens, from its own threads. */
public abstract class ApplicationContract extends DataflowContract {

    private static final String RELAY = """
            queue_policy: backpressure
            nodes:
              - {id: relay, class: Relay, inputs: {in: {source: millrace/app/in, queue_size: 5}}, outputs: [out]}
            """;

    private static final String DRIVER_AND_SINK = """
            queue_policy: backpressure
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: sink, class: Collector, inputs: {in: driver/out}, outputs: [report]}
            """;

    private static final String FLOOD = """
            queue_policy: backpressure
            nodes:
              - {id: flood, class: Flood, outputs: [out]}
              - {id: sink, class: Collector, inputs: {in: flood/out}, outputs: [report]}
            """;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes until there is no room; nobody takes what comes out, so that comes to be. */
    private static int fill(Publisher publisher) {
        int accepted = 0;
        while (publisher.offer(bytes(Integer.toString(accepted))) == SendResult.ACCEPTED) {
            accepted++;
        }
        return accepted;
    }

    @Test
    void shouldLoseNothingWhenSeveralThreadsPublish() throws Exception {
        Trial trial = run(RELAY);
        Tap out = trial.tap("relay/out", SubscribeOptions.backpressure(7));
        Publisher publisher = trial.running().publisher("in");
        Threads threads = new Threads();
        for (int thread = 0; thread < 4; thread++) {
            String prefix = thread + ":";
            threads.start(() -> {
                for (int message = 0; message < 1000; message++) {
                    assertThat(publisher.send(prefix + message, Trial.DEADLINE)).isEqualTo(SendResult.ACCEPTED);
                }
            });
        }
        List<String> texts = out.texts(4000);
        threads.join();
        publisher.close();
        assertThat(out.rest()).isEmpty();
        for (int thread = 0; thread < 4; thread++) {
            String prefix = thread + ":";
            assertThat(texts.stream().filter(text -> text.startsWith(prefix)))
                    .containsExactlyElementsOf(IntStream.range(0, 1000)
                            .mapToObj(message -> prefix + message)
                            .toList());
        }
    }

    @Test
    void shouldCarryParametersWhenTheyArePublished() throws Exception {
        Trial trial = run(RELAY);
        Tap out = trial.tap("relay/out");
        ByteBuffer payload = bytes("a payload").position(2).limit(7);
        assertThat(trial.running().publisher("in").offer(payload, Driver.annotations()))
                .isEqualTo(SendResult.ACCEPTED);
        Heard heard = out.next();
        assertThat(heard.text()).isEqualTo("paylo");
        assertThat(heard.parameters()).isEqualTo(Driver.annotations());
        assertThat(payload.position()).isEqualTo(2);
    }

    @Test
    void shouldDeliverLargePayloadWhenItIsPublished() throws Exception {
        Trial trial = run(RELAY);
        Tap out = trial.tap("relay/out");
        String text = "0123456789abcdef".repeat(100_000);
        trial.running().publisher("in").send(text, Trial.DEADLINE);
        assertThat(out.nextText()).isEqualTo(text);
    }

    @Test
    void shouldRefuseMessageWhenThereIsNoRoom() throws Exception {
        Trial trial = run(RELAY);
        Tap out = trial.tap("relay/out", SubscribeOptions.backpressure(1));
        Publisher publisher = trial.running().publisher("in");
        publisher.send("first", Trial.DEADLINE);
        Trial.await(
                "the relay has sent it",
                () -> trial.running().status().node("relay").sent() == 1);
        assertThat(fill(publisher)).isEqualTo(5);
        assertThat(publisher.offer(bytes("refused"))).isEqualTo(SendResult.FULL);
        assertThat(publisher.send("refused", Duration.ofMillis(20))).isEqualTo(SendResult.FULL);
        assertThat(publisher.send(bytes("refused"), Duration.ZERO)).isEqualTo(SendResult.FULL);
        assertThat(out.texts(6)).containsExactly("first", "0", "1", "2", "3", "4");
        assertThat(publisher.send("last", Trial.DEADLINE)).isEqualTo(SendResult.ACCEPTED);
        assertThat(out.nextText()).isEqualTo("last");
    }

    @Test
    void shouldCloseInputAfterItsLastMessageWhenPublisherIsClosed() throws Exception {
        Trial trial = run(RELAY);
        Tap out = trial.tap("relay/out");
        Publisher publisher = trial.running().publisher("in");
        publisher.send("a", Trial.DEADLINE);
        publisher.send("b", Trial.DEADLINE);
        publisher.close();
        publisher.close();
        assertThat(out.restTexts()).containsExactly("a", "b");
        assertThat(publisher.offer(bytes("c"))).isEqualTo(SendResult.CLOSED);
        assertThat(publisher.send("c", Trial.DEADLINE)).isEqualTo(SendResult.CLOSED);
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
        assertThat(trial.running().publisher("in").offer(bytes("d"))).isEqualTo(SendResult.CLOSED);
    }

    @Test
    void shouldFeedEveryInputOfItsNameOrNone() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: wide, class: Recorder, inputs: {in: {source: millrace/app/in, queue_size: 50}}, outputs: [report]}
                  - {id: holder, class: Holder, inputs: {in: {source: millrace/app/in, queue_size: 2}}, outputs: [gate, report]}
                """);
        Tap gate = trial.gate("holder");
        Tap held = trial.tap("holder/report");
        Tap wide = trial.tap("wide/report");
        Publisher publisher = trial.running().publisher("in");
        publisher.send("x", Trial.DEADLINE);
        held.next();
        assertThat(fill(publisher)).isEqualTo(2);
        gate.next();
        publisher.close();
        assertThat(wide.restTexts())
                .containsExactly("open", "input in x", "input in 0", "input in 1", "closed in", "all closed");
        assertThat(held.restTexts())
                .containsExactly("held x", "input in 0", "input in 1", "closed in", "all closed", "ended");
    }

    @Test
    void shouldGiveOutTheSamePublisherForOneName() {
        Trial trial = run(RELAY);
        assertThat(trial.running().publisher("in")).isSameAs(trial.running().publisher("in"));
        assertThat(trial.running().publisher("in").name()).isEqualTo("in");
    }

    @Test
    void shouldListTheNamesThereAreWhenPublisherIsUnknown() {
        Trial trial = run("""
                nodes:
                  - {id: relay, class: Relay, inputs: {x: millrace/app/helm, y: millrace/app/sails}, outputs: [out]}
                """);
        assertThatThrownBy(() -> trial.running().publisher("rudder"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("rudder", "helm", "sails");
    }

    @Test
    void shouldReleaseWaitingPublisherWhenDataflowEnds() throws Exception {
        Trial trial = run(RELAY);
        trial.tap("relay/out", SubscribeOptions.backpressure(1));
        Publisher publisher = trial.running().publisher("in");
        Threads threads = new Threads();
        threads.start(() -> {
            SendResult result = SendResult.ACCEPTED;
            while (result == SendResult.ACCEPTED) {
                result = publisher.send("again", Trial.DEADLINE);
            }
            assertThat(result).isEqualTo(SendResult.CLOSED);
        });
        trial.running().close();
        threads.join();
    }

    @Test
    void shouldNotWaitLongerThanItWasToldWhenAnotherThreadWaitsForRoom() throws Exception {
        Trial trial = run(RELAY);
        Tap out = trial.tap("relay/out", SubscribeOptions.backpressure(1));
        Publisher publisher = trial.running().publisher("in");
        Threads threads = new Threads();
        Thread waiting = threads.start(() -> {
            for (int message = 0; message < 20; message++) {
                assertThat(publisher.send("again", Trial.DEADLINE)).isEqualTo(SendResult.ACCEPTED);
            }
        });
        Trial.await("no room is left", () -> {
            EdgeStatus in = trial.edge("millrace/app/in -> relay/in");
            return in.received() >= 1
                    && in.sent() - in.received() == 5
                    && trial.running().status().nodes().get(0).sent() >= 1;
        });
        Trial.await("the other thread waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        long beganNs = System.nanoTime();
        assertThat(publisher.offer(bytes("at once"))).isEqualTo(SendResult.FULL);
        assertThat(publisher.send("soon", Duration.ofMillis(10))).isEqualTo(SendResult.FULL);
        assertThat(System.nanoTime() - beganNs)
                .isLessThan(Duration.ofSeconds(10).toNanos());
        out.texts(20);
        threads.join();
    }

    @Test
    void shouldLeaveWaitWhenPublishingThreadIsInterrupted() throws Exception {
        Trial trial = run(RELAY);
        trial.tap("relay/out", SubscribeOptions.backpressure(1));
        Publisher publisher = trial.running().publisher("in");
        Threads threads = new Threads();
        Thread thread = threads.start(() -> assertThatThrownBy(() -> {
                    SendResult result = SendResult.ACCEPTED;
                    while (result == SendResult.ACCEPTED) {
                        result = publisher.send("again", Trial.DEADLINE);
                    }
                })
                .isInstanceOf(InterruptedException.class));
        thread.interrupt();
        threads.join();
    }

    @Test
    void shouldReceiveEveryMessageFromThenOnWhenSubscribedUnderBackpressure() throws Exception {
        Trial trial = run(FLOOD);
        Tap first = trial.tap("flood/out", SubscribeOptions.backpressure(16));
        Tap second = trial.tap("flood/out", SubscribeOptions.backpressure(3));
        assertWithoutGap(first, second);
        // Whoever leaves no longer holds the others back.
        second.close();
        assertWithoutGap(first);
        first.close();
        long received = trial.edge("flood/out -> sink/in").received();
        Trial.await(
                "messages flow again", () -> trial.edge("flood/out -> sink/in").received() > received + 1000);
    }

    /** Reads all of them by turns: one that was not read would hold the others back. */
    private static void assertWithoutGap(Tap... taps) throws InterruptedException {
        long[] sequences = new long[taps.length];
        for (int message = 0; message < 500; message++) {
            for (int tap = 0; tap < taps.length; tap++) {
                long sequence = taps[tap].next().sequence();
                if (message > 0) {
                    assertThat(sequence).isEqualTo(sequences[tap] + 1);
                }
                sequences[tap] = sequence;
            }
        }
    }

    @Test
    void shouldReceiveOnlyTheNewestWhenSubscriptionIsLossy() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        Tap byDefault = new Tap(trial.running().subscribe("driver/out"));
        Tap three = trial.tap("driver/out", new SubscribeOptions(QueuePolicy.DROP_OLDEST, 3));
        Tap latest = trial.tap("driver/out", SubscribeOptions.latest());
        trial.drive("driver").ask("pattern 25 16");
        assertThat(byDefault.waitingNow())
                .extracting(Heard::sequence)
                .containsExactly(15L, 16L, 17L, 18L, 19L, 20L, 21L, 22L, 23L, 24L);
        assertThat(three.waitingNow()).extracting(Heard::sequence).containsExactly(22L, 23L, 24L);
        assertThat(latest.waitingNow()).extracting(Heard::sequence).containsExactly(24L);
        assertThat(byDefault.subscription().dropped()).isEqualTo(15);
        assertThat(three.subscription().dropped()).isEqualTo(22);
        assertThat(latest.subscription().dropped()).isEqualTo(24);
    }

    @Test
    void shouldBoundProducerByItsQueueWhenSubscriptionIsUnderBackpressure() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                """);
        Tap out = trial.tap("driver/out", SubscribeOptions.backpressure(6));
        Commands driver = trial.drive("driver");
        assertThat(driver.ask("fill 100")).isEqualTo("FULL after 6");
        assertThat(out.waitingNow()).extracting(Heard::text).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(driver.ask("fill 100")).isEqualTo("FULL after 6");
    }

    @Test
    void shouldSubscribeToOperatorsOutput() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: relay, class: Relay, inputs: {in: millrace/app/in}, outputs: [a/b]}
                      - {id: sink, class: Recorder, inputs: {in: node/relay/a/b}}
                """);
        Tap out = trial.tap("node/relay/a/b");
        assertThat(out.subscription().output()).isEqualTo("node/relay/a/b");
        trial.running().publisher("in").send("x", Trial.DEADLINE);
        assertThat(out.nextText()).isEqualTo("x");
    }

    @Test
    void shouldListTheOutputsThereAreWhenSubscribedToAnother() {
        Trial trial = run(DRIVER_AND_SINK);
        assertThatThrownBy(() -> trial.running().subscribe("driver/oot"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("driver/oot", "driver/out", "driver/report", "sink/report");
    }

    @Test
    void shouldBeClosedOnceEverythingIsTakenWhenOutputHasClosed() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        Subscription subscription = trial.running().subscribe("driver/out");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 3 16");
        }
        trial.result();
        assertThat(subscription.isClosed()).as("while messages wait").isFalse();
        List<Long> sequences = new ArrayList<>();
        while (!subscription.isClosed()) {
            subscription.poll(message -> sequences.add(message.sequence()), Trial.DEADLINE);
        }
        assertThat(sequences).containsExactly(0L, 1L, 2L);
        assertThat(subscription.poll(message -> sequences.add(-1L), Duration.ofHours(1)))
                .as("returns without waiting")
                .isZero();
    }

    @Test
    void shouldBeClosedFromTheStartWhenSubscribedToClosedOutput() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("close")).isEqualTo("closed true");
            assertThat(trial.running().subscribe("driver/out").isClosed()).isTrue();
        }
        trial.result();
        Subscription late = trial.running().subscribe("driver/report");
        assertThat(late.isClosed()).isTrue();
        assertThat(late.poll(message -> {}, Duration.ofHours(1))).isZero();
    }

    @Test
    void shouldReturnNothingWhenTimeHasPassedWithoutMessage() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        Subscription subscription = trial.running().subscribe("driver/out");
        assertThat(subscription.poll(message -> {})).isZero();
        long beganNs = System.nanoTime();
        assertThat(subscription.poll(message -> {}, Duration.ofMillis(30))).isZero();
        assertThat(System.nanoTime() - beganNs)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void shouldReleaseWaitingSubscriberWhenOutputCloses() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        Subscription subscription = trial.running().subscribe("driver/out");
        Threads threads = new Threads();
        threads.start(() -> {
            while (!subscription.isClosed()) {
                subscription.poll(message -> {}, Duration.ofHours(1));
            }
        });
        trial.running().publisher("driver").close();
        threads.join();
    }

    @Test
    void shouldPassOnWhatHandlerThrowsAndGoOnBehindThatMessage() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        Tap out = trial.tap("driver/out");
        Commands driver = trial.drive("driver");
        driver.ask("pattern 5 16");
        assertThatThrownBy(() -> out.subscription().poll(message -> {
                    throw new IllegalStateException("handler failed at " + message.sequence());
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("handler failed at 0");
        assertThat(out.waitingNow()).extracting(Heard::sequence).containsExactly(1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @EnumSource(QueuePolicy.class)
    void shouldReturnFromPollWhenMessagesKeepComing(QueuePolicy policy) {
        Trial trial = run(FLOOD);
        int queueSize = policy == QueuePolicy.LATEST ? 1 : 16;
        Subscription subscription = trial.running().subscribe("flood/out", new SubscribeOptions(policy, queueSize));
        int[] taken = {0};
        Trial.await(
                "messages wait",
                () -> subscription.poll(message -> {
                            assertThat(++taken[0]).isLessThan(2_000);
                            giveTimeToSend(trial);
                        })
                        > 0);
    }

    /** Until the source has sent one more; not long, for it may have no room. */
    private static void giveTimeToSend(Trial trial) {
        long beganNs = System.nanoTime();
        long sent = trial.running().status().node("flood").sent();
        while (trial.running().status().node("flood").sent() == sent && System.nanoTime() - beganNs < 1_000_000) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldReceiveNoMoreWhenSubscriptionIsClosed() throws Exception {
        Trial trial = run(DRIVER_AND_SINK);
        Tap report = trial.tap("sink/report");
        Tap out = trial.tap("driver/out", SubscribeOptions.backpressure(2));
        try (Commands driver = trial.drive("driver")) {
            driver.tell("pattern 100 16");
            out.next();
            out.close();
            out.close();
            assertThat(driver.report().nextText()).isEqualTo("sent 100");
        }
        assertThat(out.subscription().isClosed()).isTrue();
        assertThat(out.subscription().poll(message -> {}, Duration.ofHours(1))).isZero();
        assertThat(report.restTexts()).containsExactly("in: 100 messages, 0 to 99, 0 missing");
    }

    @Test
    void shouldLeaveOutputOpenWhenLastSubscriptionIsClosed() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                """);
        Tap out = trial.tap("driver/out", SubscribeOptions.backpressure(2));
        Commands driver = trial.drive("driver");
        assertThat(driver.ask("fill 100")).isEqualTo("FULL after 2");
        out.close();
        assertThat(driver.ask("send 100")).isEqualTo("sent 100");
        assertThat(driver.ask("room")).isEqualTo("room true, closed false");
    }

    @Test
    void shouldTellListenersOfStatesInOrder() throws Exception {
        Trial trial = run(FLOOD);
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        List<DataflowEvent> others = new CopyOnWriteArrayList<>();
        trial.running().listen(events::add);
        trial.running().listen(others::add);
        trial.running().stop(Duration.ofSeconds(30));
        trial.result();
        StateChanged end = new StateChanged(DataflowState.STOPPED);
        Trial.await("both have heard of the end", () -> events.contains(end) && others.contains(end));
        assertThat(events)
                .filteredOn(StateChanged.class::isInstance)
                .containsExactly(new StateChanged(DataflowState.STOPPING), end);
        assertThat(events).endsWith(end);
        assertThat(others).filteredOn(StateChanged.class::isInstance).hasSize(2);
        for (String node : List.of("flood", "sink")) {
            List<NodeState> states = events.stream()
                    .filter(NodeStateChanged.class::isInstance)
                    .map(NodeStateChanged.class::cast)
                    .filter(event -> event.node().equals(node))
                    .map(NodeStateChanged::state)
                    .toList();
            assertThat(states).isSorted().doesNotHaveDuplicates();
            assertThat(states.get(states.size() - 1))
                    .isIn(node.equals("flood") ? Set.of(NodeState.STOPPED) : endsOfReadersWhenStopped());
        }
    }

    @Test
    void shouldGoOnTellingWhenListenerThrows() throws Exception {
        Trial trial = run(RELAY);
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        trial.running().listen(event -> {
            throw new IllegalStateException("a listener was told to fail");
        });
        trial.running().listen(event -> {
            throw new AssertionError("a listener was told to fail badly");
        });
        trial.running().listen(events::add);
        trial.running().publisher("in").close();
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
        Trial.await("the last has heard of the end", () -> events.contains(new StateChanged(DataflowState.FINISHED)));
    }
}
