package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.Supervision.RestartPolicy;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node is recorded through its restarts. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RestartedRecordingTest {
    private static final int EACH = 10_000;
    private static final int INCARNATIONS = 4;

    @TempDir
    private Path scratch;

    /** Sends as many messages in each incarnation, and then fails; the last one ends in order. */
    private static Dataflow failing() {
        Node failing = context -> {
            for (int i = 0; i < EACH; i++) {
                context.output("out").send(context.incarnation() + ":" + i);
            }
            if (context.incarnation() < INCARNATIONS - 1) {
                throw new IllegalStateException("told to fail");
            }
        };
        return Dataflow.builder("restarted")
                .node(
                        "source",
                        () -> failing,
                        ports -> ports.output("out")
                                .restart(RestartPolicy.ON_FAILURE)
                                .restartDelay(Duration.ofMillis(1), Duration.ofMillis(1)))
                .build();
    }

    private RecorderCounts record(RecorderOptions options) throws Exception {
        Recorder recorder = Recorder.open(scratch.resolve("r"), options);
        try (recorder;
                RunningDataflow running = failing()
                        .start(StartOptions.builder()
                                .whenOpen(recorder::attach)
                                .keepAlive(false)
                                .build())) {
            DataflowResult result = running.await(Sources.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.status().node("source").incarnation()).isEqualTo(INCARNATIONS - 1);
        }
        return recorder.counts();
    }

    /** A line of a recording: what was sent, with what is said of it. */
    private record Line(int incarnation, long sequence, String text, long missing) {}

    private List<Line> read(long missing) {
        List<Line> lines = new ArrayList<>();
        try (RecordingReader reader = Recording.open(scratch.resolve("r")).read(Selection.ALL)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                Message message = next.message();
                lines.add(new Line(message.incarnation(), message.sequence(), message.text(), next.missing()));
            }
            assertThat(reader.isComplete()).isTrue();
            assertThat(reader.missing()).isEqualTo(missing);
        }
        return lines;
    }

    @Test
    void shouldHoldEveryMessageOfEveryIncarnationOnce() throws Exception {
        RecorderCounts counts = record(RecorderOptions.DEFAULT);
        List<Line> expected = IntStream.range(0, INCARNATIONS)
                .boxed()
                .flatMap(incarnation -> ofAll(incarnation))
                .toList();
        assertThat(read(0)).isEqualTo(expected);
        assertThat(counts.messages()).isEqualTo(INCARNATIONS * EACH);
        assertThat(counts.missing()).isZero();
    }

    /** What was sent before a recorder came was not to be recorded, however often the node was restarted by then. */
    @Test
    void shouldMissNothingWhenItIsBegunAfterARestart() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch attached = new CountDownLatch(1);
        Node restarted = context -> {
            if (context.incarnation() == 0) {
                throw new IllegalStateException("told to fail");
            }
            for (int i = 0; i < EACH; i++) {
                context.output("out").send(context.incarnation() + ":" + i);
            }
            sent.countDown();
            // Attaching waits for a node that looks at its commands, as sending has it do.
            while (attached.getCount() > 0) {
                context.output("out").send("between");
            }
            context.output("out").send("last");
        };
        Dataflow dataflow = Dataflow.builder("late")
                .node(
                        "source",
                        () -> restarted,
                        ports -> ports.output("out")
                                .restart(RestartPolicy.ON_FAILURE)
                                .restartDelay(Duration.ofMillis(1), Duration.ofMillis(1)))
                .build();
        try (RunningDataflow running = dataflow.start()) {
            assertThat(sent.await(1, TimeUnit.MINUTES)).isTrue();
            try (Recorder recorder = Recorder.start(running, scratch.resolve("r"), RecorderOptions.DEFAULT)) {
                attached.countDown();
                running.await(Sources.DEADLINE);
                assertThat(recorder.counts().failure()).isEmpty();
            }
        }
        List<Line> lines = read(0);
        assertThat(lines.get(0).incarnation()).isEqualTo(1);
        assertThat(lines.get(0).sequence()).isGreaterThanOrEqualTo(EACH);
        assertThat(lines.get(lines.size() - 1).text()).isEqualTo("last");
    }

    private static Stream<Line> ofAll(int incarnation) {
        return IntStream.range(0, EACH).mapToObj(i -> new Line(incarnation, i, incarnation + ":" + i, 0));
    }

    @Test
    void shouldCountWhatIsMissingOfEachIncarnationWhenItDrops() throws Exception {
        RecorderCounts counts = record(new RecorderOptions(List.of(), SubscribeOptions.dropOldest(3)));
        assertThat(counts.messages() + counts.missing()).isEqualTo(INCARNATIONS * EACH);
        List<Line> lines = read(counts.missing());
        assertThat(lines).hasSize((int) counts.messages());
        Line before = new Line(0, -1, "", 0);
        for (Line line : lines) {
            assertThat(line.text()).isEqualTo(line.incarnation() + ":" + line.sequence());
            assertThat(line.incarnation()).isGreaterThanOrEqualTo(before.incarnation());
            long expected = line.incarnation() == before.incarnation() ? before.sequence() + 1 : 0;
            assertThat(line.sequence()).isGreaterThanOrEqualTo(expected);
            before = line;
        }
        assertThat(before).extracting(Line::incarnation, Line::sequence).containsExactly(INCARNATIONS - 1, EACH - 1L);
    }
}
