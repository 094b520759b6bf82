package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final String GOOD = """
            nodes:
              - {id: a, class: x.A, outputs: [o]}
              - {id: b, class: x.B, inputs: {i: a/o}}
            """;
    private static final String BAD = """
            nodes:
              - {id: a, class: x.A, ouputs: [o]}
              - {id: b, class: x.B, inputs: {i: nowhere/o}}
            """;
    private static final String PATHS = "nodes:\n  - {id: a, path: ./not-here}\n";

    @TempDir
    private Path directory;

    private final Streams streams = new Streams();

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    @Test
    void shouldSayOkWhenAFileIsGood() throws IOException {
        String file = file("good.yml", GOOD);

        assertThat(streams.execute("check", file)).isZero();

        assertThat(streams.out()).isEqualTo(file + ": ok, 2 nodes, 1 edge\n");
        assertThat(streams.err()).isEmpty();
    }

    @Test
    void shouldPrintEveryProblemOfEveryFileWhenThereAreSeveral() throws IOException {
        String bad = file("bad.yml", BAD);
        String good = file("good.yml", GOOD);

        assertThat(streams.execute("check", bad, good)).isEqualTo(ExitCode.INVALID);

        assertThat(streams.out())
                .contains(bad + ":2:25: error: ", "'ouputs'", "'outputs'")
                .contains(bad + ":3:34: error: ", "'nowhere/o'")
                .contains(good + ": ok, 2 nodes, 1 edge\n")
                .endsWith("2 files: 2 errors\n");
    }

    @Test
    void shouldPrintNothingButErrorsWhenQuiet() throws IOException {
        String good = file("good.yml", GOOD);
        String bad = file("bad.yml", BAD);

        assertThat(streams.execute("check", "--quiet", good, bad)).isEqualTo(ExitCode.INVALID);

        assertThat(streams.out().lines()).hasSize(2).allMatch(line -> line.startsWith(bad + ":"));
    }

    @Test
    void shouldLookForFilesUnlessPathsAreSkipped() throws IOException {
        String file = file("paths.yml", PATHS);

        assertThat(streams.execute("check", file)).isEqualTo(ExitCode.INVALID);
        assertThat(streams.out()).contains("not-here");
        assertThat(new Streams().execute("check", "--skip-paths", file)).isZero();
    }

    @Test
    void shouldWantAWorkingDirectoryWhenThatIsRequired() throws IOException {
        String file = file("remote.yml", "nodes:\n  - {id: a, path: /bin/a, deploy: {machine: B, local: false}}\n");

        assertThat(streams.execute("check", file)).isZero();
        assertThat(streams.out()).contains("warning: ");
        assertThat(new Streams().execute("check", "--require-working-dir", file))
                .isEqualTo(ExitCode.INVALID);
    }

    @Test
    void shouldHaveADocumentedShapeWhenWrittenAsJson() throws IOException {
        String good = file("good.yml", GOOD);
        String bad = file("bad.yml", "nodes: []\n");

        assertThat(streams.execute("check", "--json", good, bad)).isEqualTo(ExitCode.INVALID);

        assertThat(streams.out())
                .startsWith("""
                        {
                          "files": [
                            {
                              "file": "%s",
                              "valid": true,
                              "name": "good",
                              "nodes": 2,
                              "edges": 1,
                              "problems": []
                            },
                            {
                              "file": "%s",
                              "valid": false,
                              "name": null,
                              "nodes": null,
                              "edges": null,
                              "problems": [
                                {
                                  "severity": "error",
                                  "file": "%s",
                                  "line": 1,
                                  "column": 1,
                                  "message": "
                        """.stripTrailing().formatted(good, bad, bad))
                .endsWith("""
                          "errors": 1,
                          "warnings": 0,
                          "notes": 0
                        }
                        """);
    }

    @Test
    void shouldNameTheFileWhenItIsNotThere() {
        String file = directory.resolve("none.yml").toString();

        assertThat(streams.execute("check", file)).isEqualTo(ExitCode.INVALID);

        assertThat(streams.out()).startsWith(file + ": error: ");
    }
}
