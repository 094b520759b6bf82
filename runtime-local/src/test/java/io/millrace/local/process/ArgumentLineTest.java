package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentLineTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("  \t\n ", List.of()),
                Arguments.of("a", List.of("a")),
                Arguments.of(" a\tb\nc ", List.of("a", "b", "c")),
                Arguments.of("'a b' \"c d\"", List.of("a b", "c d")),
                Arguments.of("--name='x y'z", List.of("--name=x yz")),
                Arguments.of("'' \"\"", List.of("", "")),
                Arguments.of("a\\ b \\' \\\"", List.of("a b", "'", "\"")),
                Arguments.of("\"a\\\"b\" \"\\$H\" \"\\n\" \"\\\\\"", List.of("a\"b", "$H", "\\n", "\\")),
                Arguments.of("'\\n' '\"'", List.of("\\n", "\"")),
                Arguments.of(
                        "$HOME *.txt ~ `x` $(y) a;b | c",
                        List.of("$HOME", "*.txt", "~", "`x`", "$(y)", "a;b", "|", "c")),
                Arguments.of("a\\\nb \"c\\\nd\"", List.of("ab", "cd")),
                Arguments.of("a #b c\nd e#f '#g'", List.of("a", "d", "e#f", "#g")),
                Arguments.of("--greeting 'καλημέρα 🌊'", List.of("--greeting", "καλημέρα 🌊")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldSplitAsAShellDoesWithoutExpanding(String line, List<String> words) {
        assertThat(ArgumentLine.split(line)).isEqualTo(words);
    }

    @Test
    void shouldSayWhereAQuoteIsNotClosed() {
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> ArgumentLine.split("--name it's"))
                .withMessage(
                        "the arguments '--name it's' have a ' at character 10 that is not closed: close it, or write"
                                + " \\' for the character itself");
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> ArgumentLine.split("\"a\\\""))
                .withMessageContaining("have a \" at character 1 that is not closed");
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> ArgumentLine.split("a\\"))
                .withMessageContaining("end in a backslash");
    }

    /** The shell itself is the yardstick, for lines of characters that it does not expand. */
    @Test
    void shouldAgreeWithTheShellOnRandomLines() throws Exception {
        Random random = new Random(4);
        String characters = "ab \t'\"\\#\n";
        int compared = 0;
        for (int i = 0; i < 400 && compared < 40; i++) {
            StringBuilder line = new StringBuilder();
            random.ints(1 + random.nextInt(12), 0, characters.length()).forEach(c -> line.append(characters.charAt(c)));
            String text = line.toString();
            List<String> words;
            try {
                words = ArgumentLine.split(text);
            } catch (ChildException notForAShellEither) {
                continue;
            }
            if (!text.contains("\n")) {
                assertThat(words).as(text).isEqualTo(shell(text));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(40);
    }

    private static List<String> shell(String line) throws Exception {
        String script = "set -- " + line + "\nfor word; do printf '%s\\036' \"$word\"; done";
        Process process = new ProcessBuilder("/bin/sh", "-c", script)
                .directory(Path.of("/").toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.isEmpty()
                ? List.of()
                : List.of(output.substring(0, output.length() - 1).split("\036", -1));
    }
}
