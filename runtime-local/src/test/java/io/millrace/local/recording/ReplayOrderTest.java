package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.recording.Recordings.Line;
import io.millrace.local.testkit.GraphHarness;
import io.millrace.runtime.DataflowState;
import io.millrace.testkit.SentMessage;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replay where one node runs at a time: whoever that is, the order of the recording is kept. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReplayOrderTest {
    private static final int MESSAGES = 60;

    @TempDir
    private Path scratch;

    private static Dataflow dataflow() {
        return Dataflow.builder("ordered")
                .node("left", () -> Sources.counting(0), ports -> ports.output("out"))
                .node("right", () -> Sources.counting(0), ports -> ports.output("out"))
                .operator(
                        "order",
                        Merger::new,
                        ports -> ports.input("l", "left/out", QueuePolicy.BACKPRESSURE, 3)
                                .input("r", "right/out", QueuePolicy.BACKPRESSURE, 3)
                                .output("out"))
                .build();
    }

    private Recording recording() throws Exception {
        List<Line> lines = IntStream.range(0, MESSAGES)
                .mapToObj(i -> new Line(i % 7 < 4 ? "left/out" : "right/out", i * 10_000_000L, Integer.toString(i)))
                .toList();
        return Recordings.write(scratch.resolve("r"), List.of("left/out", "right/out"), lines);
    }

    private static List<SentMessage> replay(Recording recording, long seed) {
        ReplayOptions options = ReplayOptions.DEFAULT.flatOut();
        try (Replay replay = Replay.of(recording, dataflow(), options);
                GraphHarness harness =
                        GraphHarness.of(replay.dataflow()).seed(seed).open()) {
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FINISHED);
            assertThat(replay.sent()).isEqualTo(MESSAGES);
            return harness.sent();
        }
    }

    @Test
    void shouldKeepTheRecordedOrderAcrossNodesWhoeverRunsWhen() throws Exception {
        Recording recording = recording();
        List<String> recorded =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        Set<List<String>> arrivals = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            List<SentMessage> sent = replay(recording, seed);
            assertThat(sent.stream()
                            .filter(each -> !each.output().equals("order/out"))
                            .map(SentMessage::text))
                    .as("seed %s", seed)
                    .containsExactlyElementsOf(recorded);
            arrivals.add(sent.stream()
                    .filter(each -> each.output().equals("order/out"))
                    .map(SentMessage::text)
                    .toList());
        }
        assertThat(arrivals).as("the seeds differ in what is received first").hasSizeGreaterThan(1);
    }
}
