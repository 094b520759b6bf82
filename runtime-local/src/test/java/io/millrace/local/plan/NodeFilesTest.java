package io.millrace.local.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.files.UserDirectory;
import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.local.waiting.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class NodeFilesTest {
    private static final Path BASE = UserDirectory.path();

    private final String name = "files_" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private Path flowDir;

    private Graph graph(String nodes) {
        LoadOptions options =
                LoadOptions.builder().directory(flowDir).checkPaths(false).build();
        return Dataflow.parse("name: " + name + "\nnodes:\n" + nodes, options).graph();
    }

    private static NodeFiles.Found find(NodeFiles files, Graph graph, String node) {
        return files.find(graph.node(node));
    }

    @Test
    void shouldMakeAFreshDirectoryOnlyWhenItIsAskedForAndTakeItAwayEmpty() {
        Graph graph = graph("  - {id: a, class: app.A}\n");
        NodeFiles files = new NodeFiles(graph);

        Path directory = find(files, graph, "a").directory();
        assertThat(directory).startsWithRaw(BASE).doesNotExist();
        assertThat(directory.getFileName().toString()).startsWith(name);

        assertThat(files.directory(directory)).isEqualTo(directory).isEmptyDirectory();
        assertThat(files.directory(directory)).isEqualTo(directory);
        files.close();
        files.close();
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldGiveEachNodeAndEachStartADirectoryOfItsOwn() {
        Graph graph = graph("  - {id: a, class: app.A}\n  - {id: b, class: app.A}\n");
        NodeFiles first = new NodeFiles(graph);
        NodeFiles second = new NodeFiles(graph);

        assertThat(List.of(
                        find(first, graph, "a").directory(),
                        find(first, graph, "b").directory(),
                        find(second, graph, "a").directory()))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldTakeTheClientsVariablesWhenADataflowForAClusterRunsInItsJvm() throws IOException {
        Path jar = Files.writeString(flowDir.resolve("a.jar"), "");
        LoadOptions options = LoadOptions.builder()
                .directory(flowDir)
                .forCluster(true)
                .environment(Map.of("JAR", "a.jar"))
                .build();
        Graph graph = Dataflow.parse(
                        "nodes: [{id: a, class: app.A, classpath: [$JAR]}, {id: b, class: app.B, classpath: [$NIL]}]",
                        options)
                .graph();
        NodeFiles files = new NodeFiles(graph);

        assertThat(find(files, graph, "a").problems()).isEmpty();
        assertThat(find(files, graph, "a").classpath()).containsExactly(jar);
        assertThat(find(files, graph, "b").problems())
                .first()
                .extracting(Problem::message)
                .asString()
                .startsWith("'classpath': the environment has no variable 'NIL'");
    }

    @Test
    void shouldExpandWhatTheClientHasLeftWhenANodeIsNotLocal() throws IOException {
        Path program = executable("bin/camera");
        Graph graph = graph("""
                  - {id: a, path: "${MILLRACE_NIL:-%1$s}/camera", deploy: {local: false, working_dir: "${MILLRACE_NIL:-%1$s}/w"}}
                  - {id: b, path: %2$s, deploy: {local: false, distribute: ship, working_dir: "${MILLRACE_NIL:-%1$s}"}}
                """.formatted(program.getParent(), program));
        NodeFiles files = new NodeFiles(graph);

        NodeFiles.Found here = find(files, graph, "a");
        assertThat(here.problems()).isEmpty();
        assertThat(programs(here)).containsExactly(program.toString());
        assertThat(here.directory()).isEqualTo(program.resolveSibling("w"));
        NodeFiles.Found shipped = find(files, graph, "b");
        assertThat(shipped.problems()).isEmpty();
        assertThat(shipped.directory()).isEqualTo(program.getParent());
    }

    @Test
    void shouldNameTheVariableAndNothingElseWhenThisProcessLacksIt() {
        Graph graph = graph(
                "  - {id: a, path: $MILLRACE_NIL/camera, deploy: {local: false, working_dir: $MILLRACE_NIL/w}}\n");

        assertThat(find(new NodeFiles(graph), graph, "a").problems())
                .extracting(Problem::message)
                .containsExactly(
                        "node 'a', path, on machine 'this machine': the environment has no variable 'MILLRACE_NIL': set"
                                + " it, or write '${MILLRACE_NIL:-default}', or '$$' for a dollar sign",
                        "node 'a', working_dir, on machine 'this machine': the environment has no variable"
                                + " 'MILLRACE_NIL': set it, or write '${MILLRACE_NIL:-default}', or '$$' for a dollar"
                                + " sign");
    }

    @Test
    void shouldKeepAFreshDirectoryWhenSomethingIsInIt() throws IOException {
        Graph graph = graph("  - {id: a, class: app.A}\n");
        NodeFiles files = new NodeFiles(graph);
        Path directory = files.directory(find(files, graph, "a").directory());
        Path result = Files.writeString(directory.resolve("result.txt"), "kept");

        files.close();

        assertThat(result).hasContent("kept");
        Files.delete(result);
        Files.delete(directory);
    }

    @Test
    void shouldSeeAWrittenWorkingDirectoryFromTheFlowDir() {
        Graph graph = graph("  - {id: a, class: app.A, deploy: {working_dir: work/of/a}}\n");
        NodeFiles files = new NodeFiles(graph);

        NodeFiles.Found found = find(files, graph, "a");
        assertThat(found.directory()).isEqualTo(flowDir.resolve("work/of/a")).doesNotExist();
        files.directory(found.directory());
        assertThat(found.directory()).isDirectory();

        files.close();
        assertThat(found.directory()).as("where others may run").isDirectory();
    }

    @Test
    void shouldLeaveAloneADirectoryThatWasThereBefore() throws IOException {
        Files.createDirectories(flowDir.resolve("work"));
        Graph graph = graph("  - {id: a, class: app.A, deploy: {working_dir: work}}\n");
        NodeFiles files = new NodeFiles(graph);

        files.directory(find(files, graph, "a").directory());
        files.close();

        assertThat(flowDir.resolve("work")).isEmptyDirectory();
    }

    @Test
    void shouldFindClassPathEntriesFromTheFlowDir() throws IOException {
        Files.createDirectories(flowDir.resolve("lib/classes"));
        Files.createFile(flowDir.resolve("lib/a.jar"));
        Graph graph = graph("  - {id: a, class: app.A, classpath: [lib/classes, lib/a.jar]}\n");
        NodeFiles.Found found = find(new NodeFiles(graph), graph, "a");

        assertThat(found.problems()).isEmpty();
        assertThat(found.classpath()).containsExactly(flowDir.resolve("lib/classes"), flowDir.resolve("lib/a.jar"));
        assertThat(found.directory()).isEqualTo(flowDir);
    }

    @Test
    void shouldNameWhatIsMissingAtItsNode() {
        Graph graph = graph("  - {id: a, class: app.A, classpath: [lib/none.jar]}\n");

        NodeFiles.Found found = find(new NodeFiles(graph), graph, "a");

        assertThat(found.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.location().line()).isEqualTo(3);
            assertThat(problem.message())
                    .contains("node 'a'", flowDir.resolve("lib/none.jar").toString());
        });
    }

    @Test
    void shouldSayWhichDirectoryCannotBeMade() throws IOException {
        Graph graph = graph("  - {id: a, class: app.A, deploy: {working_dir: file/below}}\n");
        NodeFiles files = new NodeFiles(graph);
        Path directory = find(files, graph, "a").directory();
        Files.createFile(flowDir.resolve("file"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> files.directory(directory))
                .withMessage("dataflow '" + name + "': working directory '" + directory + "' cannot be made: '"
                        + directory.getParent() + "' is there and is not a directory: remove it, or choose another"
                        + " working_dir");
        files.close();
    }

    @Test
    void shouldRefuseAWorkingDirectoryThatIsToBeMadeBelowAFile() throws IOException {
        Files.createFile(flowDir.resolve("file"));
        Graph graph = graph("  - {id: a, class: app.A, deploy: {working_dir: file/x/y}}\n");

        assertThat(find(new NodeFiles(graph), graph, "a").problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.isError()).isTrue();
                    assertThat(problem.location().line()).isEqualTo(3);
                    assertThat(problem.message())
                            .contains("where it cannot be made, for '" + flowDir.resolve("file") + "' is a file");
                });
    }

    @Test
    void shouldRefuseAWorkingDirectoryThatIsAFile() throws IOException {
        Files.createFile(flowDir.resolve("file"));
        Graph graph = graph("  - {id: a, class: app.A, deploy: {working_dir: file}}\n");

        assertThat(find(new NodeFiles(graph), graph, "a").problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("is a file, not a directory");
    }

    @Test
    void shouldSayAtItsNodeWhatCannotBeAPath() {
        Graph graph = graph("""
                  - {id: a, class: app.A, deploy: {working_dir: "/srv/\\ud800"}}
                  - {id: b, class: app.A, classpath: ["/srv/\\ud800.jar"]}
                """);
        NodeFiles files = new NodeFiles(graph);

        for (String node : List.of("a", "b")) {
            assertThat(find(files, graph, node).problems()).singleElement().satisfies(problem -> {
                assertThat(problem.isError()).isTrue();
                assertThat(problem.location().line()).isEqualTo(node.equals("a") ? 3 : 4);
                assertThat(problem.message()).contains("'/srv/", "where that cannot be a path");
            });
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenManyThreadsMakeTheSameDirectories() throws Exception {
        Graph graph = graph("  - {id: a, class: app.A}\n");
        Threads threads = new Threads();
        for (int round = 0; round < 50; round++) {
            NodeFiles files = new NodeFiles(graph);
            CountDownLatch go = new CountDownLatch(1);
            List<Threads.Task<Path>> makers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Path directory = flowDir.resolve("made/by/" + i);
                makers.add(threads.run(() -> {
                    go.await();
                    return files.directory(directory);
                }));
            }
            go.countDown();
            for (Threads.Task<Path> maker : makers) {
                assertThat(maker.get()).isDirectory();
            }
            files.close();
            assertThat(flowDir).as("round %s", round).isEmptyDirectory();
        }
    }

    @Test
    void shouldMakeItsDirectoryThoughAnotherDataflowTakesTheOneAboveAway() throws Exception {
        Graph graph = graph("  - {id: a, class: app.A}\n");
        Threads threads = new Threads();
        for (int i = 0; i < 3; i++) {
            threads.run(() -> {
                for (int round = 0; round < 300; round++) {
                    NodeFiles files = new NodeFiles(graph);
                    Path directory = find(files, graph, "a").directory();
                    assertThat(files.directory(directory)).isDirectory();
                    files.close();
                    assertThat(directory).doesNotExist();
                }
                return null;
            });
        }

        threads.joinAll();
        try (Stream<Path> left = Files.exists(BASE) ? Files.list(BASE) : Stream.empty()) {
            assertThat(left).noneMatch(directory -> directory.toString().contains(name));
        }
    }

    private Path executable(String file) throws IOException {
        Path program = flowDir.resolve(file);
        Files.createDirectories(program.getParent());
        assertThat(Files.createFile(program).toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static List<String> programs(NodeFiles.Found found) {
        return found.programs().stream()
                .flatMap(target -> target.files().stream())
                .flatMap(file -> file.found().stream())
                .toList();
    }

    @Test
    void shouldFindCommandsAsTheNodesOwnVariablesSay() throws IOException {
        Path inPath = executable("tools/millrace-test-tool");
        Path inVirtualEnv = executable("venv/bin/millrace-test-tool");
        Graph graph = graph("""
                  - {id: plain, path: millrace-test-tool}
                  - {id: path, path: millrace-test-tool, env: {PATH: tools}}
                  - {id: venv, path: millrace-test-tool, env: {PATH: tools, VIRTUAL_ENV: venv}}
                """);
        NodeFiles files = new NodeFiles(graph);

        assertThat(find(files, graph, "plain").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("command 'millrace-test-tool'", "PATH '"));
        assertThat(programs(find(files, graph, "path"))).containsExactly(inPath.toString());
        assertThat(programs(find(files, graph, "venv"))).containsExactly(inVirtualEnv.toString());
    }

    @Test
    void shouldTellProgramsFromClassPaths() throws IOException {
        Path program = executable("bin/camera");
        Graph graph = graph("  - {id: a, path: bin/camera}\n  - {id: b, class: app.B, classpath: [bin]}\n");
        NodeFiles files = new NodeFiles(graph);

        assertThat(programs(find(files, graph, "a"))).containsExactly(program.toString());
        assertThat(find(files, graph, "a").classpath()).isEmpty();
        assertThat(programs(find(files, graph, "b"))).isEmpty();
        assertThat(find(files, graph, "b").classpath()).containsExactly(flowDir.resolve("bin"));
    }

    @Test
    void shouldTakeShippedFilesFromWhereTheirClientHasThem() throws IOException {
        Path program = executable("bin/camera");
        Graph graph = graph("""
                  - {id: a, path: bin/camera, deploy: {distribute: ship}}
                  - {id: b, class: app.B, classpath: [bin], deploy: {distribute: scp}}
                  - {id: c, path: %s, deploy: {distribute: http, local: false}}
                """.formatted(program));
        NodeFiles files = new NodeFiles(graph);

        assertThat(programs(find(files, graph, "a"))).containsExactly(program.toString());
        assertThat(find(files, graph, "b").classpath()).containsExactly(program.getParent());
        assertThat(programs(find(files, graph, "c"))).containsExactly(program.toString());
        for (String node : List.of("a", "b", "c")) {
            NodeFiles.Found found = find(files, graph, node);
            assertThat(found.problems()).isEmpty();
            assertThat(found.directory()).as(node).startsWithRaw(BASE);
        }
    }

    @Test
    void shouldFindShippedFilesBelowTheWorkingDirectoryThatIsWritten() throws IOException {
        Path program = executable("work/camera.py");
        Graph graph = graph(
                "  - {id: a, operator: {python: camera.py}," + " deploy: {distribute: ship, working_dir: work}}\n");

        NodeFiles.Found found = find(new NodeFiles(graph), graph, "a");

        assertThat(found.problems()).isEmpty();
        assertThat(programs(found)).containsExactly(program.toString());
        assertThat(found.directory()).isEqualTo(program.getParent());
    }

    @Test
    void shouldRefuseShippedFilesThatTheirClientDoesNotHave() {
        Graph graph = graph("  - {id: a, path: bin/camera, deploy: {distribute: ship}}\n");

        assertThat(find(new NodeFiles(graph), graph, "a").problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("node 'a': path 'bin/camera'");
    }
}
