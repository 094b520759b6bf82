package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommandWordsTest {

    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("cargo build -p x", List.of("cargo", "build", "-p", "x")),
                Arguments.of("  make \t all ", List.of("make", "all")),
                Arguments.of("a 'b c' \"d e\" f\\ g", List.of("a", "b c", "d e", "f g")),
                Arguments.of("a''b'' '' \"\"", List.of("ab", "", "")),
                Arguments.of("'a\\b' \"a\\b\" \"a\\\"b\\\\c\\$d\"", List.of("a\\b", "a\\b", "a\"b\\c$d")),
                Arguments.of("echo $HOME *.txt > x | y # z", List.of("echo", "$HOME", "*.txt", ">", "x", "|", "y", "#", "z")),
                Arguments.of(" ", List.of()));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldSplitAsAShellDoesAndDoNothingElse(String line, List<String> words) {
        assertThat(CommandWords.split(line)).isEqualTo(words);
    }

    @Test
    void shouldSayWhereWhenAQuoteIsNotClosed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandWords.split("make 'all"))
                .withMessage("the quote at its character 6 is not closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandWords.split("\"a\\\""))
                .withMessage("the quote at its character 1 is not closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandWords.split("make \\"))
                .withMessage("a backslash has nothing behind it");
    }
}
