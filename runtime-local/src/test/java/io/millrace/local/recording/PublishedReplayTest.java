package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.contract.nodes.Driver;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source;
import io.millrace.local.recording.Recordings.Line;
import io.millrace.local.recording.Sources.Sent;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A recording that the application publishes, into nodes that stand where the replaced ones were. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PublishedReplayTest {
    private static final ReplayOptions FLAT_OUT = ReplayOptions.DEFAULT.flatOut();

    @TempDir
    private Path scratch;

    private static RunningDataflow start(PublishedReplay replay) {
        return replay.dataflow().start(StartOptions.builder().keepAlive(false).build());
    }

    private static Dataflow twoSources(List<Sent> kept) {
        return Dataflow.builder("two")
                .node("left", () -> Sources.counting(0), ports -> ports.output("out"))
                .node("right", () -> Sources.counting(0), ports -> ports.output("out"))
                .operator(
                        "keeper",
                        () -> new Sources.Keeper(kept),
                        ports -> ports.input("l", "left/out", QueuePolicy.BACKPRESSURE, 10)
                                .input("r", "right/out", QueuePolicy.BACKPRESSURE, 10)
                                .input("told", "millrace/app/told", QueuePolicy.BACKPRESSURE, 10))
                .build();
    }

    private static Sent text(String input, int number) {
        return new Sent(
                input,
                PayloadFormat.UTF8,
                Parameters.EMPTY,
                Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveTheConsumersWhatTheyHadWhateverItsLengthAndFormat() throws Exception {
        List<Sent> messages = new ArrayList<>();
        for (int length : new int[] {0, 3, 512, 5_000, 70_000, (4 << 20) + 1}) {
            messages.add(new Sent("source/a", PayloadFormat.BYTES, Parameters.EMPTY, new byte[length]));
            messages.add(new Sent("source/b", PayloadFormat.JSON, Driver.annotations(), new byte[length]));
        }
        List<Sent> first = new ArrayList<>();
        Sources.record(Sources.toKeeper(messages, first), scratch.resolve("r"), RecorderOptions.DEFAULT);

        List<Sent> second = new ArrayList<>();
        Dataflow other = Sources.toKeeper(List.of(), second);
        try (PublishedReplay replay = PublishedReplay.of(Recording.open(scratch.resolve("r")), other, FLAT_OUT);
                RunningDataflow running = start(replay)) {
            assertThat(replay.nodes()).containsExactly("source");
            replay.feed(running);
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(replay.sent()).isEqualTo(messages.size());
            assertThat(replay.missing()).isZero();
            assertThat(replay.untaken()).isZero();
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
    void shouldKeepTheOrderOfEachOutputWhenThereIsMoreThanTheQueuesHold() throws Exception {
        List<String> outputs = List.of("left/out", "right/out", "millrace/app/told");
        List<String> inputs = List.of("l", "r", "told");
        List<Line> lines = IntStream.range(0, 30_000)
                .mapToObj(i -> new Line(outputs.get(i % 3), i, Integer.toString(i)))
                .toList();
        List<Sent> kept = new ArrayList<>();
        Recording recording = Recordings.write(scratch.resolve("r"), outputs, lines);
        try (PublishedReplay replay = PublishedReplay.of(recording, twoSources(kept), FLAT_OUT);
                RunningDataflow running = start(replay)) {
            assertThat(replay.nodes()).containsExactly("millrace/app/told", "left", "right");
            replay.feed(running);
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        for (int input = 0; input < 3; input++) {
            int rest = input;
            assertThat(kept.stream().filter(sent -> sent.output().equals(inputs.get(rest))))
                    .containsExactlyElementsOf(IntStream.range(0, 30_000)
                            .filter(i -> i % 3 == rest)
                            .mapToObj(i -> text(inputs.get(rest), i))
                            .toList());
        }
    }

    @Test
    void shouldBeMadeOfNothingThatOnlyThisProcessHas() throws Exception {
        String yaml = """
                nodes:
                  - id: marked
                    deploy: {machine: boat}
                    operators:
                      - {id: one, class: not.here.AtAll, inputs: {in: dora/timer/millis/10}, outputs: [out]}
                  - {id: reader, class: io.millrace.contract.nodes.Collector, inputs: {in: marked/one/out, app: millrace/app/replay-0}, outputs: [report]}
                """;
        Recording recording = Recordings.write(
                scratch.resolve("r"), List.of("marked/one/out"), List.of(new Line("marked/one/out", 0, "a")));
        try (PublishedReplay replay = PublishedReplay.of(recording, Dataflow.parse(yaml), FLAT_OUT)) {
            assertThat(replay.dataflow().graph().nodes())
                    .allSatisfy(node ->
                            assertThat(node.operators().get(0).source()).isInstanceOf(Source.ClassSource.class));
            assertThat(replay.dataflow().graph().node("marked").deployment().machine())
                    .as("it has no need of the machine's hardware")
                    .isEmpty();
            assertThat(replay.dataflow().graph().applicationInputs()).containsExactly("replay-0-", "replay-0");
        }
    }

    @Test
    void shouldEndAtOnceWhenTheDataflowIsStoppedInTheMiddleOfALongPause() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"),
                List.of("left/out", "right/out"),
                List.of(new Line("left/out", 0, "0"), new Line("right/out", 3_600_000_000_000L, "in an hour")));
        List<Sent> kept = Collections.synchronizedList(new ArrayList<>());
        try (PublishedReplay replay = PublishedReplay.of(recording, twoSources(kept), ReplayOptions.DEFAULT);
                RunningDataflow running = start(replay)) {
            Thread stopping = new Thread(() -> {
                await().atMost(Sources.DEADLINE).until(() -> kept.size() == 1);
                running.stop(Duration.ofSeconds(60));
            });
            stopping.start();
            replay.feed(running);
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
            assertThat(replay.sent()).isEqualTo(1);
            stopping.join();
        }
        assertThat(kept).containsExactly(text("l", 0));
    }

    @Test
    void shouldCountWhatNobodyTakesAndGoOnWithTheOthers() throws Exception {
        List<Line> lines = IntStream.range(0, 1_000)
                .mapToObj(i -> new Line(i % 2 == 0 ? "left/out" : "right/out", i, Integer.toString(i)))
                .toList();
        Recording recording = Recordings.write(scratch.resolve("r"), List.of("left/out", "right/out"), lines);
        List<Sent> kept = new ArrayList<>();
        try (PublishedReplay replay = PublishedReplay.of(recording, twoSources(kept), FLAT_OUT);
                RunningDataflow running = start(replay)) {
            running.publisher("replay-0").close(); // as an input that was out of reach for too long
            running.publisher("told").close();
            replay.feed(running);
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(replay.sent()).isEqualTo(500);
            assertThat(replay.untaken()).isEqualTo(500);
        }
        assertThat(kept)
                .hasSize(500)
                .allSatisfy(sent -> assertThat(sent.output()).isEqualTo("r"));
    }

    @Test
    void shouldBeFedOnce() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"), List.of("left/out", "right/out"), List.of(new Line("left/out", 0, "once")));
        try (PublishedReplay replay = PublishedReplay.of(recording, twoSources(new ArrayList<>()), FLAT_OUT);
                RunningDataflow running = start(replay)) {
            replay.feed(running);
            assertThatThrownBy(() -> replay.feed(running)).hasMessageContaining("fed once");
        }
    }
}
