package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.recording.Recordings.Line;
import io.millrace.local.recording.Sources.Sent;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies in a directory, reading it ends in time with messages or with a clear error, never otherwise. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileRecordingTest {
    @TempDir
    private Path scratch;

    private void assertRefused(Path directory, String... words) {
        assertThatThrownBy(() -> Recording.open(directory))
                .isInstanceOf(InvalidRecordingException.class)
                .hasMessageContainingAll(words);
    }

    private Path directory(String file, byte[] content) throws IOException {
        Path directory = Files.createTempDirectory(scratch, "d");
        Files.write(directory.resolve(file), content);
        return directory;
    }

    private static byte[] words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    @Test
    void shouldRefuseWhatIsNoRecording() throws Exception {
        assertRefused(scratch.resolve("nowhere"), "nowhere", "does not exist");
        Files.writeString(scratch.resolve("file"), "text");
        assertRefused(scratch.resolve("file"), "file", "no directory");
        assertRefused(Files.createDirectory(scratch.resolve("empty")), "empty", "'.cq4'");
        assertRefused(directory("20260101F.cq4", new byte[0]), "empty");
        assertRefused(directory("20260101F.cq4", new byte[10_000]), "empty");
        assertRefused(
                directory("20260101F.cq4", "a text, and no queue".getBytes(StandardCharsets.UTF_8)),
                "20260101F.cq4",
                "no file of a Chronicle Queue");
        assertRefused(directory("20260101F.cq4", words(0x4000_0008, 1, 2, 0)), "no file of a Chronicle Queue");
        assertRefused(directory("20260101F.cq4", words(0x7FFF_FFFF, 1, 2, 0)), "no file of a Chronicle Queue");
        assertRefused(directory("20260101F.cq4", words(8, 1, 2, 0)), "no file of a Chronicle Queue");
        assertRefused(directory("20260101F.cq4", words(-1, 1, 2, 0)), "empty");
    }

    @Test
    void shouldRefuseAQueueWhenItIsSomebodyElses() throws Exception {
        Chronicle.prepare();
        Path directory = scratch.resolve("theirs");
        try (ChronicleQueue queue = ChronicleQueue.singleBuilder(directory).build();
                ExcerptAppender appender = queue.createAppender()) {
            try (DocumentContext document = appender.writingDocument()) {
                document.wire().write("greeting").text("hello");
            }
        }
        assertRefused(directory, "no recording of Millrace", ".cq4', byte ");
    }

    /** A small recording with messages in one piece and in parts, cut behind its last document. */
    private byte[] recording() throws Exception {
        List<Sent> messages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            messages.add(new Sent(
                    "source/a",
                    PayloadFormat.UTF8,
                    Parameters.of("number", (long) i).with("text", "x"),
                    new byte[i * 7]));
        }
        messages.add(new Sent("source/b", PayloadFormat.BYTES, Parameters.EMPTY, new byte[(4 << 20) + 100]));
        Sources.record(Sources.toKeeper(messages, new ArrayList<>()), scratch.resolve("good"), RecorderOptions.DEFAULT);
        List<Path> files = RecorderTest.queueFiles(scratch.resolve("good"));
        byte[] all = Files.readAllBytes(files.get(0));
        int end = all.length;
        while (all[end - 1] == 0) {
            end--;
        }
        return java.util.Arrays.copyOf(all, end + 8);
    }

    /** Reads it to its end; returns how many messages there were, -1 if it was refused. */
    private static long read(Path directory) {
        try (RecordingReader reader = Recording.open(directory).read(Selection.ALL)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                next.message().parameters();
                next.message().toByteArray();
            }
            return reader.count();
        } catch (InvalidRecordingException e) {
            assertThat(e.getMessage()).isNotBlank();
            return -1;
        }
    }

    @Test
    void shouldReadWhatIsWholeWhenTheFileIsCutAnywhere() throws Exception {
        byte[] good = recording();
        Path directory = directory("20260101F.cq4", good);
        assertThat(read(directory)).isEqualTo(21);
        Path file = directory.resolve("20260101F.cq4");
        Random random = new Random(3);
        long before = 21;
        int[] cuts = IntStream.generate(() -> random.nextInt(100_000))
                .limit(150)
                .map(back -> Math.max(0, good.length - back * 60))
                .sorted()
                .toArray();
        for (int i = cuts.length - 1; i >= 0; i--) {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.setLength(cuts[i]);
            }
            long count = read(directory);
            assertThat(count).isLessThanOrEqualTo(before);
            before = count;
        }
        assertThat(before).isEqualTo(-1);
    }

    @Test
    void shouldReadOrRefuseWhenBytesWereChanged() throws Exception {
        byte[] good = recording();
        Path directory = directory("20260101F.cq4", good);
        Path file = directory.resolve("20260101F.cq4");
        Random random = new Random(4);
        int refused = 0;
        // The first documents begin after the queue's own index; the large message is mostly zeros.
        int begin = 65_000;
        for (int round = 0; round < 400; round++) {
            int at = begin + random.nextInt(6_000);
            byte[] bytes = new byte[1 + random.nextInt(8)];
            random.nextBytes(bytes);
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.seek(at);
                open.write(bytes);
            }
            refused += read(directory) < 0 ? 1 : 0;
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.seek(at);
                open.write(good, at, bytes.length);
            }
        }
        assertThat(refused).isBetween(1, 399);
        assertThat(read(directory)).isEqualTo(21);
    }

    @Test
    void shouldRefuseALengthWhenItIsLongerThanAnyMessage() throws Exception {
        Recording recording = Recordings.write(
                scratch.resolve("r"), List.of("a/out"), List.of(new Line("a/out", 0, "a text of some length")));
        Path file = RecorderTest.queueFiles(recording.directory()).get(0);
        byte[] all = Files.readAllBytes(file);
        int at = indexOf(all, "a text of some length") - Integer.BYTES; // the payload's length
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(words(Integer.MAX_VALUE));
        }
        try (RecordingReader reader = recording.read(Selection.ALL)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(InvalidRecordingException.class)
                    .hasMessageContainingAll(".cq4', byte ", "the recording is damaged", "2147483647 of payload");
        }
    }

    @Test
    void shouldRefuseARecordingWhenItSaysItWasMadeInNoYearOfOurs() throws Exception {
        Path directory = scratch.resolve("r");
        Files.createDirectory(directory);
        Chronicle.prepare();
        try (RecordingWriter writer = RecordingWriter.open(directory)) {
            Instant last = Instant.parse("+1000000000-12-31T23:59:59.99Z");
            writer.header(
                    new RecordingHeader("far", Optional.empty(), List.of("a/out"), last, "test", false),
                    Recordings.BEGIN_NS);
        }
        assertRefused(directory, ".cq4', byte ", "header is damaged", "nothing was recorded at '+1000000000-12-31T");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldRefuseARecordingWhenAFileOfItIsAPipe() throws Exception {
        Recordings.write(scratch.resolve("r"), List.of("a/out"), List.of());
        Path pipe = scratch.resolve("r").resolve("x.cq4");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertRefused(scratch.resolve("r"), scratch.resolve("r").toString(), "'x.cq4' is no regular file");
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
    void shouldListTheOutputsWhenOneIsSelectedThatWasNotRecorded() throws Exception {
        Recording recording = Recordings.write(scratch.resolve("r"), List.of("a/out"), List.of());
        assertThatThrownBy(() -> recording.read(Selection.ALL.withOutputs(java.util.Set.of("b/out"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("b/out", "a/out");
    }
}
