package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.workdir.ClientFacts.Situation;
import io.millrace.yaml.YamlDataflow;
import io.millrace.yaml.YamlOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientPathsTest {

    @TempDir
    private Path directory;

    @Test
    void shouldNameEveryMissingFileAtItsNode() {
        Graph graph = graph("""
                nodes:
                  - id: first
                    path: bin/first
                  - id: second
                    path: bin/second
                """);

        List<Problem> problems = ClientPaths.check(graph, Situation.OWN_JVM, false, true);

        assertThat(problems).hasSize(2).allMatch(Problem::isError);
        assertThat(problems.get(0).location().line()).isEqualTo(2);
        assertThat(problems.get(0).message())
                .contains("'first'", directory.resolve("bin/first").toString());
        assertThat(problems.get(1).location().line()).isEqualTo(4);
    }

    @Test
    void shouldFindNothingWhenTheFilesAreThere() throws IOException {
        Files.createDirectories(directory.resolve("bin"));
        Files.createFile(directory.resolve("bin/first"));
        Graph graph = graph("""
                nodes:
                  - id: first
                    path: bin/first
                """);

        assertThat(ClientPaths.check(graph, Situation.OWN_JVM, false, true)).isEmpty();
    }

    @Test
    void shouldNotLookWhenItIsToldNotTo() {
        Graph graph = graph("""
                nodes:
                  - id: first
                    path: bin/first
                """);

        assertThat(ClientPaths.check(graph, Situation.OWN_JVM, false, false)).isEmpty();
    }

    @Test
    void shouldApplyTheRulesThatNeedNoFiles() {
        Graph graph = graph("""
                nodes:
                  - id: far
                    path: bin/far
                    deploy: {machine: B, local: false}
                """);

        List<Problem> problems = ClientPaths.check(graph, Situation.OFFLINE_CHECK, false, false);

        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.isError()).isTrue())
                .extracting(Problem::message)
                .asString()
                .isEqualTo("node 'far' on machine 'B' has the relative path 'bin/far': give it a working_dir or an"
                        + " absolute path");
    }

    @Test
    void shouldAskForAWorkingDirectoryWhenThatIsRequired() {
        Graph graph = graph("""
                nodes:
                  - id: far
                    path: /opt/far
                    deploy: {machine: B, local: false}
                """);

        assertThat(ClientPaths.check(graph, Situation.OFFLINE_CHECK, false, false))
                .noneMatch(Problem::isError);
        assertThat(ClientPaths.check(graph, Situation.OFFLINE_CHECK, true, false))
                .anyMatch(Problem::isError);
    }

    @Test
    void shouldPointAtTheOperatorWhenItsFileIsMissing() {
        Graph graph = graph("""
                nodes:
                  - id: both
                    operators:
                      - {id: first, class: app.First}
                      - {id: second, python: second.py}
                """);

        assertThat(ClientPaths.check(graph, Situation.OWN_JVM, false, true))
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .startsWith("flow.yml:5:14: error: operator 'second' of node 'both': python 'second.py' resolved to");
    }

    @Test
    void shouldStopLookingWhenThereAreMoreErrorsThanAreListed() {
        Graph graph = graph("""
                nodes:
                  - {id: many, class: app.A, classpath: [%s]}
                  - {id: other, path: bin/other}
                """.formatted("a.jar, ".repeat(4_096)));

        List<Problem> problems = ClientPaths.check(graph, Situation.OWN_JVM, false, true);

        assertThat(problems).hasSize(1_001);
        assertThat(problems)
                .last()
                .hasToString(
                        "flow.yml:2:10: note: with node 'many' there are 1000 errors: no further files are looked for");
    }

    private Graph graph(String yaml) {
        return YamlDataflow.parse(yaml, "flow.yml", new YamlOptions(Map.of(), false, Optional.of(directory), false))
                .orThrow();
    }
}
