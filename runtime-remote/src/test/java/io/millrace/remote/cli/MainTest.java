package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final Streams streams = new Streams();

    @Test
    void shouldListCommandsWhenAskedForHelp() {
        assertThat(streams.execute("--help")).isZero();

        assertThat(streams.out()).contains("run ", "check ", "graph ", "generate-completion ");
        assertThat(streams.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "graph"})
    void shouldExplainExitCodesWhenACommandIsAskedForHelp(String command) {
        assertThat(streams.execute(command, "--help")).isZero();

        assertThat(streams.out()).contains("Usage: millrace " + command, "FILE", "Exit code: 0");
    }

    @Test
    void shouldTellVersionsWhenAsked() {
        assertThat(streams.execute("--version")).isZero();

        assertThat(streams.out()).startsWith("millrace ").contains("Java " + System.getProperty("java.version"));
    }

    @Test
    void shouldSuggestWhenAnOptionIsMisspelt() {
        assertThat(streams.execute("run", "--idel", "park", "flow.yml")).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("--idel", "--idle", "Try 'millrace run --help'.");
        assertThat(streams.out()).isEmpty();
    }

    @Test
    void shouldTellProgramsWhatIsWrongWithACommandWhenTheyAskForJson() {
        assertThat(streams.execute("list", "--json", "--timeout", "soon")).isEqualTo(ExitCode.INVALID);

        assertThat(streams.out())
                .startsWith("{\n  \"error\": \"Invalid value for option '--timeout'")
                .endsWith("\n  \"exitCode\": 2\n}\n");
        assertThat(streams.err()).contains("--timeout", "Try 'millrace list --help'.");
    }

    @Test
    void shouldSuggestWhenACommandIsMisspelt() {
        assertThat(streams.execute("chekc", "flow.yml")).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("chekc", "millrace check", "Try 'millrace --help'.");
    }

    @Test
    void shouldAskForACommandWhenThereIsNone() {
        assertThat(streams.execute()).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("a command is missing", "Try 'millrace --help'.");
    }

    @Test
    void shouldNameWhatIsPossibleWhenAValueIsWrong() {
        assertThat(streams.execute("run", "--idle", "sleep", "flow.yml")).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("expected one of park, backoff, yield, busy-spin, found 'sleep'");
    }

    @Test
    void shouldNameTheParameterWhenTheFileIsMissing() {
        assertThat(streams.execute("check")).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("FILE");
    }

    @Test
    void shouldPrintAScriptWhenCompletionIsAskedFor() {
        assertThat(streams.execute("generate-completion")).isZero();

        assertThat(streams.out()).contains("complete -F", "--skip-paths", "busy-spin");
    }
}
