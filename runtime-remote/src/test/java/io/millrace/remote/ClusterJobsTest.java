package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.remote.nodes.Diary;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of jobs that are handed in. */
@ExtendWith(Diary.Fresh.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ClusterJobsTest {
    private static final String BEAT = """
            name: %1$s
            nodes:
              - id: beat
                class: io.millrace.remote.nodes.Beat
                config: {diary: %1$s}
                deploy: %2$s
                inputs: {tick: dora/timer/millis/20}
                outputs: [out]
            """;
    private static final String PLUGIN = """
            package plugin;

            public final class Plugin implements io.millrace.node.Operator {
                private io.millrace.node.NodeContext context;

                @Override
                public void open(io.millrace.node.NodeContext opened) {
                    context = opened;
                }

                @Override
                public void onInput(io.millrace.node.Input input, io.millrace.node.Message message) throws Exception {
                    java.nio.file.Files.writeString(context.workingDirectory().resolve("ticked"), "yes");
                }
            }
            """;

    private static final ExecutorService waiting = Executors.newCachedThreadPool();
    private static Path base;
    private static QuickCluster cluster;

    @TempDir
    Path directory;

    @BeforeAll
    static void begin(@TempDir Path made) throws Exception {
        base = made;
        cluster = new QuickCluster(made, 3);
        cluster.join("a", config -> config.labels(Map.of("gpu", "no")));
        cluster.join("b");
    }

    @AfterAll
    static void end() {
        cluster.close();
        waiting.shutdownNow();
    }

    @AfterEach
    void nothingRuns() {
        until(
                "no executor has nodes",
                () -> cluster.client().executors().stream().allMatch(executor -> executor.nodes() == 0));
    }

    private static Dataflow beat(String name, String deploy) {
        return Dataflow.parse(BEAT.formatted(name, deploy));
    }

    private static void awaitBeats(String diary, int count) {
        until("'" + diary + "' beats", () -> Diary.of(diary, "beat", "beat").size() >= count);
    }

    @Test
    void shouldTakeANameAgainWhenItsJobHasEnded() {
        Job first = cluster.client()
                .submit(beat("again", "{}"), StartOptions.builder().build(), "again");
        awaitBeats("again", 1);

        assertThatThrownBy(() -> cluster.client()
                        .submit(beat("again", "{}"), StartOptions.builder().build(), "again"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("there is a job 'again' already");
        cluster.client().stop("again", Duration.ofSeconds(5));
        until("it has ended", () -> cluster.job("again").state() == Job.State.STOPPED);
        Job second = cluster.client()
                .submit(beat("again", "{}"), StartOptions.builder().build(), "again");

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(cluster.job("again").id()).isEqualTo(second.id());
        cluster.client().stop("again", Duration.ofSeconds(5));
    }

    @Test
    void shouldBeFoundByItsIdWhenTheNameOfItsDataflowIsTaken() {
        StartOptions options = StartOptions.builder().build();
        Job first = cluster.client().submit(beat("taken", "{}"), options, "taken");

        try (RunningDataflow second = beat("taken", "{}").start(cluster.client(), options)) {
            assertThat(second.name()).isEqualTo("taken");
            assertThat(second.id()).isNotEqualTo(first.id());
            assertThat(cluster.job(second.id()).name()).isEqualTo("taken-2");
        }
        cluster.client().stop(first.id(), Duration.ofSeconds(5));
    }

    @Test
    void shouldSayWhyMachineByMachineWhenANodeCanBePlacedNowhere() {
        try (Cluster hasty = Cluster.connect(ClusterConfig.builder()
                .masters(cluster.addresses())
                .placementTimeout(Duration.ZERO)
                .build())) {
            shouldSayWhyMachineByMachine(hasty);
        }
    }

    private static void shouldSayWhyMachineByMachine(Cluster hasty) {
        assertThatThrownBy(() -> hasty.submit(
                        beat("nowhere", "{labels: {gpu: yes}}"),
                        StartOptions.builder().build(),
                        "nowhere"))
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining("node 'beat' can be placed nowhere: machine 'a': label gpu is 'no', wanted 'true'"
                        .replace("'true'", "'yes'"))
                .hasMessageContaining("machine 'b': label gpu is missing, wanted 'yes'");
        assertThatThrownBy(() -> hasty.submit(
                        beat("nobody", "{machine: c}"), StartOptions.builder().build(), "nobody"))
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining(
                        "node 'beat' can be placed nowhere: it wants machine 'c', which has not joined; joined are [a, b]");
        assertThat(cluster.client().job("nowhere")).isEmpty();
    }

    @Test
    void shouldBeginWhenTheMachineHasJoinedThatItWaitsFor() throws Exception {
        CompletableFuture<Job> handedIn = CompletableFuture.supplyAsync(
                () -> cluster.client()
                        .submit(
                                beat("early", "{machine: late}"),
                                StartOptions.builder().build(),
                                "early"),
                waiting);
        until("it waits", () -> cluster.client().job("early").isPresent());
        assertThat(cluster.job("early").state()).isEqualTo(Job.State.SUBMITTED);
        assertThat(cluster.job("early").degraded().orElseThrow())
                .startsWith("node 'beat' can be placed nowhere: it wants machine 'late', which has not joined");
        assertThat(handedIn).isNotDone();

        cluster.join("late");
        awaitBeats("early", 1);
        assertThat(handedIn.get(60, TimeUnit.SECONDS).state()).isNotEqualTo(Job.State.SUBMITTED);
        cluster.client().stop("early", Duration.ofSeconds(5));
        until("it has ended", () -> cluster.job("early").state() == Job.State.STOPPED);
        cluster.executor("late").close();
    }

    @Test
    void shouldSayThatItWasStoppedWhenItStillWaits() {
        CompletableFuture<Job> handedIn = CompletableFuture.supplyAsync(
                () -> cluster.client()
                        .submit(
                                beat("recalled", "{machine: never}"),
                                StartOptions.builder().build(),
                                "recalled"),
                waiting);
        until("it waits", () -> cluster.client().job("recalled").isPresent());

        cluster.client().stop("recalled", Duration.ofSeconds(5));

        assertThat(handedIn.join().state()).isEqualTo(Job.State.STOPPED);
    }

    @Test
    void shouldNameTheFindingsOfAllExecutorsWhenFilesAreMissing() throws Exception {
        Files.createDirectories(base.resolve("machine-b").resolve("there"));
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: findings
                nodes:
                  - id: one
                    path: bin/missing-one
                    deploy: {machine: a, local: false, working_dir: there}
                  - id: three
                    path: $NO_SUCH_VARIABLE_HERE/tool
                    deploy: {machine: b, local: false, working_dir: there}
                """);

        InvalidDataflowException failure = catchThrowableOfType(
                InvalidDataflowException.class, () -> Dataflow.load(flow).start(cluster.client()));

        List<String> texts =
                failure.problems().stream().map(problem -> problem.message()).toList();
        assertThat(texts)
                .hasSize(2)
                .anySatisfy(text -> assertThat(text)
                        .contains("one")
                        .contains(base.resolve("machine-a")
                                .resolve("there")
                                .resolve("bin/missing-one")
                                .toString())
                        .contains("'a'"));
        assertThat(texts)
                .anySatisfy(text -> assertThat(text)
                        .contains("three")
                        .contains("NO_SUCH_VARIABLE_HERE")
                        .contains("'b'"));
        assertThat(cluster.job("findings").state()).isEqualTo(Job.State.FAILED);
    }

    @Test
    void shouldTakeTheClientsVariablesWhereItsFilesAreAndTheMachinesElsewhere() throws Exception {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: whose
                nodes:
                  - {id: one, path: $PLACE/tool, deploy: {machine: a}}
                  - {id: two, path: $PLACE/tool, deploy: {machine: b}}
                """);
        LoadOptions options = LoadOptions.builder()
                .forCluster(true)
                .environment(Map.of("PLACE", "/no/such/place"))
                .build();
        Dataflow near = Dataflow.load(flow, options);
        Dataflow far = Dataflow.parse(Files.readString(flow), options);

        assertThat(findings(near))
                .hasSize(2)
                .allSatisfy(text -> assertThat(text).contains("'/no/such/place/tool'"));
        assertThat(findings(far))
                .hasSize(2)
                .allSatisfy(text ->
                        assertThat(text).contains("path, on machine", "the environment has no variable 'PLACE'"));
    }

    private List<String> findings(Dataflow dataflow) {
        return catchThrowableOfType(InvalidDataflowException.class, () -> dataflow.start(cluster.client()))
                .problems()
                .stream()
                .map(problem -> problem.message())
                .toList();
    }

    @Test
    void shouldFindTheClientsFilesWhenItProvesThatItHasThem() throws Exception {
        if (!Files.isExecutable(Path.of("/bin/sh"))) {
            return;
        }
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: proven
                nodes:
                  - id: script
                    path: tool.sh
                    deploy: {machine: a}
                """);
        Path tool = Files.writeString(directory.resolve("tool.sh"), "#!/bin/sh\npwd > proof\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();

        cluster.client().submit(Dataflow.load(flow), StartOptions.builder().build(), "proven");

        until("the script has run", () -> Files.exists(directory.resolve("proof")));
        until("it has ended", () -> cluster.job("proven").state().isFinal());
        assertThat(Files.readString(directory.resolve("proof")).strip())
                .isEqualTo(directory.toRealPath().toString());
    }

    @Test
    void shouldRunAScriptThatWasShipped() throws Exception {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: script
                nodes:
                  - id: script
                    path: ./tool.sh
                    deploy: {machine: b, distribute: ship}
                """);
        Path tool =
                Files.writeString(directory.resolve("tool.sh"), "#!/bin/sh\necho $0 > written && mv written shipped\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();

        Job job = cluster.client()
                .submit(Dataflow.load(flow), StartOptions.builder().build(), "script");

        until("the script has run", () -> written("shipped", job).isPresent());
        assertThat(Files.readString(written("shipped", job).orElseThrow()))
                .contains(base.resolve("machine-b").toString())
                .doesNotContain(directory.toString());
        until("it has ended", () -> cluster.job("script").state().isFinal());
    }

    private static java.util.Optional<Path> written(String file, Job job) throws IOException {
        try (Stream<Path> all = Files.walk(base.resolve("machine-b"))) {
            return all.filter(path -> path.endsWith(file)
                            && path.toString().contains(job.id().replace('-', '_')))
                    .findFirst();
        } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) { // it is being made
            return java.util.Optional.empty();
        }
    }

    @Test
    void shouldGoOnShippingWhenTheLeaderChanges() throws Exception {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: plugin
                nodes:
                  - id: plugin
                    class: plugin.Plugin
                    classpath: [plugin.jar]
                    deploy: {machine: b, distribute: ship}
                    inputs: {tick: dora/timer/millis/20}
                """);
        makeJar(directory.resolve("plugin.jar"), 24 << 20);
        Master leader = cluster.leader();
        Path held = base.resolve(leader.name()).resolve("artifacts");

        CompletableFuture<Job> submitted = CompletableFuture.supplyAsync(() -> cluster.client()
                .submit(Dataflow.load(flow), StartOptions.builder().build(), "plugin"));
        until("some of it is with the masters", () -> size(held) > 1 << 20);
        cluster.closeLeader();
        Job job = submitted.get(60, TimeUnit.SECONDS);

        until("the node has ticked", () -> written("ticked", job).isPresent());
        cluster.client().stop("plugin", Duration.ofSeconds(5));
        until("it has ended", () -> cluster.job("plugin").state() == Job.State.STOPPED);
        cluster.startMaster(leader.name());
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private void makeJar(Path jar, int padding) throws IOException {
        Path source = Files.writeString(directory.resolve("Plugin.java"), PLUGIN);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(result).isZero();
        byte[] random = new byte[padding];
        new Random(7).nextBytes(random);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            out.putNextEntry(new ZipEntry("plugin/Plugin.class"));
            Files.copy(directory.resolve("plugin").resolve("Plugin.class"), out);
            out.putNextEntry(new ZipEntry("padding"));
            new ByteArrayInputStream(random).transferTo(out);
        }
    }

    @Test
    void shouldHoldEveryNodeUntilItsClientIsReady() throws Exception {
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        StartOptions options = StartOptions.builder()
                .whenOpen(handle -> {
                    isHeld.countDown();
                    awaitQuietly(mayGoOn);
                })
                .build();

        CompletableFuture<RunningDataflow> starting = cluster.client()
                .prepare(beat("held", "{}").graph(), options)
                .thenCompose(prepared -> prepared.start())
                .toCompletableFuture();
        assertThat(isHeld.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Diary.of("held", "beat", "open")).hasSize(1);
        assertThat(Diary.of("held", "beat", "beat")).isEmpty();
        assertThat(starting).isNotDone();
        mayGoOn.countDown();

        try (RunningDataflow running = starting.get(60, TimeUnit.SECONDS)) {
            awaitBeats("held", 3);
            assertThat(running.state()).isEqualTo(DataflowState.RUNNING);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldUndoTheStartWhenWhatIsDoneBeforeItFails() {
        StartOptions options = StartOptions.builder()
                .whenOpen(handle -> {
                    throw new IllegalStateException("not today");
                })
                .build();

        CompletableFuture<RunningDataflow> starting = cluster.client()
                .prepare(beat("undone", "{}").graph(), options)
                .thenCompose(prepared -> prepared.start())
                .toCompletableFuture();

        assertThatThrownBy(starting::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("not today");
        until("it has ended", () -> cluster.job("undone").state() == Job.State.STOPPED);
        until("the node is closed", () -> Diary.of("undone", "beat", "close").size() == 1);
        assertThat(Diary.of("undone", "beat", "beat")).isEmpty();
    }

    @Test
    void shouldStartADataflowOfManyNodes() throws Exception {
        int count = 800;
        StringBuilder flow = new StringBuilder("name: many\nthreads: 2\nnodes:\n");
        for (int i = 0; i < count; i++) {
            flow.append("  - {id: node-")
                    .append(i)
                    .append(", class: io.millrace.remote.nodes.Beat")
                    .append(", description: '")
                    .append("one of many ".repeat(130))
                    .append("'")
                    .append(", config: {diary: many}, outputs: [out], inputs: {")
                    .append(i == 0 ? "tick: dora/timer/secs/3600" : "in: node-" + (i - 1) + "/out")
                    .append("}}\n");
        }
        StartOptions options = StartOptions.builder().threads(2).build();

        Job job = cluster.client().submit(Dataflow.parse(flow.toString()), options, "many");

        assertThat(job.parts()).isNotEmpty();
        until("all run", () -> cluster.job("many").state() == Job.State.RUNNING);
        assertThat(Diary.of("many").stream().filter(line -> line.what().equals("open")))
                .hasSize(count);
        cluster.client().stop("many", Duration.ofSeconds(20));
        until("it has ended", () -> cluster.job("many").state() == Job.State.STOPPED);
    }
}
