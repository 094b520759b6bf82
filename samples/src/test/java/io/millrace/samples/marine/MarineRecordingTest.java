package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderCounts;
import io.millrace.local.recording.RecorderOptions;
import io.millrace.local.recording.Recording;
import io.millrace.local.recording.Replay;
import io.millrace.local.recording.ReplayOptions;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample is recorded, and the recording is fed into the same dataflow: its figures stay the same. */
class MarineRecordingTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Dataflow load(String out, String log) {
        return Dataflow.load(
                MarineFiles.DATAFLOW,
                LoadOptions.builder()
                        .environment(Map.of("OUT", directory.resolve(out).toString(), "LOG", log))
                        .build());
    }

    private RecorderCounts record() throws Exception {
        Recorder recorder = Recorder.open(directory.resolve("recording"), RecorderOptions.DEFAULT);
        try (recorder;
                RunningDataflow running = load(
                                "first", MarineFiles.LOG.toAbsolutePath().toString())
                        .start(StartOptions.builder().whenOpen(recorder::attach).build())) {
            assertThat(running.await(LONG_ENOUGH).state()).isEqualTo(DataflowState.FINISHED);
        }
        return recorder.counts();
    }

    private void replay(String out, Set<String> inPlaceOf) throws Exception {
        // Its own log is not there: nothing but the recording can be where the figures come from.
        Dataflow dataflow = load(out, directory.resolve("no.nmea").toString());
        ReplayOptions options = ReplayOptions.DEFAULT.flatOut().inPlaceOf(inPlaceOf);
        try (Replay replay = Replay.of(Recording.open(directory.resolve("recording")), dataflow, options);
                RunningDataflow running = replay.dataflow().start()) {
            assertThat(running.await(LONG_ENOUGH).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    private String summary(String out) throws Exception {
        return Files.readString(directory.resolve(out).resolve("summary.json"));
    }

    private String page(String out) throws Exception {
        return Files.readString(directory.resolve(out).resolve("voyage.html"));
    }

    @Test
    void shouldGiveTheSameFiguresWhenTheRecordingTakesThePlaceOfTheLogOrOfTheParser() throws Exception {
        RecorderCounts counts = record();
        assertThat(counts.outputs()).hasSize(9);
        assertThat(counts.outputs().get(0).name()).isEqualTo("feed/line");
        assertThat(counts.outputs().get(0).messages()).isEqualTo(116_000);
        assertThat(counts.missing()).isZero();

        replay("second", Set.of());
        assertThat(summary("second")).isEqualTo(MarineFiles.FIGURES_OF_LOG);
        assertThat(page("second").equals(page("first"))).as("byte for byte").isTrue();

        // A node of one operator, whose outputs are known by its own name as well; and the log itself, which then feeds
        // nobody.
        replay("third", Set.of("feed", "parser"));
        assertThat(summary("third")).isEqualTo(MarineFiles.FIGURES_OF_LOG);
        assertThat(Recording.open(directory.resolve("recording")).outputs())
                .containsAll(List.of("feed/line", "parser/op/position"));
    }
}
