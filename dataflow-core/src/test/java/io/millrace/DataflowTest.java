package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.runtime.DataflowRuntime;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataflowTest {
    private static final String VALID = """
            nodes:
              - id: camera
                class: app.Camera
                outputs: [frame]
              - id: detector
                class: app.Detector
                inputs: {image: camera/frame}
            """;

    @TempDir
    private Path directory;

    @Test
    void shouldLoadAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("vision.yml"), VALID);

        Dataflow dataflow = Dataflow.load(file);

        assertThat(dataflow).hasToString("dataflow 'vision' with 2 nodes and 1 edges");
        assertThat(dataflow.graph().file()).contains(file);
        assertThat(dataflow.graph().directory()).isEqualTo(directory);
        assertThat(dataflow.findings()).isEmpty();
    }

    @Test
    void shouldTakeTheDirectoryOfTheOptionsWhenOneIsGiven() throws IOException {
        Path file = Files.writeString(directory.resolve("vision.yml"), VALID);
        Path other = directory.resolve("other");

        Dataflow dataflow =
                Dataflow.load(file, LoadOptions.builder().directory(other).build());

        assertThat(dataflow.graph().directory()).isEqualTo(other);
    }

    @Test
    void shouldParseAText() {
        Dataflow dataflow = Dataflow.parse("env: {SPEED: $FAST}\nname: vision\n" + VALID, environment("FAST", "9"));

        assertThat(dataflow.graph().name()).isEqualTo("vision");
        assertThat(dataflow.graph().node("camera").env()).containsExactly(Map.entry("SPEED", "9"));
        assertThat(dataflow.graph().file()).isEmpty();
        assertThat(dataflow.graph().directory())
                .isEqualTo(Path.of("").toAbsolutePath().normalize());
    }

    @Test
    void shouldReportAMissingFileAsAProblem() {
        Path missing = directory.resolve("none.yml");

        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.load(missing))
                .withMessageContaining(missing.toString())
                .withMessageNotContaining("Exception")
                .satisfies(e -> assertThat(e.problems()).singleElement().matches(Problem::isError));
    }

    @Test
    void shouldReportADirectoryAsAProblem() {
        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.load(directory))
                .withMessageContaining("directory")
                .withMessageNotContaining("Exception");
    }

    @Test
    void shouldReportAllProblemsAtOnceWhenAFileHasSeveral() {
        String bad = """
                nodes:
                  - id: camera
                    path: bin/camera
                  - id: detector
                    path: bin/detector
                    inputs: {image: camera/frame}
                """;

        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.parse(bad))
                .satisfies(e -> assertThat(e.problems()).isNotEmpty().allMatch(Problem::isError))
                .withMessageContainingAll(
                        "dataflow.yml:2:9: error: node 'camera': path 'bin/camera'",
                        "dataflow.yml:4:9: error: node 'detector': path 'bin/detector'",
                        "dataflow.yml:6:14: error: input 'detector/image' reads 'camera/frame'");
    }

    @Test
    void shouldLookForFilesUnlessToldNotTo() {
        String yaml = """
                nodes:
                  - id: camera
                    path: bin/camera
                """;
        LoadOptions.Builder options = LoadOptions.builder().directory(directory);

        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.parse(yaml, options.build()))
                .withMessageContaining(directory.resolve("bin/camera").toString());
        assertThat(Dataflow.parse(yaml, options.checkPaths(false).build())
                        .graph()
                        .nodes())
                .hasSize(1);
    }

    @Test
    void shouldLeaveFilesToTheExecutorsWhenItIsMeantForAClusterAndNothingIsSaid() {
        String text = """
                nodes:
                  - id: unsaid
                    path: bin/unsaid
                  - id: here
                    deploy: {local: true}
                    path: bin/here
                """;

        assertThatThrownBy(() -> Dataflow.parse(
                        text, LoadOptions.builder().forCluster(true).build()))
                .isInstanceOf(InvalidDataflowException.class)
                .satisfies(e -> assertThat(((InvalidDataflowException) e).problems())
                        .singleElement()
                        .asString()
                        .contains("node 'here'", "bin/here"));
    }

    @Test
    void shouldKeepWarningsAsFindings() {
        Dataflow dataflow = Dataflow.parse("communication: {}\n" + VALID);

        assertThat(dataflow.findings())
                .singleElement()
                .satisfies(problem -> assertThat(problem.isError()).isFalse())
                .extracting(Problem::toString)
                .asString()
                .startsWith("dataflow.yml:1:1: warning: ");
    }

    @Test
    void shouldNotThrowWhenAFileIsOnlyChecked() throws IOException {
        Path good = Files.writeString(directory.resolve("good.yml"), VALID);
        Path bad = Files.writeString(directory.resolve("bad.yml"), "nodes: 7\n");

        CheckResult valid = Dataflow.check(good, LoadOptions.DEFAULT);
        CheckResult invalid = Dataflow.check(bad, LoadOptions.DEFAULT);
        CheckResult missing = Dataflow.check(directory.resolve("none.yml"), LoadOptions.DEFAULT);

        assertThat(valid.hasErrors()).isFalse();
        assertThat(valid.dataflow()).isPresent();
        assertThat(invalid.hasErrors()).isTrue();
        assertThat(invalid.dataflow()).isEmpty();
        assertThat(missing.hasErrors()).isTrue();
    }

    @Test
    void shouldNoteThatNothingIsKnownOfAMachineWhenItIsChecked() throws IOException {
        Path file = Files.writeString(directory.resolve("far.yml"), """
                nodes:
                  - id: far
                    path: /bin/sh
                    deploy: {machine: B}
                """);

        CheckResult result = Dataflow.check(file, LoadOptions.DEFAULT);

        assertThat(result.hasErrors()).isFalse();
        assertThat(result.problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("'B'");
    }

    @Test
    void shouldSayHowToGetARuntimeWhenThereIsNone() {
        Dataflow dataflow = Dataflow.parse(VALID);

        assertThatIllegalStateException()
                .isThrownBy(dataflow::start)
                .withMessage("there is no runtime 'local': found []; add the module that provides it, such as"
                        + " io.millrace:runtime-local, to the application");
    }

    @Test
    void shouldCompleteWithWhatStartWouldThrowWhenItIsAsynchronous() {
        CompletionStage<RunningDataflow> started = Dataflow.parse(VALID)
                .startAsync(StartOptions.builder().runtime("lunar").build());

        assertThat(started)
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessageStartingWith("there is no runtime 'lunar': found []");
    }

    @Test
    void shouldAbandonWhatIsPreparedWhenTheCallerWasInterruptedMeanwhile() {
        Dataflow dataflow = Dataflow.parse(VALID);
        CompletableFuture<PreparedDataflow> prepared = new CompletableFuture<>();
        AtomicBoolean isAbandoned = new AtomicBoolean();

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(DataflowStartException.class)
                .isThrownBy(() -> dataflow.start(preparing(prepared), StartOptions.DEFAULT))
                .withMessageContaining("interrupted while dataflow 'dataflow'");
        assertThat(Thread.interrupted()).isTrue();

        prepared.complete(new PreparedDataflow() {
            @Override
            public CompletionStage<RunningDataflow> start() {
                return new CompletableFuture<>();
            }

            @Override
            public void abandon() {
                isAbandoned.set(true);
            }
        });
        assertThat(isAbandoned).isTrue();
    }

    private static DataflowRuntime preparing(CompletionStage<PreparedDataflow> prepared) {
        return new DataflowRuntime() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public CompletionStage<PreparedDataflow> prepare(Graph graph, StartOptions options) {
                return prepared;
            }
        };
    }

    private static LoadOptions environment(String name, String value) {
        return LoadOptions.builder().environment(Map.of(name, value)).build();
    }

    private static final String CHAIN = """
            name: chain
            nodes:
              - {id: camera, class: some.Camera, inputs: {tick: dora/timer/millis/100}, outputs: [frame]}
              - id: eyes
                operators:
                  - {id: left, class: some.Eye, inputs: {in: camera/frame}, outputs: [seen]}
                  - {id: right, class: some.Eye, inputs: {in: eyes/left/seen}, outputs: [seen]}
              - {id: plan, operator: {class: some.Plan, inputs: {a: eyes/left/seen, b: eyes/right/seen}, outputs: [move]}}
              - {id: act, class: some.Act, inputs: {in: {source: plan/move, queue_size: 3}}}
            """;

    @Test
    void shouldKeepEveryOutputsNameWhenANodeIsReplacedByASource() {
        Dataflow dataflow = Dataflow.parse(CHAIN);
        for (String id : List.of("camera", "eyes", "plan")) {
            Dataflow replaced = dataflow.withSource(id, () -> context -> {});
            assertThat(replaced.graph().node(id).inputs()).isEmpty();
            assertThat(replaced.graph().nodes()).hasSize(4);
            List<String> kept = dataflow.graph().edges().stream()
                    .filter(edge -> !edge.node().equals(id))
                    .map(Edge::name)
                    .toList();
            assertThat(replaced.graph().edges().stream().map(Edge::name)).containsExactlyElementsOf(kept);
        }
        assertThat(dataflow.withSource("eyes", () -> context -> {}).graph().findOutput("eyes/right/seen"))
                .isPresent();
    }

    @Test
    void shouldRefuseToReplaceWhenThereIsNoSuchNode() {
        assertThatThrownBy(() -> Dataflow.parse(CHAIN).withSource("camra", () -> context -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no node 'camra'");
    }

    @Test
    void shouldKeepTheFindingsOfLoadingWhenANodeIsReplaced() {
        Dataflow dataflow = Dataflow.parse("communication: {}\n" + CHAIN + """
              - {id: ear, class: some.Ear, inputs: {in: millrace/app/sound}, outputs: [word]}
            """);
        assertThat(dataflow.findings())
                .extracting(Problem::message)
                .satisfiesExactly(
                        legacy -> assertThat(legacy).contains("communication"),
                        unread -> assertThat(unread).contains("'ear/word'"));

        for (Dataflow replaced : List.of(
                dataflow.withSource("camera", () -> context -> {}),
                dataflow.withFeed("sound", () -> context -> {}),
                dataflow.withNode(dataflow.graph().node("plan")))) {
            assertThat(replaced.findings()).isEqualTo(dataflow.findings());
        }
    }

    @Test
    void shouldDropWhatIsNoLongerSoWhenANodeIsReplaced() {
        Dataflow dataflow = Dataflow.parse("""
                nodes:
                  - {id: camera, class: some.Camera, outputs: [frame]}
                  - {id: eye, class: some.Eye, inputs: {in: millrace/app/sight}}
                """);
        GraphNode eye = Dataflow.parse("""
                nodes:
                  - {id: camera, class: some.Camera, outputs: [frame]}
                  - {id: eye, class: some.Eye, inputs: {in: camera/frame}}
                """).graph().node("eye");

        assertThat(dataflow.findings()).singleElement().asString().contains("nobody reads output 'camera/frame'");
        assertThat(dataflow.withNode(eye).findings()).isEmpty();
    }

    private static final String FAR = """
            nodes:
              - id: far
                path: /opt/far
                deploy: {machine: B, local: false}
            """;

    @Test
    void shouldDemandAWorkingDirectoryWhenTheOptionsRequireOne() {
        LoadOptions required = LoadOptions.builder().requireWorkingDir(true).build();

        assertThat(Dataflow.parse(FAR).findings()).isEmpty();
        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.parse(FAR, required))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .asString()
                        .startsWith("dataflow.yml:2:9: error: node 'far' on machine 'B' has no working_dir"));
    }

    @Test
    void shouldLookForTheFilesOfEveryNodeWhenWhatIsWrongIsBesideThem() {
        String text = """
                env: {LD_PRELOAD: x}
                nodes:
                  - {id: a, path: bin/a}
                  - {id: b, path: bin/b, inputs: 5}
                  - {id: c, path: bin/c}
                threads: many
                """;

        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.parse(
                        text, LoadOptions.builder().directory(directory).build()))
                .withMessageContainingAll("node 'a': path 'bin/a'", "node 'c': path 'bin/c'", "'threads': found")
                .withMessageNotContaining("node 'b': path");
    }

    @Test
    void shouldFindFilesWhenTheWayToTheDataflowLeadsBackFromALink() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/deep"));
        Files.writeString(elsewhere.resolveSibling("flow.yml"), "nodes: [{id: a, path: ./a.sh}]");
        Files.writeString(elsewhere.resolveSibling("a.sh"), "");
        Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);

        assertThat(Dataflow.check(link.resolve("../flow.yml"), LoadOptions.DEFAULT)
                        .problems())
                .isEmpty();
    }

    @Test
    void shouldLoadAUrlInAClassPathAndLookForTheRest() {
        LoadOptions options = LoadOptions.builder().directory(directory).build();

        assertThat(Dataflow.parse("nodes: [{id: a, class: a.B, classpath: ['https://example.org/a.jar']}]", options)
                        .findings())
                .isEmpty();
        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(() -> Dataflow.parse(
                        "nodes: [{id: a, class: a.B, classpath: ['https://example.org/a.jar', b.jar]}]", options))
                .satisfies(
                        e -> assertThat(e.problems()).singleElement().asString().contains("classpath 'b.jar'"));
    }
}
