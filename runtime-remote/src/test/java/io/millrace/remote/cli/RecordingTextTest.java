package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.local.recording.RecordedMessage;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RecordingTextTest {
    private static final Instant RECEIVED = Instant.parse("2026-01-31T08:00:00.123456789Z");

    /** What a message comes to: one that was really sent, for there is no other. */
    private static String of(
            byte[] payload,
            PayloadFormat format,
            Parameters parameters,
            long missing,
            Function<RecordedMessage, String> form)
            throws Exception {
        AtomicReference<String> text = new AtomicReference<>();
        AtomicReference<io.millrace.runtime.Tap> tap = new AtomicReference<>();
        Dataflow dataflow = Dataflow.builder("one")
                .node(
                        "a",
                        () -> context -> {
                            Claim claim = context.output("b")
                                    .claim(payload.length, parameters)
                                    .format(format);
                            claim.putBytes(0, payload, 0, payload.length);
                            claim.commit();
                        },
                        ports -> ports.output("b"))
                .build();
        StartOptions options = StartOptions.builder()
                .whenOpen(running -> tap.set(running.tap(
                        "a/b",
                        SubscribeOptions.backpressure(1),
                        (Message message) ->
                                text.set(form.apply(new RecordedMessage("a/b", RECEIVED, missing, message))))))
                .build();
        try (RunningDataflow running = dataflow.start(options)) {
            running.await();
            tap.get().completion().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        return text.get();
    }

    private static String line(byte[] payload, PayloadFormat format) throws Exception {
        return of(payload, format, Parameters.EMPTY, 0, RecordingText::line);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowTextAsTextAndBytesAsBytes() throws Exception {
        String begin = "2026-01-31T08:00:00.123456Z  a/b  0  ";
        assertThat(line(utf8("gr\u00fc\u00df"), PayloadFormat.UTF8)).isEqualTo(begin + "6 B  gr\u00fc\u00df\n");
        assertThat(line(utf8("two\nlines"), PayloadFormat.JSON)).isEqualTo(begin + "9 B  two lines\n");
        assertThat(line(utf8("$GPGLL,59"), PayloadFormat.BYTES)).isEqualTo(begin + "9 B  $GPGLL,59\n");
        assertThat(line(new byte[] {1, (byte) 0xAB}, PayloadFormat.BYTES)).isEqualTo(begin + "2 B  01 ab\n");
        assertThat(line(new byte[0], PayloadFormat.BYTES)).isEqualTo(begin + "0 B  \n");
        assertThat(line(new byte[21], PayloadFormat.BYTES))
                .endsWith(" 00 ...\n")
                .hasSizeLessThan(120);
    }

    @Test
    void shouldShowTheBeginWhenTheTextIsLong() throws Exception {
        String text = "\ud83d\ude80".repeat(100);
        assertThat(line(utf8(text), PayloadFormat.UTF8)).endsWith("  " + "\ud83d\ude80".repeat(60) + "...\n");
    }

    @Test
    void shouldShowControlCharactersAsEscapesWhenATextHasThem() throws Exception {
        assertThat(line(utf8("\u001b[31mred"), PayloadFormat.UTF8)).endsWith("  \\u001b[31mred\n");
    }

    @Test
    void shouldShowControlCharactersAsEscapesWhenTheNameOfAnOutputHasThem() throws Exception {
        Function<RecordedMessage, String> renamed =
                seen -> RecordingText.line(new RecordedMessage("a/\u001b[31m\nb", RECEIVED, 1, seen.message()));
        assertThat(of(utf8("x"), PayloadFormat.UTF8, Parameters.EMPTY, 1, renamed))
                .startsWith("(1 message of a/\\u001b[31m b missing)\n")
                .contains("Z  a/\\u001b[31m b  0  1 B  x\n");
    }

    @Test
    void shouldSayWhatIsMissingBeforeTheMessage() throws Exception {
        assertThat(of(utf8("x"), PayloadFormat.UTF8, Parameters.EMPTY, 1200, RecordingText::line))
                .startsWith("(1,200 messages of a/b missing)\n2026-");
    }

    @Test
    void shouldPutEverythingIntoOneJsonObject() throws Exception {
        Parameters parameters = Parameters.of(Map.of(
                "flag", true, "time", Instant.EPOCH, "nan", Double.NaN, "list", List.of(1L, 2L), "text", "a\"b"));
        assertThat(of(utf8("h\u00e9"), PayloadFormat.UTF8, parameters, 3, RecordingText::json))
                .startsWith("{\"receivedAt\":\"2026-01-31T08:00:00.123456789Z\",\"sentAt\":\"20")
                .endsWith(
                        ",\"output\":\"a/b\",\"incarnation\":0,\"sequence\":0,\"missing\":3,\"format\":\"utf8\",\"parameters\":"
                                + "{\"flag\":true,\"list\":[1,2],\"nan\":\"NaN\",\"text\":\"a\\\"b\",\"time\":\"1970-01-01T00:00:00Z\"},\"text\":\"h\u00e9\"}\n");
        assertThat(of(new byte[] {(byte) 0xFF}, PayloadFormat.UTF8, Parameters.EMPTY, 0, RecordingText::json))
                .endsWith(",\"format\":\"utf8\",\"parameters\":{},\"base64\":\"/w==\"}\n");
    }
}
