package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.layout.MessageView;
import io.millrace.local.recording.Recordings.Line;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that share a document: what counts of it before it is ended, and what it costs. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SharedDocumentTest {
    private static final List<String> OUTPUTS = List.of("a/out", "b/out");

    @TempDir
    private Path scratch;

    @BeforeEach
    void prepareChronicle() {
        Chronicle.prepare();
    }

    private RecordingWriter open(String name) throws IOException {
        RecordingWriter writer = RecordingWriter.open(Files.createDirectories(scratch.resolve(name)));
        writer.header(
                new RecordingHeader("written", Optional.empty(), OUTPUTS, Instant.EPOCH, "test", false),
                Recordings.BEGIN_NS);
        return writer;
    }

    private static List<String> texts(Path directory) {
        List<String> texts = new ArrayList<>();
        try (RecordingReader reader = Recording.open(directory).read(Selection.ALL)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                texts.add(next.output() + " " + next.message().text());
            }
        }
        return texts;
    }

    private static List<String> expected(int begin, int end) {
        return IntStream.range(begin, end)
                .mapToObj(i -> OUTPUTS.get(i % 2) + " " + "x".repeat(i % 11) + i)
                .toList();
    }

    private static void write(RecordingWriter writer, int begin, int end) {
        for (int i = begin; i < end; i++) {
            writer.message(i % 2, 0, Recordings.BEGIN_NS, Recordings.message(i, 1, "x".repeat(i % 11) + i));
        }
    }

    @Test
    void shouldReadEveryMessageThatIsWholeWhenItsDocumentWasNotEnded() throws Exception {
        try (RecordingWriter writer = open("r")) {
            write(writer, 0, 7);
            assertThat(texts(scratch.resolve("r"))).isEqualTo(expected(0, 7));
            writer.endDocument();
            writer.endDocument();
            assertThat(texts(scratch.resolve("r"))).isEqualTo(expected(0, 7));
            write(writer, 7, 2_000); // more than one document holds
            assertThat(texts(scratch.resolve("r"))).isEqualTo(expected(0, 2_000));
        }
        assertThat(texts(scratch.resolve("r"))).isEqualTo(expected(0, 2_000));
    }

    @Test
    void shouldReadWhatIsWholeWhenTheFileWasCutWithinADocument() throws Exception {
        try (RecordingWriter writer = open("r")) {
            write(writer, 0, 100);
        }
        Path file = RecorderTest.queueFiles(scratch.resolve("r")).get(0);
        int end = indexOf(Files.readAllBytes(file), "x".repeat(57 % 11) + 57);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(end);
        }
        assertThat(texts(scratch.resolve("r"))).isEqualTo(expected(0, 57));
    }

    /** One message in a document, of which none counts that was not ended: so wrote version 1. */
    @Test
    void shouldReadARecordingWhenItIsOfTheVersionBefore() throws Exception {
        try (RecordingWriter writer = open("r")) {
            for (int i = 0; i < 5; i++) {
                write(writer, i, i + 1);
                writer.endDocument();
            }
            write(writer, 5, 6);
            Path file = RecorderTest.queueFiles(scratch.resolve("r")).get(0);
            setVersion(file, 1);
            assertThat(texts(scratch.resolve("r"))).isEqualTo(expected(0, 5));
            setVersion(file, 3);
            assertThatThrownBy(() -> Recording.open(scratch.resolve("r")))
                    .isInstanceOf(InvalidRecordingException.class)
                    .hasMessageContaining("has version 3, this Millrace reads versions 1 to 2");
        }
    }

    private static void setVersion(Path file, int version) throws IOException {
        int at = indexOf(Files.readAllBytes(file), "MILLRACE") + Long.BYTES;
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.writeByte(version);
        }
    }

    private static int indexOf(byte[] all, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length - wanted.length; at++) {
            if (java.util.Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new AssertionError("'" + text + "' is not in the file");
    }

    @Test
    void shouldPassOverMessagesThatAreNotSelectedWithinADocument() throws Exception {
        List<Line> lines = IntStream.range(0, 30)
                .mapToObj(i -> new Line(OUTPUTS.get(i % 2), i, Integer.toString(i)))
                .toList();
        Recording recording = Recordings.write(scratch.resolve("r"), OUTPUTS, lines);
        List<String> read = new ArrayList<>();
        Selection selection = Selection.ALL.withOutputs(java.util.Set.of("b/out"));
        try (RecordingReader reader = recording.read(selection)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                read.add(next.message().text());
            }
            assertThat(reader.isComplete()).isTrue();
        }
        assertThat(read)
                .isEqualTo(IntStream.range(0, 30)
                        .filter(i -> i % 2 == 1)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void shouldAllocateNothingForAMessage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MessageView message = Recordings.message(0, 1, "x".repeat(100));
        int count = 20_000;
        try (RecordingWriter writer = open("r")) {
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) { // the first are those in which code is compiled
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < count; i++) {
                    writer.message(0, 0, 1, message);
                }
                writer.endDocument();
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            // What the queue allocates for its index and its blocks of the file is for thousands of messages.
            assertThat((double) least / count).as("bytes a message").isLessThan(1);
        }
    }
}
