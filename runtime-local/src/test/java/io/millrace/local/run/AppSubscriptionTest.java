package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.agent.Owner;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AppSubscriptionTest {
    private static final Duration LONG = Duration.ofDays(1_000_000_000);

    private final AtomicBoolean isDataflowOver = new AtomicBoolean();
    private final OutputPort output = Owner.output("out", "node/out");
    private final Threads threads = new Threads();
    private final List<String> received = new ArrayList<>();

    private AppSubscription subscribe(QueuePolicy policy, int queueSize) {
        WakeSignal signal = new WakeSignal();
        Edge edge = Edge.create(policy, queueSize, signal, null, RingChoice.AUTOMATIC, () -> {});
        output.attach(edge.writer());
        return new AppSubscription(
                "node/out", new ReadEdges(edge, null), signal, queueSize, isDataflowOver::get, () -> 0, false);
    }

    private AppSubscription subscribe(int queueSize) {
        return subscribe(QueuePolicy.BACKPRESSURE, queueSize);
    }

    private void keep(Message message) {
        received.add(message.text());
    }

    @Test
    void shouldHandOverWhatWaits() throws InterruptedException {
        AppSubscription subscription = subscribe(4);
        assertThat(subscription.poll(this::keep)).isZero();
        output.send("a");
        output.send("b");

        assertThat(subscription.poll(this::keep)).isEqualTo(2);
        assertThat(subscription.poll(this::keep, Duration.ZERO)).isZero();
        assertThat(subscription.poll(this::keep, Duration.ofMillis(2))).isZero();
        assertThat(received).containsExactly("a", "b");
        assertThat(subscription.output()).isEqualTo("node/out");
    }

    @Test
    void shouldCountWhatGaveWay() {
        AppSubscription oldest = subscribe(QueuePolicy.DROP_OLDEST, 2);
        AppSubscription latest = subscribe(QueuePolicy.LATEST, 1);
        for (int i = 0; i < 5; i++) {
            output.send("m" + i);
        }

        assertThat(oldest.dropped()).isEqualTo(3);
        assertThat(latest.dropped()).isEqualTo(4);
        assertThat(oldest.poll(this::keep)).isEqualTo(2);
        assertThat(latest.poll(this::keep)).isEqualTo(1);
        assertThat(received).containsExactly("m3", "m4", "m4");
    }

    @Test
    void shouldReturnWhenMessagesKeepComing() {
        AppSubscription subscription = subscribe(3);
        output.send("first");

        int count = subscription.poll(message -> output.send("and another"));

        assertThat(count).isEqualTo(3);
        assertThat(subscription.poll(message -> {})).isEqualTo(1);
    }

    @Test
    void shouldWakeWhenAMessageComes() throws Exception {
        AppSubscription subscription = subscribe(4);
        Threads.Task<Integer> poller =
                threads.run(() -> subscription.poll(this::keep, LONG)).awaitWaiting();

        output.send("a");

        assertThat(poller.get()).isEqualTo(1);
        assertThat(received).containsExactly("a");
    }

    @Test
    void shouldBeClosedOnceTheOutputIsAndAllIsTaken() throws Exception {
        AppSubscription subscription = subscribe(4);
        output.send("last");
        output.close();

        assertThat(subscription.isClosed()).isFalse();
        assertThat(subscription.poll(this::keep, LONG)).isEqualTo(1);
        assertThat(subscription.isClosed()).isTrue();
        assertThat(subscription.poll(this::keep, LONG)).isZero();
    }

    @Test
    void shouldSeeThatTheOutputIsClosedWithoutAPoll() {
        AppSubscription subscription = subscribe(4);
        assertThat(subscription.isClosed()).isFalse();

        output.close();

        assertThat(subscription.isClosed()).isTrue();
    }

    @Test
    void shouldWakeWhenTheOutputCloses() throws Exception {
        AppSubscription subscription = subscribe(4);
        Threads.Task<Integer> poller =
                threads.run(() -> subscription.poll(this::keep, LONG)).awaitWaiting();

        output.close();

        assertThat(poller.get()).isZero();
        assertThat(subscription.isClosed()).isTrue();
    }

    @Test
    void shouldBeClosedWhenTheDataflowIsOverThoughNobodyClosedTheEdge() throws InterruptedException {
        AppSubscription subscription = subscribe(4);
        output.send("last");
        isDataflowOver.set(true);

        assertThat(subscription.isClosed()).isFalse();
        assertThat(subscription.poll(this::keep, LONG)).isEqualTo(1);
        assertThat(subscription.isClosed()).isTrue();
        assertThat(subscription.poll(this::keep, LONG)).isZero();
    }

    @Test
    void shouldEndWhenItIsClosed() {
        AppSubscription subscription = subscribe(4);
        output.send("waits");

        subscription.close();
        subscription.close();

        assertThat(subscription.isClosed()).isTrue();
        assertThat(subscription.poll(this::keep)).isZero();
        output.send("finds that it is gone");
        assertThat(Owner.consumersOf(output)).isZero();
    }

    @Test
    void shouldWakeWhenAnotherThreadClosesIt() throws Exception {
        AppSubscription subscription = subscribe(4);
        Threads.Task<Integer> poller =
                threads.run(() -> subscription.poll(this::keep, LONG)).awaitWaiting();

        subscription.close();

        assertThat(poller.get()).isZero();
        assertThat(subscription.isClosed()).isTrue();
        output.send("finds that it is gone");
        assertThat(Owner.consumersOf(output)).isZero();
    }

    @Test
    void shouldNotBlockTheCloserWhileAMessageIsHandledAndHandNoOther() throws Exception {
        AppSubscription subscription = subscribe(4);
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        output.send("a");
        output.send("b");
        Threads.Task<Integer> poller = threads.run(() -> subscription.poll(message -> {
            handling.countDown();
            awaitQuietly(goOn);
            keep(message); // is still its own
        }));
        handling.await();

        subscription.close();
        assertThat(subscription.isClosed()).isTrue();
        goOn.countDown();

        assertThat(poller.get()).isEqualTo(1);
        assertThat(received).containsExactly("a");
        assertThat(subscription.edge().reader().discarded()).isEqualTo(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldRefuseASecondThreadThatPolls() throws Exception {
        AppSubscription subscription = subscribe(4);
        Threads.Task<Integer> poller =
                threads.run(() -> subscription.poll(this::keep, LONG)).awaitWaiting();

        assertThatIllegalStateException()
                .isThrownBy(() -> subscription.poll(this::keep))
                .withMessageStartingWith("the subscription to 'node/out' is being polled by thread '")
                .withMessageEndingWith("': one thread polls at a time");
        output.send("a");

        assertThat(poller.get()).isEqualTo(1);
        assertThat(received).containsExactly("a");
    }

    @Test
    void shouldRefuseToBePolledByItsOwnHandler() {
        AppSubscription subscription = subscribe(4);
        output.send("a");
        output.send("b");

        assertThatIllegalStateException()
                .isThrownBy(() -> subscription.poll(message -> subscription.poll(this::keep)))
                .withMessage("the subscription to 'node/out' cannot be polled by the handler of its messages");
        assertThat(subscription.poll(this::keep)).isEqualTo(1);
        assertThat(received).containsExactly("b");
    }

    @Test
    void shouldEndWhenItsOwnHandlerClosesIt() {
        AppSubscription subscription = subscribe(4);
        output.send("a");
        output.send("b");

        int count = subscription.poll(message -> {
            keep(message);
            subscription.close();
        });

        assertThat(count).isEqualTo(1);
        assertThat(received).containsExactly("a");
        assertThat(subscription.poll(this::keep)).isZero();
    }

    @Test
    void shouldCloseExactlyOnceWhateverMeets() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            AppSubscription subscription = subscribe(2);
            output.send("x");
            CountDownLatch go = new CountDownLatch(2);
            Threads.Task<Integer> poller = threads.run(() -> {
                go.countDown();
                go.await();
                return subscription.poll(message -> {});
            });
            go.countDown();
            go.await();
            subscription.close();
            poller.get();
            assertThat(subscription.edge().writer().isClosed())
                    .as("round %s", round)
                    .isTrue();
        }
    }

    @Test
    void shouldLetOutWhatItsHandlerThrowsAndGoOn() {
        AppSubscription subscription = subscribe(4);
        output.send("a");
        output.send("b");
        Message[] kept = new Message[1];

        assertThatIllegalStateException()
                .isThrownBy(() -> subscription.poll(message -> {
                    kept[0] = message;
                    throw new IllegalStateException("of the application");
                }));

        assertThatIllegalStateException().isThrownBy(() -> kept[0].text()).withMessageContaining("no longer valid");
        assertThat(subscription.poll(this::keep)).isEqualTo(1);
        assertThat(received).containsExactly("b");
    }

    @Test
    void shouldSayThatItWasInterruptedWhenItWaits() throws Exception {
        AppSubscription subscription = subscribe(4);
        Threads.Task<Boolean> poller = threads.run(() -> {
                    assertThatExceptionOfType(InterruptedException.class)
                            .isThrownBy(() -> subscription.poll(this::keep, LONG))
                            .withMessage("interrupted while waiting for messages of 'node/out'");
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting();

        poller.thread().interrupt();

        assertThat(poller.get()).isFalse();
        output.send("a");
        assertThat(subscription.poll(this::keep, LONG)).isEqualTo(1);
    }

    @Test
    void shouldReadWhatWaitsBeforeWhatComesByTheEdgeThatTookItsPlace() {
        AppSubscription subscription = subscribe(4);
        output.send("waits");
        WakeSignal signal = new WakeSignal();
        Edge fresh = Edge.create(QueuePolicy.BACKPRESSURE, 4, signal, null, RingChoice.AUTOMATIC, () -> {});
        OutputPort successor = Owner.output("out", "node/out");
        successor.attach(fresh.writer());

        subscription.changeTo(fresh);
        successor.send("comes");
        successor.close();

        assertThat(subscription.isClosed()).isFalse();
        assertThat(subscription.poll(this::keep)).isEqualTo(1);
        assertThat(subscription.isClosed()).isFalse();
        assertThat(subscription.poll(this::keep)).isEqualTo(1);
        assertThat(subscription.isClosed()).isTrue();
        assertThat(received).containsExactly("waits", "comes");
        assertThat(subscription.dropped()).isZero();
    }
}
