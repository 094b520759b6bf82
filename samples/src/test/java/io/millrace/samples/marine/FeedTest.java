package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.InvalidConfigException;
import io.millrace.testkit.HarnessBuilder;
import io.millrace.testkit.NodeHarness;
import io.millrace.testkit.SentMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedTest {
    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void setUp() {
        log = directory.resolve("log");
    }

    @Test
    void shouldSendEachLineWhateverItsEnd() throws IOException {
        Files.writeString(log, "one\r\ntwo\nthree\rfour\n\n\r\n\n\rfive");

        assertThat(lines(run(builder()))).containsExactly("one", "two", "three", "four", "five");
    }

    @Test
    void shouldReadACompressedFileWhateverItsName() throws IOException {
        Files.write(log, gzip("one\r\ntwo\r\n"));

        assertThat(lines(run(builder()))).containsExactly("one", "two");
    }

    @Test
    void shouldSendNothingWhenTheFileIsEmpty() throws IOException {
        Files.createFile(log);

        assertThat(run(builder()).sent("line")).isEmpty();
    }

    @Test
    void shouldKeepTheBeginningWhenALineIsTooLong() throws IOException {
        Files.writeString(log, "x".repeat(200_000) + "\nshort\n" + "y".repeat(100));

        assertThat(lines(run(builder().config("max_line_bytes", 100))))
                .containsExactly("x".repeat(100), "short", "y".repeat(100));
    }

    @Test
    void shouldKeepBytesAsTheyAreWhenTheyAreNoText() throws IOException {
        Files.write(log, new byte[] {0, (byte) 0xFF, '\n', 7});

        List<SentMessage> sent = run(builder()).sent("line");

        assertThat(sent.get(0).payload()).containsExactly(0, 0xFF);
        assertThat(sent.get(1).payload()).containsExactly(7);
    }

    @ParameterizedTest
    @CsvSource({"1, 90000", "60, 1500", "0.5, 180000", "0, 0"})
    void shouldTakeTheLogsTimeDividedBySpeedWhenItReplays(double speed, long millis) throws IOException {
        Files.writeString(log, clock("235930") + "a\n" + clock("000000") + "b\n" + clock("000100"));

        NodeHarness feed = run(builder().config("speed", speed));

        assertThat(feed.clock().elapsed()).isEqualTo(Duration.ofMillis(millis));
        assertThat(feed.sent("line")).hasSize(5);
        Instant start = feed.sent("line").get(0).message().time();
        Instant middle = feed.sent("line").get(3).message().time();
        assertThat(Duration.between(start, middle).toMillis()).isEqualTo(millis / 3);
    }

    @Test
    void shouldNotWaitTwiceWhenTheLogsClockIsSetBack() throws IOException {
        Files.writeString(log, clock("120000") + clock("120010") + clock("110000") + clock("110005"));

        assertThat(run(builder().config("speed", 1)).clock().elapsed()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldPaceByAnotherSentenceWhenToldTo() throws IOException {
        Files.writeString(
                log,
                clock("120000") + clock("130000") + DamagedLog.sentence("GPGLL,,,,,120000,A,A") + "\n"
                        + DamagedLog.sentence("GPGLL,,,,,120003,A,A"));

        assertThat(run(builder().config("speed", 1).config("clock", "GPGLL"))
                        .clock()
                        .elapsed())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void shouldEndAtOnceWhenStoppedWhileItWaits() throws IOException {
        Files.writeString(log, clock("120000") + clock("130000"));
        NodeHarness feed = builder().config("speed", 1).open();
        feed.advance(Duration.ofSeconds(7));
        feed.stop();

        feed.run();

        assertThat(feed.sent("line")).hasSize(1);
        assertThat(feed.clock().elapsed()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void shouldEndSoonWhenStoppedFlatOut() throws IOException {
        Files.writeString(log, "line\n".repeat(10_000));
        NodeHarness feed = builder().open();
        feed.stop();

        feed.run();

        assertThat(feed.sent("line")).isEmpty();
    }

    @Test
    void shouldEndWhenNobodyListensAnyMore() throws IOException {
        Files.writeString(log, "line\n".repeat(10_000));
        NodeHarness feed = builder().open();
        feed.closeOutput("line");

        feed.run();

        assertThat(feed.sent("line")).isEmpty();
    }

    @Test
    void shouldSayWhereWhenTheFileIsMissing() {
        assertThatThrownBy(() -> builder().open())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("node 'node': config 'file' must be an existing file, found 'log', which is '" + log + "'");
    }

    @Test
    void shouldSayWhereWhenACompressedFileIsCutOff() throws IOException {
        byte[] whole = gzip("line of a log\n".repeat(20_000));
        Files.write(log, Arrays.copyOf(whole, whole.length / 2));
        NodeHarness feed = builder().open();

        assertThatThrownBy(feed::run)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'" + log + "' is cut off or damaged behind line ");
        assertThat(feed.sent("line")).as("what could be read").isNotEmpty();
    }

    @Test
    void shouldSaySoWhenAFileOnlyBeginsLikeACompressedOne() throws IOException {
        Files.write(log, new byte[] {0x1F, (byte) 0x8B, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99});

        assertThatThrownBy(() -> builder().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("begins like a gzip file but is none");
    }

    @ParameterizedTest
    @CsvSource({"speed, -1", "speed, 1e9", "speed, 1e-9", "max_line_bytes, 10", "max_line_bytes, 100000000"})
    void shouldRefuseWhenANumberIsOutOfBounds(String key, double value) throws IOException {
        Files.createFile(log);
        Object written = key.equals("speed") ? (Object) value : (Object) (long) value;

        assertThatThrownBy(() -> builder().config(key, written).open())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("node 'node': config '" + key + "' must be ");
    }

    private HarnessBuilder builder() {
        return NodeHarness.of(new Feed())
                .workingDirectory(directory)
                .config("file", "log")
                .output("line");
    }

    private static NodeHarness run(HarnessBuilder builder) {
        NodeHarness feed = builder.open();
        feed.run();
        return feed;
    }

    private static List<String> lines(NodeHarness feed) {
        return feed.sent("line").stream().map(SentMessage::text).toList();
    }

    private static String clock(String time) {
        return DamagedLog.sentence("GPZDA," + time + ",,,,00,") + "\n";
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
