package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.codec.Codecs;
import io.millrace.contract.nodes.Driver;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.recording.Recordings.Line;
import io.millrace.local.recording.Sources.Sent;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReplayTest {
    private static final ReplayOptions FLAT_OUT = ReplayOptions.DEFAULT.flatOut();

    @TempDir
    private Path scratch;

    private static DataflowResult run(Dataflow dataflow) throws Exception {
        try (RunningDataflow running =
                dataflow.start(StartOptions.builder().keepAlive(false).build())) {
            return running.await(Sources.DEADLINE);
        }
    }

    private static Sent text(String output, String text) {
        return new Sent(output, PayloadFormat.UTF8, Parameters.EMPTY, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveTheConsumersWhatTheyHadWhenReplayedInPlaceOfTheSource() throws Exception {
        List<Sent> messages = new ArrayList<>();
        for (int length : new int[] {0, 3, 512, 5_000, 70_000, (4 << 20) + 1}) {
            messages.add(new Sent("source/a", PayloadFormat.BYTES, Parameters.EMPTY, new byte[length]));
            messages.add(new Sent("source/b", PayloadFormat.JSON, Driver.annotations(), new byte[length]));
        }
        List<Sent> first = new ArrayList<>();
        Sources.record(Sources.toKeeper(messages, first), scratch.resolve("r"), RecorderOptions.DEFAULT);

        List<Sent> second = new ArrayList<>();
        Dataflow other = Sources.toKeeper(List.of(), second);
        try (Replay replay = Replay.of(Recording.open(scratch.resolve("r")), other, FLAT_OUT)) {
            assertThat(replay.nodes()).containsExactly("source");
            DataflowResult result = run(replay.dataflow());
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(replay.sent()).isEqualTo(messages.size());
            assertThat(replay.missing()).isZero();
        }
        for (String input : List.of("a", "b")) {
            assertThat(second.stream().filter(sent -> sent.output().equals(input)))
                    .hasSize(6)
                    .containsExactlyElementsOf(first.stream()
                            .filter(sent -> sent.output().equals(input))
                            .toList());
        }
    }

    @Test
    void shouldKeepTheCodecOfAMessageWhenItIsReplayed() throws Exception {
        List<Long> read = Collections.synchronizedList(new ArrayList<>());
        Operator reader = new Operator() {
            @Override
            public void onInput(Input input, Message message) {
                read.add(Codecs.LONG.readLong(message));
            }
        };
        Dataflow dataflow = Dataflow.builder("coded")
                .node("source", () -> context -> Codecs.LONG.send(context.output("a"), 42), node -> node.output("a"))
                .operator("reader", () -> reader, node -> node.input("a", "source/a", QueuePolicy.BACKPRESSURE, 4))
                .build();
        Sources.record(dataflow, scratch.resolve("r"), RecorderOptions.DEFAULT);

        try (Replay replay = Replay.of(Recording.open(scratch.resolve("r")), dataflow, FLAT_OUT)) {
            assertThat(run(replay.dataflow()).state()).isEqualTo(DataflowState.FINISHED);
        }

        assertThat(read).containsExactly(42L, 42L);
    }

    @Test
    void shouldKeepTheCodecsIdWhenACodecHasWrittenThePayload() throws Exception {
        Dataflow coded = Dataflow.builder("coded")
                .node(
                        "source",
                        () -> context -> context.output("out")
                                .claim(1)
                                .formatCode(0x1234)
                                .commit(),
                        ports -> ports.output("out"))
                .build();
        Sources.record(coded, scratch.resolve("r"), RecorderOptions.DEFAULT);
        try (Replay replay = Replay.of(Recording.open(scratch.resolve("r")), coded, FLAT_OUT)) {
            Sources.record(replay.dataflow(), scratch.resolve("again"), RecorderOptions.DEFAULT);
        }
        try (RecordingReader reader = Recording.open(scratch.resolve("again")).read(Selection.ALL)) {
            assertThat(reader.next().message().formatCode()).isEqualTo(0x1234);
        }
    }

    @Test
    void shouldFinishQuicklyWhenTwoSourcesAlternate() throws Exception {
        List<Line> lines = IntStream.range(0, 20_000)
                .mapToObj(i -> new Line(i % 2 == 0 ? "left/out" : "right/out", i, Integer.toString(i)))
                .toList();
        Recording recording = Recordings.write(scratch.resolve("r"), List.of("left/out", "right/out"), lines);
        List<Sent> kept = new ArrayList<>();
        try (Replay replay = Replay.of(recording, twoSources(kept), FLAT_OUT)) {
            assertThat(run(replay.dataflow()).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(replay.sent()).isEqualTo(20_000);
        }
        for (int side = 0; side < 2; side++) {
            String input = side == 0 ? "l" : "r";
            int rest = side;
            assertThat(kept.stream().filter(sent -> sent.output().equals(input)))
                    .containsExactlyElementsOf(IntStream.range(0, 20_000)
                            .filter(i -> i % 2 == rest)
                            .mapToObj(i -> text(input, Integer.toString(i)))
                            .toList());
        }
    }

    private static Dataflow twoSources(List<Sent> kept) {
        return Dataflow.builder("two")
                .node("left", () -> Sources.counting(0), ports -> ports.output("out"))
                .node("right", () -> Sources.counting(0), ports -> ports.output("out"))
                .operator(
                        "keeper",
                        () -> new Sources.Keeper(kept),
                        ports -> ports.input("l", "left/out", QueuePolicy.BACKPRESSURE, 100)
                                .input("r", "right/out", QueuePolicy.BACKPRESSURE, 100))
                .build();
    }

    @Test
    void shouldLeaveOneSourceAsItIsWhenOnlyTheOtherIsNamed() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"), List.of("left/out"), List.of(new Line("left/out", 0, "of the recording")));
        List<Sent> kept = new ArrayList<>();
        Dataflow dataflow = Dataflow.builder("mixed")
                .node("left", () -> Sources.counting(5), ports -> ports.output("out"))
                .node("right", () -> Sources.counting(2), ports -> ports.output("out"))
                .operator(
                        "keeper",
                        () -> new Sources.Keeper(kept),
                        ports -> ports.input("l", "left/out", QueuePolicy.BACKPRESSURE, 100)
                                .input("r", "right/out", QueuePolicy.BACKPRESSURE, 100))
                .build();
        assertThatThrownBy(() -> Replay.of(recording, dataflow, FLAT_OUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("nothing of node 'right'", "right/out", "left/out");
        try (Replay replay = Replay.of(recording, dataflow, FLAT_OUT.inPlaceOf(Set.of("left")))) {
            run(replay.dataflow());
        }
        assertThat(kept).containsExactlyInAnyOrder(text("l", "of the recording"), text("r", "0"), text("r", "1"));
    }

    /** What comes out is what came in, with a mark. */
    public static final class Marking implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.outputs().get(0).send(message.text() + "!");
        }
    }

    @Test
    void shouldTakeThePlaceOfANodeWithInputsAndOperatorsWhenItIsNamed() throws Exception {
        String yaml = """
                name: operators
                queue_policy: backpressure
                nodes:
                  - {id: counter, class: io.millrace.contract.nodes.Counter, config: {count: 3}, outputs: [out]}
                  - id: marked
                    operators:
                      - {id: one, class: %1$s, inputs: {in: counter/out}, outputs: [out]}
                      - {id: two, class: %1$s, inputs: {in: marked/one/out}, outputs: [out]}
                  - id: last
                    operator: {class: %1$s, inputs: {in: marked/two/out}, outputs: [out]}
                """.formatted(Marking.class.getName());
        Recording recording = Recordings.write(
                scratch.resolve("r"),
                List.of("marked/one/out", "marked/two/out"),
                List.of(
                        new Line("marked/two/out", 0, "a"),
                        new Line("marked/one/out", 1, "b"),
                        new Line("marked/two/out", 2, "c")));
        try (Replay replay = Replay.of(recording, Dataflow.parse(yaml), FLAT_OUT.inPlaceOf(Set.of("marked")))) {
            List<String> texts = Collections.synchronizedList(new ArrayList<>());
            List<String> ends = Collections.synchronizedList(new ArrayList<>());
            try (RunningDataflow running = replay.dataflow()
                    .start(StartOptions.builder()
                            .whenOpen(opened -> opened.tap(
                                            "last/op/out",
                                            io.millrace.runtime.SubscribeOptions.backpressure(10),
                                            message -> texts.add(message.text()))
                                    .completion()
                                    .thenRun(() -> ends.add("ended")))
                            .build())) {
                running.await(Sources.DEADLINE);
                org.awaitility.Awaitility.await().until(() -> !ends.isEmpty());
            }
            assertThat(texts).containsExactly("a!", "c!");
        }
    }

    @Test
    void shouldFeedOnlyWhatIsSelected() throws Exception {
        List<Line> lines = IntStream.range(0, 10)
                .mapToObj(i -> new Line("left/out", i * 1_000_000_000L, Integer.toString(i)))
                .toList();
        Recording recording = Recordings.write(scratch.resolve("r"), List.of("left/out", "right/out"), lines);
        Instant begin = Instant.ofEpochSecond(0, Recordings.BEGIN_NS);
        List<Sent> kept = new ArrayList<>();
        Selection selection = new Selection(
                Set.of(), Optional.of(begin.plusSeconds(3)), Optional.of(begin.plusSeconds(6)), Long.MAX_VALUE);
        try (Replay replay = Replay.of(recording, twoSources(kept), FLAT_OUT.of(selection))) {
            run(replay.dataflow());
        }
        assertThat(kept).containsExactly(text("l", "3"), text("l", "4"), text("l", "5"), text("l", "6"));
    }

    @Test
    void shouldRefuseWhenNothingThatIsSelectedWouldBeSent() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"),
                List.of("left/out", "right/out", "other/out"),
                List.of(new Line("left/out", 0, "x")));
        Dataflow dataflow = twoSources(new ArrayList<>());
        assertThatThrownBy(() -> Replay.of(
                        recording, dataflow, FLAT_OUT.of(Selection.ALL.withOutputs(Set.of("left/out", "left/typo")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no output 'left/typo'");
        ReplayOptions other = FLAT_OUT.of(Selection.ALL.withOutputs(Set.of("other/out")));
        for (ThrowingCallable replay : List.<ThrowingCallable>of(
                () -> Replay.of(recording, dataflow, other), () -> PublishedReplay.of(recording, dataflow, other))) {
            assertThatThrownBy(replay)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("[other/out]", "none is sent by a node that is replaced", "[left, right]");
        }
    }

    @Test
    void shouldEndAtOnceWhenStoppedInTheMiddleOfALongPause() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"),
                List.of("left/out", "right/out"),
                List.of(new Line("left/out", 0, "now"), new Line("right/out", 3_600_000_000_000L, "in an hour")));
        List<Sent> kept = Collections.synchronizedList(new ArrayList<>());
        try (Replay replay = Replay.of(recording, twoSources(kept), ReplayOptions.DEFAULT);
                RunningDataflow running = replay.dataflow().start()) {
            org.awaitility.Awaitility.await().atMost(Sources.DEADLINE).until(() -> kept.size() == 1);
            running.stop(Duration.ofSeconds(60));
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
        }
        assertThat(kept).containsExactly(text("l", "now"));
    }

    @Test
    void shouldFailWhenStartedTwice() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"), List.of("left/out", "right/out"), List.of(new Line("left/out", 0, "once")));
        try (Replay replay = Replay.of(recording, twoSources(new ArrayList<>()), FLAT_OUT)) {
            assertThat(run(replay.dataflow()).state()).isEqualTo(DataflowState.FINISHED);
            DataflowResult again = run(replay.dataflow());
            assertThat(again.state()).isEqualTo(DataflowState.FAILED);
            assertThat(again.cause().orElseThrow().error()).hasMessageContaining("a replay is started once");
        }
    }

    @Test
    void shouldRefuseWhatCannotBeReplaced() throws Exception {
        Recording recording = Recordings.write(scratch.resolve("r"), List.of("left/out"), List.of());
        assertThatThrownBy(
                        () -> Replay.of(recording, twoSources(new ArrayList<>()), FLAT_OUT.inPlaceOf(Set.of("middle"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no node 'middle'");
        Dataflow relay = Dataflow.parse("""
                nodes:
                  - {id: relay, class: io.millrace.contract.nodes.Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        assertThatThrownBy(() -> Replay.of(recording, relay, FLAT_OUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no node without data inputs");
        assertThatThrownBy(() -> ReplayOptions.DEFAULT.withSpeed(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReplayOptions.DEFAULT.withSpeed(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // The schedule by itself.

    private ReplaySchedule schedule(double speed) throws Exception {
        List<Line> lines = IntStream.range(0, 300)
                .mapToObj(i -> new Line("s" + (i * i) % 3 + "/out", i * 1_000L, Integer.toString(i)))
                .toList();
        List<String> outputs = List.of("s0/out", "s1/out", "s2/out");
        RecordingReader reader =
                Recordings.write(scratch.resolve("schedule"), outputs, lines).read(Selection.ALL);
        return new ReplaySchedule(reader, Map.of("s0/out", 0, "s1/out", 1, "s2/out", 2), 3, speed);
    }

    @Test
    void shouldKeepTheOrderOfTheRecordingWhenSourcesHaveThreadsOfTheirOwn() throws Exception {
        ReplaySchedule schedule = schedule(0);
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int source = 0; source < 3; source++) {
            int number = source;
            threads.add(new Thread(() -> {
                schedule.enter(number, 0);
                while (schedule.turn() != ReplaySchedule.OVER) {
                    if (schedule.turn() == number) {
                        sent.add(schedule.current().message().text());
                        schedule.advance();
                    } else {
                        Thread.onSpinWait();
                    }
                }
                schedule.leave(number);
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(Sources.DEADLINE.toMillis());
        }
        assertThat(sent)
                .isEqualTo(IntStream.range(0, 300).mapToObj(Integer::toString).toList());
        schedule.close();
    }

    @Test
    void shouldPassOverASourceWhenItHasLeft() throws Exception {
        ReplaySchedule schedule = schedule(0);
        schedule.enter(0, 0);
        schedule.enter(1, 0);
        assertThat(schedule.turn()).isZero();
        schedule.leave(0);
        for (int number = 0; number < 300; number++) {
            if (number * number % 3 == 1) {
                assertThat(schedule.turn()).isEqualTo(1);
                assertThat(schedule.current().message().text()).isEqualTo(Integer.toString(number));
                schedule.advance();
            }
        }
        assertThat(schedule.turn()).isEqualTo(ReplaySchedule.OVER);
        assertThat(schedule.sent()).isEqualTo(200);
        schedule.close();
    }

    @Test
    void shouldReadNoFurtherWhenTheLastSourceHasLeft() throws Exception {
        List<Line> lines = IntStream.range(0, 300)
                .mapToObj(i -> new Line("source/out", i * 1_000L, Integer.toString(i)))
                .toList();
        RecordingReader reader = Recordings.write(scratch.resolve("left"), List.of("source/out"), lines)
                .read(Selection.ALL);
        ReplaySchedule schedule = new ReplaySchedule(reader, Map.of("source/out", 0), 1, 0);
        schedule.enter(0, 0);
        schedule.advance();

        schedule.leave(0);

        assertThat(schedule.turn()).isEqualTo(ReplaySchedule.OVER);
        assertThat(reader.count()).isEqualTo(2);
        schedule.close();
    }

    @Test
    void shouldSayWhenAMessageIsDueWhenTheReplayHasAPace() throws Exception {
        ReplaySchedule schedule = schedule(2);
        for (int source = 0; source < 3; source++) {
            schedule.enter(source, 5_000_000);
        }
        for (int number = 0; number < 300; number++) {
            assertThat(schedule.dueNs()).isBetween(5_000_000 + number * 500L - 2, 5_000_000 + number * 500L + 2);
            schedule.advance();
        }
        schedule.close();
    }
}
