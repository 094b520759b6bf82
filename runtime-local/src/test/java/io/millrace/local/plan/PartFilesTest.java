package io.millrace.local.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.files.MachineFiles;
import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.local.part.PartFiles;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.SearchPath;
import io.millrace.workdir.ShippedCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The working-directory rules on an executor whose client is elsewhere. */
class PartFilesTest {
    @TempDir
    private Path machine;

    private Path flowDir;
    private Path base;
    private Path home;

    @BeforeEach
    void makeDirectories() throws IOException {
        flowDir = Files.createDirectory(machine.resolve("flow"));
        base = Files.createDirectory(machine.resolve("base"));
        home = Files.createDirectory(machine.resolve("home"));
    }

    private Graph graph(String node) {
        LoadOptions options =
                LoadOptions.builder().directory(flowDir).checkPaths(false).build();
        return Dataflow.parse("name: job\nnodes:\n  - {id: a, " + node + "}\n", options)
                .graph();
    }

    private NodeFiles files(Graph graph, boolean sameFlowFile, boolean requireWorkingDir, ShippedCopies copies) {
        JobFacts job = new JobFacts("job-17", flowDir.toString(), sameFlowFile, copies);
        ExecutorFacts executor = new ExecutorFacts(
                "harbour",
                MachineFiles.operatingSystem(),
                base.toString(),
                home.toString(),
                new SearchPath(Optional.empty(), List.of(machine.resolve("bin").toString())),
                requireWorkingDir,
                false,
                MachineFiles.view());
        return new NodeFiles(graph, new PartFiles(job, executor));
    }

    private NodeFiles.Found find(NodeFiles files, Graph graph) {
        return files.find(graph.node("a"));
    }

    private static Optional<String> none(String node, String written) {
        return Optional.empty();
    }

    @Test
    void shouldMakeAFreshDirectoryForEachJobAndNodeUnderTheExecutorsBase() {
        Graph graph = graph("class: app.A");
        NodeFiles files = files(graph, false, false, PartFilesTest::none);
        Path directory = files.directory(find(files, graph).directory());
        assertThat(directory).hasParentRaw(base).isDirectory();
        assertThat(directory.getFileName().toString()).startsWith("job_17-a-");
        files.close();
        assertThat(base).as("which is not the job's to take away").isEmptyDirectory();
    }

    @Test
    void shouldSeeAWrittenWorkingDirectoryFromTheExecutorsBaseWhenTheNodeIsNotLocal() {
        Graph graph = graph("class: app.A, deploy: {local: false, working_dir: work}");
        NodeFiles files = files(graph, true, false, PartFilesTest::none);
        NodeFiles.Found found = find(files, graph);
        assertThat(found.problems()).isEmpty();
        assertThat(files.directory(found.directory()))
                .isEqualTo(base.resolve("work"))
                .isDirectory();
        files.close();
    }

    @Test
    void shouldTakeTheFlowDirWhenTheSameFileIsThere() throws IOException {
        Files.createDirectory(flowDir.resolve("lib"));
        Graph graph = graph("class: app.A, classpath: [lib]");
        assertThat(find(files(graph, true, false, PartFilesTest::none), graph).classpath())
                .containsExactly(flowDir.resolve("lib"));
        assertThat(find(files(graph, false, false, PartFilesTest::none), graph).problems())
                .anyMatch(problem -> problem.isError() && problem.toString().contains("relative path 'lib'"));
    }

    @Test
    void shouldFallBackOnTheHomeDirectoryOnlyWhereThatIsAllowed() throws IOException {
        Path lib = Files.createDirectory(machine.resolve("lib"));
        Graph graph = graph("class: app.A, classpath: [" + lib + "], deploy: {local: false}");
        NodeFiles.Found allowed = find(files(graph, false, false, PartFilesTest::none), graph);
        assertThat(allowed.directory()).isEqualTo(home);
        assertThat(allowed.problems()).noneMatch(Problem::isError);
        assertThat(find(files(graph, false, true, PartFilesTest::none), graph).problems())
                .anyMatch(problem -> problem.isError() && problem.toString().contains("--require-working-dir"));
    }

    @Test
    void shouldUseTheCopiesOfShippedFiles() throws IOException {
        Path copy = Files.createDirectory(base.resolve("copy-of-lib"));
        Graph graph = graph("class: app.A, classpath: [lib], deploy: {distribute: ship}");
        NodeFiles.Found found = find(
                files(
                        graph,
                        false,
                        false,
                        (node, written) -> Optional.of(copy.toString())
                                .filter(there -> node.equals("a") && written.equals("lib"))),
                graph);
        assertThat(found.problems()).isEmpty();
        assertThat(found.classpath()).containsExactly(copy);
        assertThat(find(files(graph, false, false, PartFilesTest::none), graph).problems())
                .anyMatch(problem ->
                        problem.isError() && problem.toString().contains("no copy of it is on machine 'harbour'"));
    }

    @Test
    void shouldLookForCommandsWhereTheNodesOwnVariablesSay() throws IOException {
        Path own = Files.createDirectory(machine.resolve("own"));
        Files.createFile(own.resolve("sail"));
        Path bin = Files.createDirectory(machine.resolve("bin"));
        Files.createFile(bin.resolve("row"));
        Graph withPath = graph("path: sail, env: {PATH: '" + own + "'}, deploy: {local: false, working_dir: work}");
        assertThat(find(files(withPath, false, false, PartFilesTest::none), withPath)
                        .problems())
                .noneMatch(Problem::isError);
        Graph without = graph("path: row, deploy: {local: false, working_dir: work}");
        assertThat(find(files(without, false, false, PartFilesTest::none), without)
                        .problems())
                .noneMatch(Problem::isError);
    }
}
