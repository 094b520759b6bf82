package io.millrace.local.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.logs.LogRecord.Origin;
import io.millrace.local.process.OutputListener.Stream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class ProgramLogTest {
    private final ProgramLog log = new ProgramLog(LoggerFactory.getLogger(ProgramLogTest.class), null);

    @Test
    void shouldTakeALineForARecordWhenItHasALevelAndATime() {
        PrintedRecord plain = PrintedRecord.parse(
                "{\"timestamp\":\"2026-10-01T02:00:00+02:00\", \"level\":\"WARN\","
                        + "\"target\":\"a::b\",\"message\":\"low \\u0041\\n\",\"file\":\"a.rs\",\"module_path\":\"a::b\",\"line\":7}");
        assertThat(plain)
                .isEqualTo(new PrintedRecord(
                        Level.WARN,
                        new Origin("a::b", "a::b", "a.rs", "7", Optional.of(Instant.parse("2026-10-01T00:00:00Z"))),
                        "low A\n",
                        plain.pairs()));
        assertThat(plain.pairs()).hasToString("[target=\"a::b\"]");
        PrintedRecord other = PrintedRecord.parse(
                "{\"timestamp\":\"t\",\"level\":\"info\",\"line\":-1,\"more\":[{\"level\":\"error\"}],"
                        + "\"fields\":{\"message\":\"hi\",\"n\":1.5e3,\"on\":true,\"deep\":{\"a\":1}}}");
        assertThat(other).isEqualTo(new PrintedRecord(Level.INFO, Origin.of(""), "hi", other.pairs()));
        assertThat(other.pairs()).hasToString("[n=\"1.5e3\", on=\"true\"]");
    }

    @Test
    void shouldKeepNoMoreFieldsOfARecordThanAMessageCarries() {
        String fields =
                IntStream.range(0, 1_000).mapToObj(i -> "\"k" + i + "\":" + i).collect(Collectors.joining(","));

        PrintedRecord printed =
                PrintedRecord.parse("{\"timestamp\":\"t\",\"level\":\"info\",\"fields\":{" + fields + "}}");

        assertThat(printed.pairs()).hasSize(LogRecord.MAX_FIELDS);
    }

    @Test
    void shouldTakeALineForWhatItIsWhenItIsNoRecord() {
        assertThat(PrintedRecord.parse("plain")).isNull();
        assertThat(PrintedRecord.parse("{\"level\":\"info\"}")).isNull();
        assertThat(PrintedRecord.parse("{\"level\":\"loud\",\"timestamp\":\"t\"}"))
                .isNull();
        assertThat(PrintedRecord.parse("{\"level\":\"info\",\"timestamp\":\"t\"} and more"))
                .isNull();
        assertThat(PrintedRecord.parse("{\"level\":\"info\",\"timestamp\":\"t\",\"a\":\"\\x\"}"))
                .isNull();
        assertThat(PrintedRecord.parse("{\"a\":".repeat(100_000))).isNull();
        assertThat(PrintedRecord.parse("{\"level")).isNull();
    }

    @Test
    void shouldRememberWhatWentWrongBeforeTheStackThatFollowed() {
        log.line(Stream.STDERR, "Traceback (most recent call last):");
        log.line(Stream.STDERR, "ValueError: no such thing");
        for (int frame = 0; frame < 50; frame++) {
            log.line(Stream.STDERR, "  frame " + frame);
        }
        assertThat(log.lastWords()).isEqualTo("ValueError: no such thing | frame 47 | frame 48 | frame 49");
    }

    @Test
    void shouldLeaveOutWhatColoursATerminal() {
        assertThat(PrintedRecord.parse(
                        "{\"timestamp\":\"t\",\"level\":\"info\",\"message\":\"\\u001b[32mgreen\\u001b[0m\"}"))
                .isEqualTo(new PrintedRecord(Level.INFO, Origin.of(""), "green", List.of()));
        log.line(Stream.STDERR, "\u001b[1;31merror\u001b[0m: no such thing");
        assertThat(log.lastWords()).isEqualTo("error: no such thing");
    }

    @Test
    void shouldQuoteStandardOutputWhenNothingElseWasPrinted() {
        assertThat(log.lastWords()).isEmpty();
        log.line(Stream.STDOUT, "x".repeat(1000));
        log.line(Stream.STDOUT, " ");
        assertThat(log.lastWords()).isEqualTo("x".repeat(300) + "...");
    }
}
