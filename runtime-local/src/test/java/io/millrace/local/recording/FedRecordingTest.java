package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.recording.Sources.Keeper;
import io.millrace.local.recording.Sources.Sent;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application publishes is recorded, and comes from the recording where no application is. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FedRecordingTest {
    private static final String LEFT = "millrace/app/left";
    private static final String RIGHT = "millrace/app/right";

    @TempDir
    private Path scratch;

    private static Dataflow flow(List<Sent> kept) {
        return Dataflow.builder("fed")
                .operator(
                        "keeper",
                        () -> new Keeper(kept),
                        ports -> ports.input("left", LEFT, QueuePolicy.BACKPRESSURE, 10)
                                .input("right", RIGHT, QueuePolicy.BACKPRESSURE, 10))
                .node("source", () -> Sources.counting(3), ports -> ports.output("out"))
                .build();
    }

    private static Sent text(String output, String text) {
        return new Sent(output, PayloadFormat.UTF8, Parameters.EMPTY, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Sent> of(String output, int begin, int end) {
        List<Sent> texts = new ArrayList<>();
        for (int i = begin; i < end; i += 2) {
            texts.add(text(output, Integer.toString(i)));
        }
        return texts;
    }

    /** Publishes 0 to 99 in turns, the even ones to the left. */
    private void record(RecorderOptions options) throws Exception {
        Recorder recorder = Recorder.open(scratch.resolve("r"), options);
        try (recorder;
                RunningDataflow running = flow(new ArrayList<>())
                        .start(StartOptions.builder()
                                .whenOpen(recorder::attach)
                                .keepAlive(false)
                                .build())) {
            for (int i = 0; i < 100; i++) {
                Publisher publisher = running.publisher(i % 2 == 0 ? "left" : "right");
                assertThat(publisher.send(Integer.toString(i), Sources.DEADLINE))
                        .isEqualTo(SendResult.ACCEPTED);
            }
            running.publisher("left").close();
            running.publisher("right").close();
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldRecordWhatTheApplicationPublishes() throws Exception {
        record(RecorderOptions.DEFAULT);
        assertThat(Recording.open(scratch.resolve("r")).outputs()).containsExactly("source/out", LEFT, RIGHT);
        List<Sent> read = Sources.read(scratch.resolve("r"));
        assertThat(read).filteredOn(sent -> sent.output().equals(LEFT)).isEqualTo(of(LEFT, 0, 100));
        assertThat(read).filteredOn(sent -> sent.output().equals(RIGHT)).isEqualTo(of(RIGHT, 1, 100));
        assertThat(read).hasSize(103);
    }

    @Test
    void shouldRecordOneInputAloneWhenItIsNamed() throws Exception {
        record(RecorderOptions.DEFAULT.withOutputs(List.of(RIGHT)));
        assertThat(Sources.read(scratch.resolve("r"))).isEqualTo(of(RIGHT, 1, 100));
    }

    @Test
    void shouldPublishFromTheRecordingWhenReplayed() throws Exception {
        record(RecorderOptions.DEFAULT);
        List<Sent> kept = new ArrayList<>();
        try (Replay replay =
                        Replay.of(Recording.open(scratch.resolve("r")), flow(kept), ReplayOptions.DEFAULT.flatOut());
                RunningDataflow running = replay.dataflow()
                        .start(StartOptions.builder().keepAlive(false).build())) {
            assertThat(replay.nodes()).containsExactly(LEFT, RIGHT, "source");
            assertThat(running.graph().applicationInputs()).isEmpty();
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(replay.sent()).isEqualTo(103);
        }
        assertThat(kept).filteredOn(sent -> sent.output().equals("left")).isEqualTo(of("left", 0, 100));
        assertThat(kept).filteredOn(sent -> sent.output().equals("right")).isEqualTo(of("right", 1, 100));
    }

    @Test
    void shouldLeaveAnInputToTheApplicationWhenOnlyTheOtherIsToBeReplayed() throws Exception {
        record(RecorderOptions.DEFAULT);
        List<Sent> kept = new ArrayList<>();
        ReplayOptions options = ReplayOptions.DEFAULT.flatOut().inPlaceOf(Set.of(LEFT));
        try (Replay replay = Replay.of(Recording.open(scratch.resolve("r")), flow(kept), options);
                RunningDataflow running = replay.dataflow()
                        .start(StartOptions.builder().keepAlive(false).build())) {
            running.publisher("right").send("mine", Sources.DEADLINE);
            running.publisher("right").close();
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(kept).filteredOn(sent -> sent.output().equals("left")).isEqualTo(of("left", 0, 100));
        assertThat(kept).filteredOn(sent -> sent.output().equals("right")).containsExactly(text("right", "mine"));
    }

    @Test
    void shouldRefuseWhatWasNotRecordedOrIsNotRead() throws Exception {
        record(RecorderOptions.DEFAULT.withOutputs(List.of(RIGHT)));
        Recording recording = Recording.open(scratch.resolve("r"));
        Dataflow dataflow = flow(new ArrayList<>());
        for (String wrong : List.of(LEFT, "millrace/app/middle")) {
            assertThatThrownBy(() -> Replay.of(recording, dataflow, ReplayOptions.DEFAULT.inPlaceOf(Set.of(wrong))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'" + wrong + "' cannot be replayed", RIGHT);
        }
        assertThatThrownBy(() -> dataflow.withFeed("middle", () -> Sources.counting(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("middle", "left", "right");
        assertThat(dataflow.withFeed("left", () -> Sources.counting(1))
                        .graph()
                        .node("app-left")
                        .inputs())
                .isEmpty();
    }
}
