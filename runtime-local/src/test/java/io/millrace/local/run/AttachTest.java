package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Claim;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
}
