package io.millrace.local.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class LogRecordTest {
    private static final Instant TIME = Instant.parse("2026-11-22T01:02:03.004Z");

    private static String json(String message, @Nullable Throwable thrown, KeyValuePair... pairs) {
        ByteBuffer bytes = new LogRecord(
                        "flow",
                        "camera",
                        LogRecord.Origin.of("millrace.flow.camera"),
                        Level.WARN,
                        TIME,
                        "main",
                        message,
                        List.of(pairs),
                        thrown)
                .toJson();
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    void shouldBeOneJsonObjectWithTheFieldsOfDora() {
        assertThat(json("too dark", null))
                .isEqualTo("{\"build_id\":null,\"dataflow_id\":null,\"node_id\":\"camera\",\"daemon_id\":null,"
                        + "\"level\":\"WARN\",\"target\":\"millrace.flow.camera\",\"module_path\":null,\"file\":null,"
                        + "\"line\":null,\"message\":\"too dark\",\"timestamp\":\"2026-11-22T01:02:03.004Z\","
                        + "\"fields\":{\"dataflow\":\"flow\",\"thread\":\"main\"}}");
    }

    @Test
    void shouldEscapeWhatJsonDoesNotTake() {
        assertThat(json("a\"b\\c\nd\re\tf\u0001g\u00fc\ud83d\ude80", null))
                .contains("\"message\":\"a\\\"b\\\\c\\nd\\re\\tf\\u0001g\u00fc\ud83d\ude80\"");
    }

    @Test
    void shouldTellTheStackWhenSomethingWasThrown() {
        assertThat(json("broken", new IllegalStateException("inside")))
                .contains("\"exception\":\"java.lang.IllegalStateException: inside\\n\\tat io.millrace.");
    }

    @Test
    void shouldNameTheTypeWhenItsMessageCannotBeMade() {
        RuntimeException evil = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new UnsupportedOperationException();
            }
        };

        assertThat(json("broken", evil)).contains("\"exception\":\"io.millrace.local.logs.LogRecordTest$");
    }

    @Test
    void shouldHaveWhatWasAddedAmongItsFieldsButNotInPlaceOfOurs() {
        assertThat(json(
                        "hot",
                        null,
                        new KeyValuePair("sensor", "t1"),
                        new KeyValuePair("celsius", 42.5),
                        new KeyValuePair("thread", "mine"),
                        new KeyValuePair("none", null)))
                .endsWith(
                        "\"fields\":{\"dataflow\":\"flow\",\"thread\":\"main\",\"sensor\":\"t1\",\"celsius\":\"42.5\",\"none\":\"null\"}}");
    }

    @Test
    void shouldBoundWhatIsAdded() {
        KeyValuePair[] pairs = new KeyValuePair[1000];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = new KeyValuePair("key" + i, "value");
        }

        assertThat(json("many", null, pairs)).contains("\"key61\"").doesNotContain("\"key62\"");
    }

    @Test
    void shouldCutLongTextWithoutBreakingACharacter() {
        String text = "x".repeat(LogRecord.MAX_TEXT - 1) + "\ud83d\ude80 and more";

        assertThat(json(text, null)).contains("x... (11 more characters)\"").doesNotContain("\ud83d");
    }
}
