package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphCommandTest {
    @TempDir
    private Path directory;

    private String file = "";
    private final Streams streams = new Streams();

    @BeforeEach
    void writeFile() throws IOException {
        String yaml = """
                nodes:
                  - {id: a, path: ./not-here, outputs: [o]}
                  - {id: b, class: x.B, inputs: {i: a/o}}
                """;
        file = Files.writeString(directory.resolve("flow.yml"), yaml).toString();
    }

    @Test
    void shouldPrintMermaidAloneWhenNothingElseIsAsked() {
        assertThat(streams.execute("graph", file)).isZero();

        assertThat(streams.out()).startsWith("flowchart LR\n").contains("n0 -->|\"o \u2192 i<br>10\"| n1");
        assertThat(streams.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--html, page, <!DOCTYPE html>", "-o, page.HTML, <!DOCTYPE html>", "--output, flow.mmd, flowchart LR"})
    void shouldWriteTheFormThatIsMeantWhenAFileIsGiven(String option, String name, String begin) throws IOException {
        Path target = directory.resolve(name);

        assertThat(streams.execute("graph", file, option, target.toString())).isZero();

        assertThat(target).content().startsWith(begin);
        assertThat(streams.out()).isEmpty();
        assertThat(streams.err()).isEqualTo("wrote " + target + "\n");
    }

    @Test
    void shouldSayWhyWhenThePageCannotBeWritten() {
        String target = directory.resolve("no/such/page.html").toString();

        assertThat(streams.execute("graph", file, "--html", target)).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("cannot write '" + target + "': its directory does not exist");
    }

    @Test
    void shouldPrintProblemsWhenTheFileIsBad() throws IOException {
        Files.writeString(Path.of(file), "nodes:\n  - {id: a, clas: x.A}\n");

        assertThat(streams.execute("graph", file)).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains(file + ":2:", "error: ", "'clas'");
        assertThat(streams.out()).isEmpty();
    }

    @Test
    void shouldPointToMermaidWhenTheGraphIsTooLargeForAPage() throws IOException {
        StringBuilder yaml = new StringBuilder("nodes:\n");
        for (int i = 0; i <= 1_000; i++) {
            yaml.append("  - {id: n").append(i).append(", class: x.A}\n");
        }
        Files.writeString(Path.of(file), yaml);

        assertThat(streams.execute("graph", file, "--html", file + ".html")).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err()).contains("too large for a page", "1001", "print it as Mermaid");
        assertThat(Path.of(file + ".html")).doesNotExist();
    }
}
