package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.contract.nodes.Pattern;
import io.millrace.node.Message;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap.OutputCounts;
import io.millrace.runtime.TapHandler;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Subscribers and taps come and go while the dataflow runs. */
public abstract class TapContract extends DataflowContract {
    private static final SubscribeOptions ROOMY = SubscribeOptions.backpressure(1 << 12);

    private static final String DRIVER = """
            queue_policy: backpressure
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: sink, class: Recorder, inputs: {in: {source: driver/out, queue_size: 100}}, outputs: [report]}
            """;

    /** A handler that stands still until it may take a message, and keeps what it took. */
    private static final class Gated implements AutoCloseable {
        private final Semaphore permits = new Semaphore(0);
        private final List<String> lines = new CopyOnWriteArrayList<>();

        void take(String output, Message message) throws InterruptedException {
            lines.add(output + " " + message.text());
            permits.acquire();
        }

        void open() {
            permits.release(1 << 20);
        }

        @Override
        public void close() {
            open();
        }
    }

    private static List<String> lines(String output, int count) {
        return IntStream.range(0, count).mapToObj(i -> output + " " + i).toList();
    }

    private static void await(io.millrace.runtime.Tap tap) throws Exception {
        tap.completion().toCompletableFuture().get(Trial.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void shouldHandOverEveryMessageWhenATapEndsInOrder() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        List<String> lines = new CopyOnWriteArrayList<>();
        io.millrace.runtime.Tap tap = trial.running()
                .tap(List.of("driver/out"), ROOMY, (output, message) -> lines.add(output + " " + message.text()));
        driver.ask("send 50");
        tap.end();
        await(tap);
        driver.ask("send 7");
        assertThat(lines).isEqualTo(lines("driver/out", 50));
        assertThat(tap.outputs()).containsExactly("driver/out");
        assertThat(tap.counts()).containsExactly(new OutputCounts("driver/out", 50, 0, Duration.ZERO));
    }

    @Test
    void shouldHandOverWhatWaitsWhenATapEndsInOrderBehindAStalledHandler() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap = trial.running().tap(List.of("driver/out"), ROOMY, gated::take);
            driver.ask("send 20");
            tap.end();
            driver.ask("send 20"); // the node has taken notice of the end before this
            assertThat(tap.completion().toCompletableFuture()).isNotDone();
            gated.open();
            await(tap);
            assertThat(gated.lines).isEqualTo(lines("driver/out", 20));
        }
    }

    /** Keeps the texts of messages, and a word for each pause. */
    private static final class Pausing implements TapHandler {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(String output, Message message) {
            seen.add(message.text());
        }

        @Override
        public void onPause() {
            seen.add("pause");
        }
    }

    @Test
    void shouldSayOnceThatNothingWaitsAnyMore() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        Pausing pausing = new Pausing();
        io.millrace.runtime.Tap tap = trial.running().tap(List.of("driver/out"), ROOMY, pausing);
        driver.ask("send 1");
        Trial.await("it was told of the pause", () -> pausing.seen.contains("pause"));
        driver.ask("send 1");
        tap.end();
        await(tap);
        assertThat(pausing.seen).containsExactly("0", "pause", "1", "pause");
    }

    @Test
    void shouldHandOverNoMoreWhenATapIsClosed() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap = trial.running().tap(List.of("driver/out"), ROOMY, gated::take);
            driver.ask("send 20");
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            tap.close();
            tap.close();
            gated.open();
            await(tap);
            assertThat(gated.lines).containsExactly("driver/out 0");
        }
        assertThat(driver.ask("send 200")).isEqualTo("sent 200");
    }

    @Test
    void shouldSeeTheFirstMessageWhenAttachedBeforeMessagesFlow() throws Exception {
        List<Long> sequences = new CopyOnWriteArrayList<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(running -> running.tap("counter/out", ROOMY, message -> sequences.add(message.sequence())))
                .build();
        Trial trial = run(parse("""
                queue_policy: backpressure
                nodes:
                  - {id: counter, class: Counter, config: {count: 300}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: counter/out}, outputs: [report]}
                """), options);
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
        Trial.await("all were handed over", () -> sequences.size() == 300);
        assertThat(sequences)
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> (long) i).toList());
    }

    @Test
    void shouldNotStartWhenWhatIsDoneBeforeMessagesFlowFails() {
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(running -> running.tap("driver/nothing", ROOMY, message -> {}))
                .build();
        assertThatThrownBy(() -> start(parse(DRIVER), options))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContainingAll("before messages flow", "driver/nothing", "driver/out");
    }

    @Test
    void shouldHoldTheNodeUpWhenALosslessTapStalls() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap =
                    trial.running().tap(List.of("driver/out"), SubscribeOptions.backpressure(5), gated::take);
            driver.ask("send 1");
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            assertThat(driver.ask("fill 50")).isEqualTo("FULL after 5");
            gated.open();
            assertThat(driver.ask("send 10")).isEqualTo("sent 10");
            tap.end();
            await(tap);
            assertThat(gated.lines).isEqualTo(lines("driver/out", 16));
            assertThat(tap.counts().get(0).heldUp()).isPositive();
        }
    }

    @Test
    void shouldExplainThatATapHoldsTheNodeUpWhenItStalls() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        RunningDataflow running = trial.running();
        try (Gated gated = new Gated()) {
            running.tap(List.of("driver/out"), SubscribeOptions.backpressure(5), gated::take);
            driver.ask("send 1");
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            driver.ask("fill 50");
            Trial.await("it is explained", () -> !running.explainStall().isEmpty());
            assertThat(running.explainStall()).singleElement().satisfies(stall -> {
                assertThat(stall.holder()).isEqualTo(Stall.Holder.TAP);
                assertThat(stall.name()).isEqualTo("driver/out");
                assertThat(stall.edges()).containsExactly("driver/out -> tap");
                assertThat(stall.heldFor()).isPositive();
                assertThat(stall.stack())
                        .anyMatch(frame -> frame.getMethodName().equals("take"));
                assertThat(stall.toString()).contains("tap of 'driver/out'", "at ");
            });
            gated.open();
            Trial.await(
                    "nobody is held up any more", () -> running.explainStall().isEmpty());
        }
    }

    @Test
    void shouldExplainThatASubscriptionHoldsTheNodeUpWhenNobodyPolls() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        RunningDataflow running = trial.running();
        try (Subscription subscription = running.subscribe("driver/out", SubscribeOptions.backpressure(5))) {
            assertThat(driver.ask("fill 50")).isEqualTo("FULL after 5");
            Trial.await("it is explained", () -> !running.explainStall().isEmpty());
            assertThat(running.explainStall()).singleElement().satisfies(stall -> {
                assertThat(stall.holder()).isEqualTo(Stall.Holder.SUBSCRIPTION);
                assertThat(stall.name()).isEqualTo("driver/out");
                assertThat(stall.edges()).containsExactly("driver/out -> application");
                assertThat(stall.stack()).isEmpty();
                assertThat(stall.toString()).contains("subscription of 'driver/out'");
            });
            assertThat(subscription.poll(message -> {})).isEqualTo(5);
            assertThat(running.explainStall()).isEmpty();
        }
    }

    private static final String FED = """
            queue_policy: backpressure
            nodes:
              - {id: sink, class: Drain, inputs: {in: millrace/app/feed}}
            """;

    @Test
    void shouldHandOverWhatTheApplicationPublishes() throws Exception {
        Trial trial = run(FED);
        List<String> lines = new CopyOnWriteArrayList<>();
        io.millrace.runtime.Tap tap = trial.running()
                .tap(
                        List.of("millrace/app/feed"),
                        ROOMY,
                        (output, message) -> lines.add(output + " " + message.text()));
        for (int i = 0; i < 40; i++) {
            assertThat(trial.running().publisher("feed").send(Integer.toString(i), Trial.DEADLINE))
                    .isEqualTo(SendResult.ACCEPTED);
        }
        tap.end();
        trial.running().publisher("feed").send("not wanted", Trial.DEADLINE);
        await(tap);
        assertThat(lines).isEqualTo(lines("millrace/app/feed", 40));
        trial.running().publisher("feed").close();
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
        await(trial.running().tap("millrace/app/feed", ROOMY, message -> {}));
        assertThatThrownBy(() -> trial.running().tap("millrace/app/food", ROOMY, message -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("millrace/app/food", "millrace/app/feed");
    }

    @Test
    void shouldHoldThePublisherUpWhenALosslessTapStalls() throws Exception {
        Trial trial = run(FED);
        io.millrace.runtime.Publisher publisher = trial.running().publisher("feed");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap =
                    trial.running().tap(List.of("millrace/app/feed"), SubscribeOptions.backpressure(3), gated::take);
            publisher.send("0", Trial.DEADLINE);
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            int sent = 1;
            while (publisher.send(Integer.toString(sent), Duration.ofMillis(50)) == SendResult.ACCEPTED) {
                sent++;
            }
            assertThat(sent).isEqualTo(4);
            gated.open();
            assertThat(publisher.send("4", Trial.DEADLINE)).isEqualTo(SendResult.ACCEPTED);
            tap.end();
            await(tap);
            assertThat(gated.lines).isEqualTo(lines("millrace/app/feed", 5));
        }
    }

    @Test
    void shouldLetTheNodeGoOnWhenALosslessTapThatStallsIsClosed() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap =
                    trial.running().tap(List.of("driver/out"), SubscribeOptions.backpressure(5), gated::take);
            driver.tell("send 50");
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            tap.close();
            gated.open();
            assertThat(driver.report().nextText()).isEqualTo("sent 50");
        }
    }

    @Test
    void shouldCountWhatIsMissingWhenALossyTapStalls() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap =
                    trial.running().tap(List.of("driver/out"), SubscribeOptions.dropOldest(3), gated::take);
            driver.ask("send 1");
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            assertThat(driver.ask("fill 50")).isEqualTo("ACCEPTED after 50");
            tap.end();
            gated.open();
            await(tap);
            assertThat(gated.lines).containsExactly("driver/out 0", "driver/out 48", "driver/out 49", "driver/out 50");
            assertThat(tap.counts()).containsExactly(new OutputCounts("driver/out", 4, 47, Duration.ZERO));
        }
    }

    @Test
    void shouldHandOverTheOldestFirstWhenMessagesOfSeveralOutputsWait() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [a, b, report]}
                """);
        Commands driver = trial.drive("driver");
        try (Gated gated = new Gated()) {
            io.millrace.runtime.Tap tap = trial.running().tap(List.of("driver/a", "driver/b"), ROOMY, gated::take);
            driver.ask("send@a 1");
            Trial.await("the first is in hand", () -> !gated.lines.isEmpty());
            for (String command : List.of("send@b 2", "send@a 1", "send@b 1", "send@a 2")) {
                driver.ask(command);
            }
            tap.end();
            gated.open();
            await(tap);
            assertThat(gated.lines)
                    .containsExactly(
                            "driver/a 0",
                            "driver/b 0",
                            "driver/b 1",
                            "driver/a 1",
                            "driver/b 2",
                            "driver/a 2",
                            "driver/a 3");
        }
    }

    @Test
    void shouldEndTheTapAloneWhenItsHandlerThrows() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        io.millrace.runtime.Tap tap = trial.running().tap("driver/out", SubscribeOptions.backpressure(1), message -> {
            throw new IllegalStateException("the handler's own fault");
        });
        assertThat(driver.ask("send 50")).isEqualTo("sent 50");
        assertThatThrownBy(() -> await(tap)).hasRootCauseMessage("the handler's own fault");
        assertThat(trial.running().state()).isEqualTo(DataflowState.RUNNING);
    }

    @Test
    void shouldEndTheTapWhenTheDataflowEnds() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        AtomicInteger count = new AtomicInteger();
        io.millrace.runtime.Tap tap = trial.running().tap("driver/out", ROOMY, message -> count.incrementAndGet());
        driver.ask("send 60");
        driver.close();
        trial.result();
        await(tap);
        assertThat(count).hasValue(60);
    }

    @Test
    void shouldEndAtOnceWhenAnOutputThatHasClosedIsTapped() throws Exception {
        Trial trial = run(DRIVER);
        trial.drive("driver").close();
        trial.result();
        await(trial.running().tap("driver/out", ROOMY, message -> {}));
    }

    @Test
    void shouldCloseTheOutputWhenOnlyATapIsLeft() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: holder, class: Holder, config: {holds: false, takes: 1}, inputs: {in: driver/out}, outputs: [gate, report]}
                """);
        Commands driver = trial.drive("driver");
        trial.running().tap("driver/out", ROOMY, message -> {});
        driver.ask("send 1");
        Trial.await(
                "its only consumer has ended",
                () -> trial.running().status().node("holder").state().isFinal());
        assertThat(driver.ask("send 1")).isEqualTo("CLOSED after 0");
    }

    @Test
    void shouldTapTheProducerWhenAnEdgeIsNamed() throws Exception {
        Trial trial = run(DRIVER);
        Commands driver = trial.drive("driver");
        io.millrace.runtime.Tap tap = trial.running().tap("driver/out -> sink/in", ROOMY, message -> {});
        driver.ask("send 3");
        tap.end();
        await(tap);
        assertThat(tap.counts()).containsExactly(new OutputCounts("driver/out", 3, 0, Duration.ZERO));
    }

    @Test
    void shouldRefuseATapWhenWhatItNamesIsUnknownOrTwiceTheSame() {
        Trial trial = run(DRIVER);
        assertThatThrownBy(() -> trial.running().tap("driver/in", ROOMY, message -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("driver/in", "driver/out", "driver/report");
        assertThatThrownBy(() -> trial.running().tap(List.of("driver/out", "driver/out"), ROOMY, (name, message) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'driver/out' is to be tapped twice");
        assertThatThrownBy(() -> trial.running().tap(List.of(), ROOMY, (name, message) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldGiveTheGraphThatRuns() {
        Dataflow dataflow = parse(DRIVER);
        assertThat(run(dataflow, OPTIONS).running().graph()).isSameAs(dataflow.graph());
    }

    // At full rate.

    private static final String FLOOD = """
            queue_policy: backpressure
            nodes:
              - {id: flood, class: Flood, outputs: [out]}
              - {id: sink, class: Collector, inputs: {in: {source: flood/out, queue_size: 1024}}, outputs: [report]}
            """;

    /** Asserts that the messages of one consumer follow each other without a gap and without a repetition. */
    private static final class Range {
        private final AtomicLong count = new AtomicLong();
        private long next = -1;

        void take(Message message) {
            long sequence = message.sequence();
            if (next >= 0 && sequence != next) {
                throw new AssertionError("message " + sequence + " came where " + next + " was due");
            }
            Pattern.check(message, sequence);
            next = sequence + 1;
            count.incrementAndGet();
        }
    }

    @Test
    void shouldLoseAndRepeatNothingWhenSubscribersAndTapsComeAndGoAtFullRate() throws Exception {
        Trial trial = run(FLOOD);
        RunningDataflow running = trial.running();
        Tap report = trial.tap("sink/report");
        AtomicInteger rounds = new AtomicInteger();
        Threads threads = new Threads();
        CountDownLatch done = new CountDownLatch(1);
        for (int seed = 1; seed <= 2; seed++) {
            Random random = new Random(seed);
            threads.start(() -> {
                while (done.getCount() > 0) {
                    if (random.nextBoolean()) {
                        subscribeForAWhile(running, random);
                    } else {
                        tapForAWhile(running, random);
                    }
                    rounds.incrementAndGet();
                }
            });
        }
        Trial.await(
                "many messages have come through, and many subscribers have come and gone",
                () -> running.status().node("sink").received() >= many() && rounds.get() >= 40);
        done.countDown();
        threads.join();
        running.stop(Trial.DEADLINE);
        trial.result();
        String told = report.nextText();
        long sent = running.status().node("flood").sent();
        assertThat(told).isEqualTo("in: " + sent + " messages, 0 to " + (sent - 1) + ", 0 missing");
    }

    private static void subscribeForAWhile(RunningDataflow running, Random random) throws InterruptedException {
        Range range = new Range();
        int wanted = random.nextInt(2_000);
        try (Subscription subscription =
                running.subscribe("flood/out", SubscribeOptions.backpressure(1 + random.nextInt(300)))) {
            while (range.count.get() < wanted) {
                assertThat(subscription.poll(range::take, Trial.DEADLINE)).isPositive();
            }
        }
    }

    private static void tapForAWhile(RunningDataflow running, Random random) throws Exception {
        Range range = new Range();
        int wanted = random.nextInt(2_000);
        io.millrace.runtime.Tap tap =
                running.tap("flood/out", SubscribeOptions.backpressure(1 + random.nextInt(300)), range::take);
        long beganNs = System.nanoTime();
        while (range.count.get() < wanted && System.nanoTime() - beganNs < Trial.DEADLINE.toNanos()) {
            Thread.onSpinWait();
            Thread.yield();
        }
        if (random.nextBoolean()) {
            tap.end();
        } else {
            tap.close();
        }
        await(tap);
        assertThat(range.count.get()).isGreaterThanOrEqualTo(wanted);
        if (tap.counts().get(0).received() - range.count.get() > 1) { // one may have been taken and not handed over
            throw new AssertionError("taken " + tap.counts() + ", handed over " + range.count);
        }
    }
}
