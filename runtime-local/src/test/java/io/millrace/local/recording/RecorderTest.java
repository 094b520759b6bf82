package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.contract.nodes.Driver;
import io.millrace.contract.nodes.Flood;
import io.millrace.local.recording.Sources.Sent;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RecorderTest {
    @TempDir
    private Path scratch;

    private static List<Sent> ofAllKinds() {
        Random random = new Random(1);
        List<Sent> messages = new ArrayList<>();
        int[] lengths = {0, 1, 7, 512, 513, 4_096, 70_000, 4 << 20, (4 << 20) - 31, (9 << 20) + 5, 3};
        for (int length : lengths) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            messages.add(new Sent("source/a", PayloadFormat.BYTES, Parameters.EMPTY, payload));
            messages.add(new Sent("source/b", PayloadFormat.JSON, Driver.annotations(), payload));
        }
        return messages;
    }

    @Test
    void shouldReadBackEveryMessageAsItWasSent() throws Exception {
        List<Sent> messages = ofAllKinds();
        List<Sent> kept = new ArrayList<>();
        RecorderCounts counts =
                Sources.record(Sources.toKeeper(messages, kept), scratch.resolve("r"), RecorderOptions.DEFAULT);
        List<Sent> read = Sources.read(scratch.resolve("r"));
        for (String output : List.of("source/a", "source/b")) {
            assertThat(read.stream().filter(each -> each.output().equals(output)))
                    .containsExactlyElementsOf(messages.stream()
                            .filter(each -> each.output().equals(output))
                            .toList());
        }
        assertThat(counts.messages()).isEqualTo(messages.size());
        assertThat(counts.missing()).isZero();
        assertThat(counts.bytes()).isGreaterThan(34 << 20);
        assertThat(counts.failure()).isEmpty();
        assertThat(kept).hasSameSizeAs(messages);
    }

    @Test
    void shouldKeepTimesAndSequences() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        Sources.record(Sources.counting("timed", 500), scratch.resolve("r"), RecorderOptions.DEFAULT);
        Instant after = Instant.now().plusMillis(1);
        Recording recording = Recording.open(scratch.resolve("r"));
        assertThat(recording.startedAt()).isBetween(before, after);
        try (RecordingReader reader = recording.read(Selection.ALL)) {
            long lastTimestamp = 0;
            for (long sequence = 0; sequence < 500; sequence++) {
                RecordedMessage next = reader.next();
                assertThat(next.message().sequence()).isEqualTo(sequence);
                assertThat(next.message().text()).isEqualTo(Long.toString(sequence));
                assertThat(next.message().incarnation()).isZero();
                assertThat(next.message().timestamp()).isGreaterThan(lastTimestamp);
                assertThat(next.receivedAt()).isBetween(before, after);
                assertThat(next.missing()).isZero();
                lastTimestamp = next.message().timestamp();
            }
            assertThat(reader.next()).isNull();
            assertThat(reader.next()).isNull();
            assertThat(reader.isComplete()).isTrue();
            assertThat(reader.isAtEnd()).isTrue();
            assertThat(reader.count()).isEqualTo(500);
        }
    }

    @Test
    void shouldSayWhatItIsOf() throws Exception {
        Path file = scratch.resolve("flow.yml");
        Files.writeString(file, """
                name: told
                nodes:
                  - {id: counter, class: io.millrace.contract.nodes.Counter, config: {count: 3}, outputs: [out, other]}
                """);
        Sources.record(
                Dataflow.load(file, LoadOptions.DEFAULT),
                scratch.resolve("r"),
                RecorderOptions.DEFAULT.withOutputs(List.of("counter/out")).dropping());
        Recording recording = Recording.open(scratch.resolve("r"));
        assertThat(recording.dataflow()).isEqualTo("told");
        assertThat(recording.text()).contains(Files.readString(file));
        assertThat(recording.outputs()).containsExactly("counter/out");
        assertThat(recording.version()).isNotBlank();
        assertThat(recording.isLossy()).isTrue();
        assertThat(recording.directory()).isEqualTo(scratch.resolve("r"));
    }

    @Test
    void shouldAgreeWithChronicleOnEveryDocument() throws Exception {
        Sources.record(
                Sources.toKeeper(ofAllKinds(), new ArrayList<>()), scratch.resolve("r"), RecorderOptions.DEFAULT);
        List<String> ours = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader(queueFiles(scratch.resolve("r")))) {
            while (reader.next()) {
                byte[] bytes = new byte[reader.length()];
                reader.buffer().get(reader.offset(), bytes);
                ours.add(bytes.length + " " + java.util.Arrays.hashCode(bytes));
            }
        }
        List<String> theirs = new ArrayList<>();
        try (ChronicleQueue queue =
                        ChronicleQueue.singleBuilder(scratch.resolve("r")).build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        break;
                    }
                    byte[] bytes = document.wire().bytes().toByteArray();
                    theirs.add(bytes.length + " " + java.util.Arrays.hashCode(bytes));
                }
            }
        }
        assertThat(ours).hasSizeGreaterThan(16).isEqualTo(theirs); // of those in parts alone there are 14
    }

    static List<Path> queueFiles(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldRecordAGapFreeRangeWhenBegunAndEndedWhileTheDataflowRuns() throws Exception {
        Dataflow dataflow = Dataflow.builder("flooded")
                .node("flood", Flood::new, ports -> ports.output("out"))
                .build();
        Path directory = scratch.resolve("r");
        try (RunningDataflow running = dataflow.start()) {
            Recorder recorder = Recorder.start(running, directory, RecorderOptions.DEFAULT);
            Awaitility.await()
                    .atMost(Sources.DEADLINE)
                    .until(() -> recorder.counts().messages() > 10_000);
            recorder.close();
            RecorderCounts counts = recorder.counts();
            recorder.close();
            assertThat(running.state().isFinal()).isFalse();
            try (RecordingReader reader = Recording.open(directory).read(Selection.ALL)) {
                RecordedMessage first = reader.next();
                long sequence = first.message().sequence();
                for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                    assertThat(next.message().sequence()).isEqualTo(++sequence);
                }
                assertThat(reader.isComplete()).isTrue();
                assertThat(reader.count()).isEqualTo(counts.messages()).isGreaterThan(10_000);
                assertThat(reader.missing()).isZero();
            }
        }
    }

    @Test
    void shouldCountWhatIsInTheRecordingOnlyWhenItHasEndedForWantOfDisk() throws Exception {
        List<Sent> messages = java.util.stream.Stream.generate(() -> new byte[1 << 20])
                .limit(80)
                .map(payload -> new Sent("source/a", PayloadFormat.BYTES, Parameters.EMPTY, payload))
                .toList();
        Path directory = Files.createDirectory(scratch.resolve("r"));
        Chronicle.prepare();
        long[] looks = {0};
        Recorder recorder = new Recorder(
                directory,
                RecorderOptions.DEFAULT,
                made -> RecordingWriter.open(made, () -> looks[0]++ == 0 ? Long.MAX_VALUE : 1 << 20));
        try (recorder;
                RunningDataflow running = Sources.toKeeper(messages, new ArrayList<>())
                        .start(StartOptions.builder().whenOpen(recorder::attach).build())) {
            assertThat(running.await(Sources.DEADLINE).failures()).isEmpty();
        }
        try (RecordingReader reader = Recording.open(directory).read(Selection.ALL)) {
            while (reader.next() != null) {
                continue;
            }
            assertThat(recorder.counts().messages()).isEqualTo(reader.count()).isBetween(1L, 79L);
            assertThat(recorder.counts().failure().orElseThrow()).hasMessageContaining("only 1 MiB are left");
            assertThat(reader.isComplete()).isFalse();
        }
    }

    @Test
    void shouldEndTheRecordingInOrderWhenItIsClosedByAnInterruptedThread() throws Exception {
        Dataflow dataflow = Dataflow.builder("interrupted")
                .node("flood", Flood::new, ports -> ports.output("out"))
                .build();
        Path directory = scratch.resolve("r");
        try (RunningDataflow running = dataflow.start()) {
            Recorder recorder = Recorder.start(running, directory, RecorderOptions.DEFAULT);
            Awaitility.await()
                    .atMost(Sources.DEADLINE)
                    .until(() -> recorder.counts().messages() > 0);
            Thread.currentThread().interrupt();
            recorder.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(recorder.counts().failure()).isEmpty();
            assertThat(Sources.read(directory)).hasSize((int) recorder.counts().messages());
        }
    }

    @Test
    void shouldWaitForTheEndWhenThereIsProgressUntilItsTimeIsUp() {
        Duration timeout = Duration.ofMillis(1);
        Duration maxTime = Duration.ofMinutes(1);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        long[] written = {0};
        assertThat(Recorder.await(
                        ended,
                        () -> {
                            if (++written[0] == 20) {
                                ended.complete(null);
                            }
                            return written[0];
                        },
                        timeout,
                        maxTime))
                .isTrue();
        CompletableFuture<Void> endless = new CompletableFuture<>();
        assertThat(Recorder.await(endless, () -> 1, timeout, maxTime)).isFalse();
        assertThat(Recorder.await(endless, () -> ++written[0], timeout, Duration.ofMillis(20)))
                .isFalse();
    }

    /** With so short a queue, and a source that never waits, something always is missing. */
    @Test
    void shouldCountWhatIsMissingInTheRecordingWhenItDrops() throws Exception {
        Path directory = scratch.resolve("r");
        RecorderOptions options = new RecorderOptions(List.of(), io.millrace.runtime.SubscribeOptions.dropOldest(2));
        RecorderCounts counts = Sources.record(Sources.counting("hasty", 200_000), directory, options);
        assertThat(counts.messages() + counts.missing()).isEqualTo(200_000);
        long seen = 0;
        long expected = 0;
        try (RecordingReader reader = Recording.open(directory).read(Selection.ALL)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                Message message = next.message();
                if (seen++ > 0) {
                    assertThat(message.sequence()).isEqualTo(expected + next.missing());
                }
                expected = message.sequence() + 1;
            }
            assertThat(seen).isEqualTo(counts.messages());
            assertThat(reader.missing()).isEqualTo(counts.missing()).isPositive();
        }
    }

    @Test
    void shouldRefuseADirectoryWhenItIsNotEmptyOrNone() throws Exception {
        Files.writeString(scratch.resolve("file"), "mine");
        assertThatThrownBy(() -> Recorder.open(scratch, RecorderOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(scratch.toString(), "not empty");
        assertThatThrownBy(() -> Recorder.open(scratch.resolve("file"), RecorderOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no directory");
        assertThat(scratch).isDirectoryContaining("glob:**file");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldSayWhyWhenADirectoryCannotBeMade() {
        assertThatThrownBy(() -> Recorder.open(Path.of("/proc/recording"), RecorderOptions.DEFAULT))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("cannot record to '/proc/recording'", "NoSuchFile");
    }

    @Test
    void shouldNotStartWhenAnOutputToRecordIsUnknown() {
        assertThatThrownBy(() -> Sources.record(
                        Sources.counting("refused", 1),
                        scratch.resolve("r"),
                        RecorderOptions.DEFAULT.withOutputs(List.of("source/in"))))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContainingAll("source/in", "source/out");
    }

    @Test
    void shouldRefuseASecondDataflow() throws Exception {
        try (Recorder recorder = Recorder.open(scratch.resolve("r"), RecorderOptions.DEFAULT);
                RunningDataflow running = Sources.counting("first", 1)
                        .start(StartOptions.builder().whenOpen(recorder::attach).build())) {
            assertThatThrownBy(() -> recorder.attach(running))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("of one dataflow");
        }
    }

    @Test
    void shouldLeaveTheDirectoryAsItWasWhenItWasNeverAttached() throws Exception {
        Path directory = scratch.resolve("r");
        Recorder.open(directory, RecorderOptions.DEFAULT).close();
        assertThat(directory).isEmptyDirectory();
        Sources.record(Sources.counting("second", 3), directory, RecorderOptions.DEFAULT);
        assertThat(Sources.read(directory)).hasSize(3);
    }

    @Test
    void shouldHaveNothingInItsDirectoryBeforeItIsAttached() throws Exception {
        Path directory = scratch.resolve("r");
        Recorder abandoned = Recorder.open(directory, RecorderOptions.DEFAULT);
        assertThat(directory).isEmptyDirectory();
        Sources.record(Sources.counting("second", 3), directory, RecorderOptions.DEFAULT);
        try (RunningDataflow running = Sources.counting("first", 1).start()) {
            assertThatThrownBy(() -> abandoned.attach(running))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(directory.toString(), "another recorder");
        }
        abandoned.close();
        assertThat(Sources.read(directory)).hasSize(3);
    }

    @Test
    void shouldTakeADirectoryWhenItHoldsOnlyWhatARecorderHasLeftThatNeverBegan() throws Exception {
        Path directory = Files.createDirectory(scratch.resolve("r"));
        Files.write(directory.resolve("metadata.cq4t"), new byte[1]);
        Sources.record(Sources.counting("second", 3), directory, RecorderOptions.DEFAULT);
        assertThat(Sources.read(directory)).hasSize(3);
    }

    @Test
    void shouldLeaveWhatOthersPutThereWhenItWasNeverAttached() throws Exception {
        Path directory = scratch.resolve("r");
        Recorder recorder = Recorder.open(directory, RecorderOptions.DEFAULT);
        Files.writeString(directory.resolve("notes"), "mine");
        recorder.close();
        assertThat(directory).isDirectoryContaining("glob:**notes");
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldLeaveNoThreadOfItsOwnBehind() throws Exception {
        Sources.record(Sources.counting("tidy", 10), scratch.resolve("r"), RecorderOptions.DEFAULT);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                        .noneMatch(name -> name.startsWith("millrace-tidy")));
    }
}
