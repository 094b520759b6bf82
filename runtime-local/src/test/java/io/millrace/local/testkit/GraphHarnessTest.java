package io.millrace.local.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.codec.Codecs;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.testkit.SentMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GraphHarnessTest {

    /** Sends what it is told to make of each message. */
    private static class Mapper implements Operator {
        Output out;

        @Override
        public void open(NodeContext context) {
            out = context.output("out");
        }

        @Override
        public void onInput(Input input, Message message) {
            out.send(input.id() + " " + message.text());
        }
    }

    /** Sends each message on as it is. */
    private static final class Forwarder extends Mapper {
        @Override
        public void onInput(Input input, Message message) {
            out.send(message.text());
        }
    }

    /** Sends its name and a number, so often. */
    private static final class Source implements Node {
        private final int count;

        Source(int count) {
            this.count = count;
        }

        @Override
        public void run(NodeContext context) {
            for (int i = 0; i < count; i++) {
                context.output("out").send(context.nodeId() + i);
            }
        }
    }

    private static DataflowBuilder flow() {
        return Dataflow.builder("flow");
    }

    private static Dataflow chain() {
        return Dataflow.builder("chain")
                .operator(
                        "first",
                        Mapper::new,
                        ports -> ports.input("a", "millrace/app/in").output("out"))
                .operator(
                        "second",
                        Mapper::new,
                        ports -> ports.input("b", "first/out").output("out"))
                .build();
    }

    /** Three sources into one node, as fast as they can. */
    private static Dataflow merge(int count) {
        DataflowBuilder flow = flow();
        for (String source : List.of("x", "y", "z")) {
            flow.node(source, () -> new Source(count), ports -> ports.output("out"));
        }
        return flow.operator("merge", Mapper::new, ports -> {
                    for (String source : List.of("x", "y", "z")) {
                        ports.input(source, source + "/out", QueuePolicy.BACKPRESSURE, 2);
                    }
                    ports.output("out");
                })
                .build();
    }

    private static List<String> texts(List<SentMessage> messages) {
        return messages.stream().map(SentMessage::text).toList();
    }

    private static List<String> merged(long seed) {
        try (GraphHarness harness = GraphHarness.of(merge(10)).seed(seed).open()) {
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FINISHED);
            return texts(harness.sent("merge/out"));
        }
    }

    @Test
    void shouldShowWhatEveryOutputSendsWhenItIsFed() {
        try (GraphHarness harness = GraphHarness.of(chain()).open()) {
            harness.feed("in", "one");
            assertThat(harness.sent("first/out")).isEmpty();
            harness.run();
            harness.feed("in", "two");
            harness.run();

            assertThat(texts(harness.sent("first/out"))).containsExactly("a one", "a two");
            assertThat(texts(harness.take("second/out"))).containsExactly("b a one", "b a two");
            assertThat(harness.take("second/out")).isEmpty();
            assertThat(texts(harness.sent())).containsExactly("a one", "a two");
        }
    }

    @Test
    void shouldKeepTheCodecWhenMessagesGoThrough() {
        Supplier<Operator> doubler = () -> new Mapper() {
            @Override
            public void onInput(Input input, Message message) {
                Codecs.LONG.send(out, 2 * Codecs.LONG.readLong(message));
            }
        };
        Dataflow dataflow = flow().operator(
                        "doubler",
                        doubler,
                        ports -> ports.input("a", "millrace/app/in").output("out"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.feed("in", Codecs.LONG, 21L);
            harness.run();
            harness.feed("in", harness.sent("doubler/out").get(0));
            harness.run();

            assertThat(harness.sent("doubler/out"))
                    .extracting(message -> message.read(Codecs.LONG::readLong))
                    .containsExactly(42L, 84L);
        }
    }

    @Test
    void shouldUseNoThreadWhenNodesAreReactive() {
        try (GraphHarness harness = GraphHarness.of(chain()).open()) {
            harness.feed("in", "one");
            harness.run();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("millrace-chain"));
        }
    }

    @Test
    void shouldEndWhenItsInputIsClosed() {
        try (GraphHarness harness = GraphHarness.of(chain()).open()) {
            harness.feed("in", "last");
            harness.closeInput("in");

            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FINISHED);
            assertThat(texts(harness.sent("second/out"))).containsExactly("b a last");
            assertThat(harness.status().node("second").state()).isEqualTo(NodeState.FINISHED);
        }
    }

    @Test
    void shouldTickWhenTheClockIsMoved() {
        Dataflow dataflow = flow().operator(
                        "ticking",
                        () -> new Mapper() {
                            @Override
                            public void onInput(Input input, Message message) {
                                out.send(Long.toString(message.timestamp() >>> 32 & 1) + message.sequence());
                            }
                        },
                        ports -> ports.input("tick", "dora/timer/millis/100").output("out"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.run();
            assertThat(harness.take("ticking/out")).hasSize(1);
            harness.advance(Duration.ofMillis(99));
            assertThat(harness.take("ticking/out")).isEmpty();
            harness.advance(Duration.ofMillis(1));
            assertThat(harness.take("ticking/out")).hasSize(1);
            harness.advance(Duration.ofHours(1));
            assertThat(harness.take("ticking/out")).hasSize(36_000);
            assertThat(harness.elapsed()).isEqualTo(Duration.ofMillis(3_600_100));
        }
    }

    @Test
    void shouldRunOwnLoopsByTheClockWhenTheySleep() {
        Dataflow dataflow = flow().node(
                        "beat",
                        () -> context -> {
                            while (context.sleep(Duration.ofSeconds(1))) {
                                context.output("out")
                                        .send("at " + context.clock().instant());
                            }
                        },
                        ports -> ports.output("out"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.advance(Duration.ofMillis(2_500));
            assertThat(texts(harness.sent("beat/out")))
                    .containsExactly("at 2026-01-01T00:00:01Z", "at 2026-01-01T00:00:02Z");
            harness.stop(Duration.ofSeconds(10));
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.STOPPED);
            assertThat(harness.elapsed()).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void shouldLoseNothingUnderBackpressureWhateverTheOrder() {
        GraphHarness.explore(20, seed -> {
            List<String> merged = merged(seed);
            for (String source : List.of("x", "y", "z")) {
                assertThat(merged.stream().filter(text -> text.startsWith(source)))
                        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 10)
                                .mapToObj(i -> source + " " + source + i)
                                .toList());
            }
        });
    }

    @Test
    void shouldGiveTheSameOrderWhenTheSeedIsTheSame() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            List<String> order = merged(seed);
            assertThat(merged(seed)).isEqualTo(order);
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(5);
    }

    @Test
    void shouldGiveTheSameMessagesToTheLastBitWhenTheSeedIsTheSame() {
        List<String> first;
        try (GraphHarness harness = GraphHarness.of(merge(5)).seed(3).open()) {
            harness.runToEnd();
            first = harness.sent().stream().map(this::whole).toList();
        }
        try (GraphHarness harness = GraphHarness.of(merge(5)).seed(3).open()) {
            harness.runToEnd();
            assertThat(harness.sent().stream().map(this::whole)).containsExactlyElementsOf(first);
        }
    }

    private String whole(SentMessage message) {
        return message.output() + " " + message.sequence() + " " + message.timestamp() + " " + message.text();
    }

    @Test
    void shouldNameTheSeedWhenAnOrderIsFoundThatFails() {
        assertThatThrownBy(() -> GraphHarness.explore(
                        200, seed -> assertThat(merged(seed).get(0)).startsWith("x")))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)fails with seed \\d+: have it again with seed\\(\\d+\\).*");
    }

    @ParameterizedTest
    @ValueSource(classes = {IOException.class, StackOverflowError.class, IllegalStateException.class})
    void shouldNameTheSeedWhateverATestThrows(Class<? extends Throwable> type) throws Exception {
        Throwable thrown = type.getConstructor().newInstance();

        assertThatThrownBy(() -> GraphHarness.explore(1, seed -> GraphHarnessTest.<RuntimeException>sneak(thrown)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("fails with seed 0: have it again with seed(0): " + type.getName())
                .hasCause(thrown);
    }

    @Test
    void shouldLetAnErrorOfMemoryOutAsItIs() {
        OutOfMemoryError thrown = new OutOfMemoryError("of a test");

        assertThatThrownBy(() -> GraphHarness.explore(1, seed -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
    }

    @SuppressWarnings("unchecked") // that is the trick
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void shouldSayWhyNobodyCanWaitForWhatHeSteps() {
        try (GraphHarness harness = GraphHarness.of(chain()).open()) {
            assertThatThrownBy(() -> harness.running().await())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("dataflow 'chain': neither a listener nor who steps the dataflow can wait for"
                            + " the end, for this thread brings it about");
        }
    }

    @Test
    void shouldMoveTheClockWhenALoopPollsForEver() {
        Dataflow dataflow = flow().node(
                        "poller",
                        () -> context -> {
                            for (Event event = context.poll();
                                    event == null || event.type() != Event.Type.INPUT;
                                    event = context.poll()) {
                                // asks again
                            }
                            context.output("out").send("ticked");
                            for (Event event = context.poll(); ; event = context.poll()) {
                                if (event != null && event.type() == Event.Type.INPUT) {
                                    return;
                                }
                            }
                        },
                        ports -> ports.input("tick", "dora/timer/secs/5").output("out"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.run();
            assertThat(texts(harness.sent("poller/out"))).containsExactly("ticked");
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FINISHED);
            assertThat(harness.elapsed()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void shouldNotRunForEverWhenALoopOffersToNobodyWhoTakes() {
        Dataflow dataflow = flow().node(
                        "pushy",
                        () -> context -> {
                            while (!context.isStopping()) {
                                context.output("out").offer(java.nio.ByteBuffer.allocate(1));
                            }
                        },
                        ports -> ports.output("out"))
                .node(
                        "lazy",
                        () -> context -> context.sleep(Duration.ofDays(1)),
                        ports -> ports.input("in", "pushy/out", QueuePolicy.BACKPRESSURE, 3))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.run();
            assertThat(harness.sent("pushy/out")).hasSize(3);
            harness.stop(Duration.ofSeconds(1));
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    /** Offers until it is taken, and sees to its timer only then. */
    @Test
    void shouldMoveTheClockWhenALoopOffersAgainAndAgainAndItsTimerIsDue() {
        Dataflow dataflow = flow().node(
                        "pushy",
                        () -> context -> {
                            while (context.next() != null) {
                                while (context.output("out").offer(java.nio.ByteBuffer.allocate(1))
                                        == SendResult.FULL) {
                                    // offers again
                                }
                            }
                        },
                        ports -> ports.input("tick", "dora/timer/millis/10").output("out"))
                .node(
                        "slow",
                        () -> context -> {
                            while (context.next() != null) {
                                context.sleep(Duration.ofSeconds(1));
                            }
                        },
                        ports -> ports.input("in", "pushy/out", QueuePolicy.BACKPRESSURE, 1))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.advance(Duration.ofSeconds(10));
            assertThat(harness.sent("pushy/out")).hasSizeBetween(10, 12);
            harness.stop(Duration.ofSeconds(10));
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldEndTheOthersWhenANodeBlocksWhileItIsClosed() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean isClosed = new AtomicBoolean();
        Dataflow dataflow = flow().node(
                        "blocked",
                        () -> context -> {
                            context.next();
                            never.await();
                        },
                        ports -> ports.output("out"))
                .node(
                        "other",
                        () -> new Node() {
                            @Override
                            public void run(NodeContext context) {
                                context.next();
                            }

                            @Override
                            public void close() {
                                isClosed.set(true);
                            }
                        },
                        ports -> ports.output("out"))
                .build();
        GraphHarness harness =
                GraphHarness.of(dataflow).turnLimit(Duration.ofMillis(200)).open();
        harness.run();
        assertThatThrownBy(harness::close).hasMessageContaining("node 'blocked' holds its turn");
        assertThat(isClosed).isTrue();
        assertThat(harness.state()).isEqualTo(DataflowState.FAILED);
        assertThat(harness.failures()).extracting("node").containsExactly("blocked");
    }

    @Test
    void shouldNameTheNodeThatBlocksOutsideOfItsContext() {
        CountDownLatch never = new CountDownLatch(1);
        Dataflow dataflow = flow().node("blocked", () -> context -> never.await(), ports -> ports.output("out"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow)
                .turnLimit(Duration.ofMillis(200))
                .seed(7)
                .open()) {
            assertThatThrownBy(harness::run)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("node 'blocked' holds its turn", "seed 7")
                    .cause()
                    .satisfies(cause -> assertThat(cause.getStackTrace())
                            .extracting(StackTraceElement::getMethodName)
                            .contains("await"));
        }
    }

    @Test
    void shouldFailWithWhatTheNodeThrewWhenItFails() {
        Dataflow dataflow = flow().operator(
                        "weak",
                        () -> new Operator() {
                            @Override
                            public void onInput(Input input, Message message) {
                                throw new IllegalStateException("cannot take " + message.text());
                            }
                        },
                        ports -> ports.input("in", "millrace/app/in"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.feed("in", "this");
            assertThatThrownBy(harness::run)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("node 'weak' failed")
                    .hasRootCauseMessage("cannot take this");
        }
        try (GraphHarness harness = GraphHarness.of(dataflow).tolerateFailures().open()) {
            harness.feed("in", "this");
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FAILED);
            assertThat(harness.failures()).singleElement().extracting("node").isEqualTo("weak");
        }
    }

    @Test
    void shouldFailWithWhatTheNodeThrewWhenItIsClosed() {
        Dataflow dataflow = flow().operator(
                        "weak",
                        () -> new Mapper() {
                            @Override
                            public void close() {
                                throw new IllegalStateException("cannot close");
                            }
                        },
                        ports -> ports.input("in", "millrace/app/in").output("out"))
                .build();
        GraphHarness harness = GraphHarness.of(dataflow).open();

        assertThatThrownBy(harness::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("node 'weak' failed")
                .hasRootCauseMessage("cannot close");
        harness.close(); // it was told
        GraphHarness.of(dataflow).tolerateFailures().open().close();
    }

    /** Fails at its first message, and tells those of the next incarnation; with its own loop if it is to have one. */
    public static final class Weak implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            if (context.incarnation() == 0) {
                throw new IllegalStateException("fails first");
            }
            context.output("out").send(context.incarnation() + " " + message.text());
        }
    }

    /** The same with its own loop. */
    public static final class WeakLoop implements Node {
        @Override
        public void run(NodeContext context) {
            Weak weak = new Weak();
            weak.open(context);
            for (Event event = context.next(); event != null; event = context.next()) {
                if (event.type() == Event.Type.INPUT) {
                    weak.onInput(event.input(), event.message());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Weak", "WeakLoop"})
    void shouldRestartByTheClockThatIsMoved(String type) {
        Dataflow dataflow = Dataflow.parse("""
                nodes:
                  - id: weak
                    class: io.millrace.local.testkit.GraphHarnessTest$%s
                    restart_policy: on-failure
                    restart_delay: 30
                    inputs: {in: millrace/app/in}
                    outputs: [out]
                """.formatted(type));
        try (GraphHarness harness = GraphHarness.of(dataflow).tolerateFailures().open()) {
            harness.feed("in", "lost");
            harness.run();
            harness.feed("in", "kept");
            harness.advance(Duration.ofSeconds(29));
            assertThat(harness.status().node("weak").state()).isEqualTo(NodeState.RESTARTING);
            assertThat(harness.sent("weak/out")).isEmpty();
            harness.advance(Duration.ofSeconds(1));
            assertThat(texts(harness.sent("weak/out"))).containsExactly("1 kept");
            assertThat(harness.status().node("weak").state()).isEqualTo(NodeState.RUNNING);
        }
    }

    @Test
    void shouldNotStartWhenANodeCannotBeOpened() {
        Dataflow dataflow = flow().node(
                        "loop",
                        () -> new Node() {
                            @Override
                            public void open(NodeContext context) {
                                throw new IllegalStateException("no such device");
                            }

                            @Override
                            public void run(NodeContext context) {}
                        },
                        ports -> {})
                .operator(
                        "other",
                        Mapper::new,
                        ports -> ports.input("in", "millrace/app/in").output("out"))
                .build();
        assertThatThrownBy(() -> GraphHarness.of(dataflow).open())
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining("node 'loop' failed in open")
                .hasRootCauseMessage("no such device");
    }

    @Test
    void shouldRefuseProcesses() {
        Dataflow dataflow = Dataflow.parse("""
                nodes:
                  - {id: script, path: python3, outputs: [out]}
                """);
        assertThatThrownBy(() -> GraphHarness.of(dataflow).open())
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining("node 'script' is a process");
    }

    @Test
    void shouldSayWhatItWaitsForWhenItDoesNotEnd() {
        try (GraphHarness harness = GraphHarness.of(chain()).open()) {
            assertThatThrownBy(harness::runToEnd)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("close its application inputs");
        }
    }

    @Test
    void shouldNameTheNodesThatGoOnForEverWithoutTimePassing() {
        Dataflow dataflow = flow().operator(
                        "ping",
                        Forwarder::new,
                        ports -> ports.input("start", "millrace/app/in")
                                .input("back", "pong/out", QueuePolicy.DROP_OLDEST, 1)
                                .output("out"))
                .operator(
                        "pong",
                        Forwarder::new,
                        ports -> ports.input("in", "ping/out", QueuePolicy.DROP_OLDEST, 1)
                                .output("out"))
                .operator(
                        "idle",
                        Mapper::new,
                        ports -> ports.input("in", "millrace/app/other").output("out"))
                .build();
        try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
            harness.feed("in", "x");
            assertThatThrownBy(harness::run)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("after 2000000 turns and messages without any time passing nodes [ping, pong] still go"
                            + " on: let a cycle come to rest, or wait for a timer; where it is meant to go on, call"
                            + " step() as often as it should");
        }
    }

    @Test
    void shouldEndEveryNodeWhenItIsClosed() {
        Dataflow dataflow = merge(1000);
        GraphHarness harness = GraphHarness.of(dataflow).seed(1).open();
        for (int i = 0; i < 50; i++) {
            harness.step();
        }
        harness.close();
        harness.close();

        assertThat(harness.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(harness.status().nodes()).allMatch(node -> node.state().isFinal());
    }
}
