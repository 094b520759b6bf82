package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewCommandTest {
    @TempDir
    private Path directory;

    private final Streams streams = new Streams();

    @ParameterizedTest
    @EnumSource
    void shouldMakeAProjectThatIsCorrectWhateverItsLanguage(ProjectTemplate language) throws Exception {
        Path project = directory.resolve("some").resolve("first_flow");

        assertThat(streams.execute("new", project.toString(), "--language", language.name()))
                .as(streams.err())
                .isZero();

        List<Path> made = files(project);
        assertThat(made)
                .hasSizeGreaterThanOrEqualTo(7)
                .contains(project.resolve(".gitignore"), project.resolve("README.md"));
        assertThat(made).allSatisfy(file -> {
            assertThat(streams.out()).contains(file + "\n");
            assertThat(Files.readString(file)).doesNotContainPattern("@[A-Z]+@").endsWith("\n");
        });
        CheckResult check = Dataflow.check(
                project.resolve("dataflow.yml"),
                LoadOptions.builder().checkPaths(false).build());
        assertThat(check.problems()).isEmpty();
        assertThat(check.dataflow().orElseThrow().graph().name()).isEqualTo("first_flow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026", "true", "null", "1.5", "No", "2026-11-23", "0x1F", "1e3", "true.x"})
    void shouldMakeAProjectThatLoadsWhenItsNameIsNoTextInYaml(String name) throws Exception {
        Path project = directory.resolve("named");

        assertThat(streams.execute("new", project.toString(), "--name", name)).isZero();

        CheckResult check = Dataflow.check(
                project.resolve("dataflow.yml"),
                LoadOptions.builder().checkPaths(false).build());
        assertThat(check.problems()).isEmpty();
        assertThat(check.dataflow().orElseThrow().graph().name()).isEqualTo(name);
    }

    private static List<Path> files(Path project) throws Exception {
        try (Stream<Path> all = Files.walk(project)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a path looks otherwise there")
    void shouldRunAtOnceWhenItIsInJava() throws Exception {
        Path project = directory.resolve("it is new");
        String file = project.resolve("dataflow.yml").toString();

        assertThat(streams.execute("new", project.toString(), "--name", "first"))
                .isZero();
        assertThat(streams.out()).endsWith("\nNow:\n  millrace build '" + file + "'\n  millrace run '" + file + "'\n");
        assertThat(streams.execute("run", file)).as("not built yet").isEqualTo(ExitCode.INVALID);
        assertThat(streams.err())
                .endsWith("hint: nodes of this dataflow have to be built: millrace build " + file + "\n");
        assertThat(streams.execute("build", file)).as(streams.out()).isZero();
        try (MillraceProcess run = MillraceProcess.start(directory, "run", file)) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).startsWith("wrote 40 averages to " + project.resolve("out/averages.csv") + "\n");
        }
        List<String> averages = Files.readAllLines(project.resolve("out/averages.csv"));
        assertThat(averages)
                .hasSize(41)
                .startsWith("number,average", "0,20.0000")
                .last()
                .isEqualTo(last());
    }

    /** Of the readings 32 to 39. */
    private static String last() {
        double sum = 0;
        for (int i = 32; i < 40; i++) {
            sum += 20 + 5 * Math.sin(i / 6.0);
        }
        return String.format(java.util.Locale.ROOT, "39,%.4f", sum / 8);
    }

    @Test
    void shouldDescribeItToMavenWhenItHasJava() throws Exception {
        Path project = directory.resolve("described");
        assertThat(streams.execute("new", project.toString(), "--language", "mixed"))
                .isZero();

        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(project.resolve("pom.xml").toFile());

        assertThat(pom.getElementsByTagName("artifactId").item(0).getTextContent())
                .isEqualTo("described");
        assertThat(Path.of(pom.getElementsByTagName("millrace.jar").item(0).getTextContent()))
                .isAbsolute()
                .exists();
    }

    @Test
    void shouldRefuseWhenTheDirectoryIsNotFree() throws Exception {
        Files.writeString(directory.resolve("mine.txt"), "mine");

        assertThat(streams.execute("new", directory.toString(), "--name", "x")).isEqualTo(ExitCode.INVALID);
        assertThat(streams.execute("new", directory.resolve("mine.txt").toString(), "--name", "x"))
                .isEqualTo(ExitCode.INVALID);

        assertThat(streams.err())
                .contains("'" + directory + "' is not empty, it has 'mine.txt': expected a directory that is empty or")
                .contains("mine.txt' is a file: expected a directory");
        assertThat(files(directory)).hasSize(1);
        assertThat(streams.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", ".hidden", "-x", "a/b", "caf\u00e9", "a\u001bb"})
    void shouldRefuseWhenTheNameIsNone(String name) throws Exception {
        assertThat(streams.execute("new", directory.resolve("free").toString(), "--name=" + name))
                .isEqualTo(ExitCode.INVALID);

        assertThat(streams.err())
                .contains("is no name for a project: expected up to 64 letters")
                .doesNotContain("\u001b");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldTakeAnEmptyDirectoryAndNameTheLanguagesWhenOneIsUnknown() {
        assertThat(streams.execute("new", directory.toString(), "--language", "cobol"))
                .isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("'--language'", "cobol", "[java, python, mixed]");

        assertThat(streams.execute("new", directory.toString(), "--name", "x")).isZero();
        assertThat(directory.resolve("dataflow.yml"))
                .content(StandardCharsets.UTF_8)
                .contains("name: x\n");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "quotes otherwise")
    void shouldSayHowToCallTheLauncherWhenItIsNotInThePath() throws Exception {
        Path project = directory.resolve("p");
        try (MillraceProcess made = MillraceProcess.start(
                directory,
                List.of("-D" + Console.LAUNCHER_PROPERTY + "=/opt/mill race/millrace"),
                "new",
                project.toString())) {
            assertThat(made.exitCode()).isZero();
            assertThat(made.out()).contains("  '/opt/mill race/millrace' build " + project + "/dataflow.yml\n");
        }
    }
}
