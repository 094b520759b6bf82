package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.testkit.GraphHarness;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.testkit.SentMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same recording, fed into the same dataflow, does the same each time where nodes take turns. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SteppedReplayTest {
    private static final int COUNT = 200;

    @TempDir
    private Path scratch;

    private static Dataflow dataflow() {
        return Dataflow.builder("merging")
                .node("left", () -> Sources.counting(COUNT), ports -> ports.output("out"))
                .node("right", () -> Sources.counting(COUNT), ports -> ports.output("out"))
                .operator(
                        "merger",
                        Merger::new,
                        ports -> ports.input("l", "left/out", QueuePolicy.DROP_OLDEST, 3)
                                .input("r", "right/out", QueuePolicy.BACKPRESSURE, 3)
                                .output("out"))
                .build();
    }

    /** All that was sent, with times and numbers. */
    private List<String> replayed(ReplayOptions options, long seed) {
        try (Replay replay = Replay.of(Recording.open(scratch.resolve("r")), dataflow(), options);
                GraphHarness harness =
                        GraphHarness.of(replay.dataflow()).seed(seed).open()) {
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FINISHED);
            return harness.sent().stream().map(SteppedReplayTest::whole).toList();
        }
    }

    private static String whole(SentMessage message) {
        return message.output() + " " + message.sequence() + " " + message.timestamp() + " " + message.text();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "0, 2"})
    void shouldSendTheSameTwiceWhenReplayedByTheHarness(double speed, long seed) throws Exception {
        Sources.record(dataflow(), scratch.resolve("r"), RecorderOptions.DEFAULT);
        ReplayOptions options = speed == 0 ? ReplayOptions.DEFAULT.flatOut() : ReplayOptions.DEFAULT.withSpeed(speed);

        List<String> first = replayed(options, seed);

        assertThat(first).hasSizeGreaterThan(3 * COUNT);
        assertThat(replayed(options, seed)).isEqualTo(first);
    }

    @Test
    void shouldSendTheSameTwiceWhenReplayedByTheDeterministicRuntime() throws Exception {
        Sources.record(dataflow(), scratch.resolve("r"), RecorderOptions.DEFAULT);

        List<String> first = run();

        assertThat(first).hasSizeGreaterThan(COUNT);
        assertThat(run()).isEqualTo(first);
    }

    private List<String> run() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        StartOptions options = StartOptions.builder()
                .runtime("deterministic")
                .seed(5)
                .keepAlive(false)
                .build();
        Path second = scratch.resolve("of-" + System.nanoTime());
        try (Replay replay =
                        Replay.of(Recording.open(scratch.resolve("r")), dataflow(), ReplayOptions.DEFAULT.flatOut());
                Recorder recorder = Recorder.open(second, RecorderOptions.DEFAULT);
                RunningDataflow running = replay.dataflow()
                        .start(options.toBuilder().whenOpen(recorder::attach).build())) {
            assertThat(running.await(Sources.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        try (RecordingReader reader = Recording.open(second).read(Selection.ALL)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                if (next.output().startsWith("merger")) {
                    seen.add(next.message().timestamp() + " " + next.message().text());
                }
            }
        }
        return seen;
    }
}
