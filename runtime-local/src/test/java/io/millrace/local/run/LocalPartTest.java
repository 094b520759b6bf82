package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.InvalidDataflowException;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a part, and what its nodes are given. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LocalPartTest {
    private static final String TWO = """
            name: part
            queue_policy: backpressure
            nodes:
              - {id: one, class: Recorder, inputs: {in: millrace/app/in}, outputs: [report]}
              - {id: two, class: Recorder, inputs: {in: one/report}, outputs: [report]}
            """;

    @AfterEach
    void shouldLeaveNoThread() {
        Threads.awaitNone("millrace-part");
    }

    private static <T> T join(java.util.concurrent.CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(Threads.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static PartSpec spec(
            PartRig rig, Map<String, Integer> incarnations, PartCheckpoints checkpoints, String... nodes) {
        return new PartSpec(
                rig.graph(),
                Set.of(nodes),
                42,
                incarnations,
                JoinedParts.files(rig.graph()),
                checkpoints,
                new PartRig.Told());
    }

    @Test
    void shouldGiveEverythingBackWhenItIsAbandonedAfterItWasPrepared() throws Exception {
        try (PartRig rig = new PartRig(TWO)) {
            LocalPart part = rig.part("one");
            part.input("millrace/app/in -> one/in", null);
            assertThat(join(part.abandon())).isEmpty();
            assertThat(join(part.abandon())).isEmpty();
            assertThatIllegalStateException().isThrownBy(part::open).withMessageContaining("abandoned");
            assertThatIllegalStateException().isThrownBy(part::run).withMessageContaining("abandoned");
        }
    }

    @Test
    void shouldCloseItsNodesWhenItIsAbandonedAfterItWasOpened() throws Exception {
        try (PartRig rig = new PartRig(
                TWO.replace("id: one, class: Recorder", "id: one, class: Recorder, config: {fails_in_close: true}"))) {
            LocalPart part = rig.part("one");
            join(part.open());
            assertThat(part.running().status().node("one").state()).isEqualTo(NodeState.READY);
            assertThat(part.running().state()).isEqualTo(DataflowState.STARTING);
            assertThat(join(part.abandon()))
                    .as("what its node throws on the way")
                    .singleElement()
                    .satisfies(thrown -> assertThat(thrown).hasMessage("'one' closed after [open]"));
            assertThatIllegalStateException().isThrownBy(part::run).withMessageContaining("abandoned");
        }
    }

    @Test
    void shouldNotRunBeforeItIsTold() throws Exception {
        try (PartRig rig = new PartRig(TWO)) {
            LocalPart part = rig.part("one");
            assertThatIllegalStateException().isThrownBy(part::run).withMessageContaining("prepared");
            join(part.open());
            assertThat(part.running().status().node("one").state()).isEqualTo(NodeState.READY);
            part.run();
            await().atMost(Threads.DEADLINE)
                    .until(() -> part.running().status().node("one").state() == NodeState.RUNNING);
            assertThatIllegalStateException().isThrownBy(part::open).withMessageContaining("running");
        }
    }

    @Test
    void shouldSayWhatHasFailedAndLeaveNothingWhenANodeDoesNotOpen() throws Exception {
        try (PartRig rig = new PartRig(
                TWO.replace("id: two, class: Recorder", "id: two, class: Recorder, config: {fails_at: open}"))) {
            LocalPart part = rig.part("two");
            assertThatThrownBy(() -> join(part.open()))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(DataflowStartException.class)
                    .hasMessageContainingAll("'two'", "open");
            join(part.abandon());
        }
    }

    @Test
    void shouldReportEveryFindingOfItsOwnNodesWhenItCannotBePrepared() {
        try (PartRig rig = new PartRig("""
                name: part
                nodes:
                  - {id: absent, class: Nowhere, inputs: {in: millrace/app/in}}
                  - {id: stranger, class: NoNode, inputs: {in: millrace/app/in}}
                  - {id: elsewhere, class: NotThereEither, inputs: {in: millrace/app/in}}
                """)) {
            InvalidDataflowException failure =
                    catchThrowableOfType(InvalidDataflowException.class, () -> rig.part("absent", "stranger"));
            assertThat(failure).hasMessageContainingAll("absent", "stranger");
            assertThat(failure.getMessage()).doesNotContain("elsewhere");
        }
    }

    @Test
    void shouldRefuseWhatIsNotOnItsBoundary() {
        try (PartRig rig = new PartRig(TWO)) {
            LocalPart one = rig.part("one");
            LocalPart two = rig.part("two");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.output("one/report -> three/in", new WakeSignal()))
                    .withMessageContainingAll("one/report -> three/in", "one/report -> two/in");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> two.input("millrace/app/in -> one/in", null))
                    .withMessageContaining("one/report -> two/in");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.join("one/report -> two/in", one))
                    .withMessageContaining("millrace/app/in -> one/in");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.onNodeRestarted("two", "one"))
                    .withMessageContaining("'two'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> spec(rig, Map.of("one", -1), PartCheckpoints.NONE, "one"));
            assertThatIllegalArgumentException().isThrownBy(() -> spec(rig, Map.of(), PartCheckpoints.NONE));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> spec(rig, Map.of(), PartCheckpoints.NONE, "three"))
                    .withMessageContaining("three");
        }
    }

    /** Tells what it is. */
    public static final class Teller implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.outputs().get(0).send("epoch " + context.epoch() + ", incarnation " + context.incarnation());
        }
    }

    @Test
    void shouldTellItsNodesTheEpochAndBeginWithTheIncarnationThatIsGiven() throws Exception {
        String yaml = """
                name: part
                nodes:
                  - {id: teller, class: TELLER, inputs: {tick: dora/timer/millis/1}, outputs: [out]}
                """.replace("TELLER", Teller.class.getName());
        try (PartRig rig = new PartRig(io.millrace.Dataflow.parse(yaml).graph())) {
            LocalPart part = rig.part(spec(rig, Map.of("teller", 7), PartCheckpoints.NONE, "teller"));
            Subscription out = PartRig.all(part, "teller/out");
            rig.run();
            assertThat(PartRig.next(out, "epoch")).isEqualTo("epoch 42, incarnation 7");
            assertThat(part.running().status().node("teller").incarnation()).isEqualTo(7);
        }
    }

    /** Keeps checkpoints, as masters do. */
    private static final class Kept implements PartCheckpoints {
        private final Map<String, byte[]> states = new ConcurrentHashMap<>();

        @Override
        public Optional<byte[]> restored(String part) {
            return Optional.ofNullable(states.get(part));
        }

        @Override
        public void store(String part, byte[] state) {
            states.put(part, state);
        }
    }

    @Test
    void shouldHandCheckpointsOnToThePartThatFollows() throws Exception {
        Kept kept = new Kept();
        String yaml = """
                name: part
                queue_policy: backpressure
                nodes:
                  - {id: mortal, class: Mortal, inputs: {in: millrace/app/in}, outputs: [report]}
                """;
        try (PartRig first = new PartRig(yaml)) {
            LocalPart part = first.part(spec(first, Map.of(), kept, "mortal"));
            try (ApplicationEnds ends = joined(first, part)) {
                first.run();
                ends.publisher("in").send("keep this", Threads.DEADLINE);
                await().atMost(Threads.DEADLINE)
                        .until(() -> part.running().status().node("mortal").received() == 1);
                part.running().stop(Duration.ofSeconds(30));
                ends.publisher("in").close();
                assertThat(part.running().await(Threads.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
            }
        }
        assertThat(kept.states).containsOnlyKeys("mortal");
        try (PartRig second = new PartRig(yaml)) {
            LocalPart part = second.part(spec(second, Map.of("mortal", 1), kept, "mortal"));
            Subscription report = PartRig.all(part, "mortal/report");
            try (ApplicationEnds ends = joined(second, part)) {
                second.run();
                ends.publisher("in").send("hello", Threads.DEADLINE);
            }
            assertThat(PartRig.rest(report)).startsWith("1: open with this", "1: input in hello");
        }
    }

    /** Has who closes the dataflow, and writes then what is left, run into what nobody has thought of. */
    private static final class Broken implements PartCheckpoints {
        @Override
        public Optional<byte[]> restored(String part) {
            return Optional.empty();
        }

        @Override
        public void store(String part, byte[] state) {
            if (Thread.currentThread().getName().equals("millrace-part")) {
                throw new AssertionError("broken");
            }
            throw new IllegalStateException("not yet");
        }
    }

    @Test
    void shouldComeToItsEndWhenSomethingOfItCannotBeGivenBack() throws Exception {
        try (PartRig rig = new PartRig("""
                name: part
                nodes:
                  - {id: mortal, class: Mortal, inputs: {in: millrace/app/in}, outputs: [report]}
                """)) {
            LocalPart part = rig.part(spec(rig, Map.of(), new Broken(), "mortal"));
            try (ApplicationEnds ends = joined(rig, part)) {
                rig.run();
                ends.publisher("in").send("keep this", Threads.DEADLINE);
                await().atMost(Threads.DEADLINE)
                        .until(() -> part.running().status().node("mortal").received() == 1);
                part.running().stop(Duration.ofSeconds(30));
            }
            assertThat(part.running().await(Threads.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    private static ApplicationEnds joined(PartRig rig, LocalPart part) {
        ApplicationEnds ends = new ApplicationEnds(rig.graph(), PartRig.OPTIONS, edge -> {});
        ends.boundaryOutputs().forEach(edge -> ends.join(edge, part));
        ends.open();
        return ends;
    }

    @Test
    void shouldEndInOrderWhenItIsStoppedAndNobodyIsThereToFeedIt() throws Exception {
        try (PartRig rig = new PartRig(TWO)) {
            LocalPart part = rig.part("one");
            Subscription report = PartRig.all(part, "one/report");
            rig.run();
            part.running().stop(Duration.ofHours(1));
            assertThat(PartRig.rest(report)).containsExactly("open", "closed in", "all closed");
            DataflowResult result = part.running().await(Threads.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldStopItselfAndSayWhyWhenANodeFailsAndTheDataflowSaysSo() throws Exception {
        try (PartRig rig = new PartRig("on_failure: stop\n"
                + TWO.replace(
                        "id: one, class: Recorder", "id: one, class: Recorder, config: {fails_at: input in a}"))) {
            LocalPart part = rig.part("one");
            List<Object> events = new java.util.concurrent.CopyOnWriteArrayList<>();
            part.running().listen(events::add);
            try (ApplicationEnds ends = joined(rig, part)) {
                rig.run();
                ends.publisher("in").send("a", Threads.DEADLINE);
                assertThat(part.running().await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FAILED);
            }
            assertThat(events)
                    .contains(new io.millrace.runtime.DataflowEvent.StateChanged(DataflowState.STOPPING))
                    .anyMatch(event -> event.toString().startsWith("NodeFailed[node=one"));
        }
    }

    @Test
    void shouldWaitForNodesThatAreStartedByHandUntilTheyAreDismissed() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        PartListener listener = new PartRig.Told() {
            @Override
            public void onOnlyDynamicLeft() {
                told.countDown();
            }
        };
        try (PartRig rig = new PartRig("""
                name: part
                queue_policy: backpressure
                nodes:
                  - {id: source, class: Counter, config: {count: 1}, outputs: [out]}
                  - {id: hand, path: dynamic, inputs: {tick: dora/timer/secs/3600}}
                """)) {
            LocalPart part = rig.part(listener, "source", "hand");
            rig.run();
            assertThat(told.await(Threads.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(part.running().state()).isEqualTo(DataflowState.RUNNING);
            part.dismiss();
            assertThat(part.running().await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldFeedWhatWaitsForRoomWhenAFeedEndsBetweenTwoCallbacks() throws Exception {
        try (PartRig rig = new PartRig("""
                name: flow
                nodes:
                  - {id: burst, class: Multiplier, config: {times: 100}, inputs: {tick: dora/timer/millis/10}, outputs: [out]}
                """)) {
            LocalPart part = rig.part("burst");
            rig.run();
            OutputFeed feed = feed(part, SubscribeOptions.backpressure(10));
            EdgeReader reader = feed.edge().reader();
            await().until(reader::hasNext);

            feed.end();
            feed(part, SubscribeOptions.latest()); // by then the node has taken notice of the end

            int count = 0;
            while (!reader.isDrained()) {
                count += reader.next() ? 1 : 0;
                reader.release();
            }
            assertThat(count).isEqualTo(100);
        }
    }

    private static OutputFeed feed(LocalPart part, SubscribeOptions options) throws Exception {
        OutputFeed feed = part.feed("burst/out", options, false, new WakeSignal(), fresh -> {});
        join(feed.attached());
        return feed;
    }
}
