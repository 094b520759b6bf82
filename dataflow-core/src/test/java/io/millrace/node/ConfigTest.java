package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private final Config config = new Config(
            "camera",
            Map.of("text", "hello", "whole", 3L, "int", 4, "decimal", 2.5, "flag", true, "list", List.of(1L, 2L)));

    @Test
    void shouldReadEachValueByItsType() {
        assertThat(config.text("text")).isEqualTo("hello");
        assertThat(config.integer("whole")).isEqualTo(3);
        assertThat(config.integer("int")).isEqualTo(4);
        assertThat(config.decimal("decimal")).isEqualTo(2.5);
        assertThat(config.flag("flag")).isTrue();
    }

    @Test
    void shouldReadAWholeNumberWhenADecimalOneIsExpected() {
        assertThat(config.decimal("whole")).isEqualTo(3.0);
    }

    @Test
    void shouldPreferWhatIsWrittenToTheFallback() {
        assertThat(config.text("text", "x")).isEqualTo("hello");
        assertThat(config.integer("whole", 9)).isEqualTo(3);
        assertThat(config.decimal("decimal", 9)).isEqualTo(2.5);
        assertThat(config.flag("flag", false)).isTrue();
    }

    @Test
    void shouldFallBackWhenNothingIsWritten() {
        assertThat(config.text("no", "x")).isEqualTo("x");
        assertThat(config.integer("no", 9)).isEqualTo(9);
        assertThat(config.decimal("no", 9.5)).isEqualTo(9.5);
        assertThat(config.flag("no", true)).isTrue();
        assertThat(config.has("no")).isFalse();
        assertThat(config.has("text")).isTrue();
    }

    @Test
    void shouldNameNodeKeyAndTypeWhenAValueIsMissing() {
        assertInvalid(() -> config.text("file"), "node 'camera': config 'file' is missing; expected a text");
        assertInvalid(() -> config.integer("n"), "node 'camera': config 'n' is missing; expected a whole number");
        assertInvalid(() -> config.decimal("x"), "node 'camera': config 'x' is missing; expected a number");
        assertInvalid(() -> config.flag("f"), "node 'camera': config 'f' is missing; expected true or false");
    }

    @Test
    void shouldSayWhatWasFoundWhenAValueIsOfAnotherType() {
        assertInvalid(() -> config.text("whole"), "node 'camera': config 'whole' must be a text, found 3");
        assertInvalid(
                () -> config.integer("decimal", 1),
                "node 'camera': config 'decimal' must be a whole number, found 2.5");
        assertInvalid(() -> config.decimal("text"), "node 'camera': config 'text' must be a number, found 'hello'");
        assertInvalid(() -> config.flag("text"), "node 'camera': config 'text' must be true or false, found 'hello'");
        assertInvalid(() -> config.text("list"), "node 'camera': config 'list' must be a text, found [1, 2]");
    }

    private static void assertInvalid(ThrowingCallable read, String message) {
        assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(read).withMessage(message);
    }

    @Test
    void shouldKeepTheOrderInWhichItIsWritten() {
        Map<String, Object> written = new LinkedHashMap<>();
        for (String key : List.of("z", "y", "a", "x", "b", "c")) {
            written.put(key, 1L);
        }

        assertThat(new Config("camera", written).asMap()).containsExactlyEntriesOf(written);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> new Config("camera", written).asMap().clear());
    }
}
