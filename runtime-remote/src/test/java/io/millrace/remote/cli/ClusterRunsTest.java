package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.local.recording.PublishedReplay;
import io.millrace.local.recording.Recording;
import io.millrace.local.recording.ReplayOptions;
import io.millrace.remote.ExecutorStatus;
import io.millrace.remote.Job;
import io.millrace.remote.JobLog;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Tap;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands about jobs, on one cluster of two machines for all tests. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ClusterRunsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TELLING = """
            name: telling
            nodes:
              - id: near
                class: io.millrace.remote.cli.nodes.Telling
                config: {word: here}
                min_log_level: debug
                deploy: {machine: a}
                inputs: {tick: dora/timer/millis/20}
              - id: far
                class: io.millrace.remote.cli.nodes.Telling
                config: {word: there}
                deploy: {machine: b}
                inputs: {tick: dora/timer/millis/20}
            """;

    private static final String NUMBERS = """
            name: sum
            nodes:
              - id: count
                class: io.millrace.remote.cli.nodes.Counting
                config: {count: 1000}
                outputs: [numbers]
                %s
              - id: add
                class: io.millrace.remote.cli.nodes.Adding
                inputs:
                  in: {source: count/numbers, queue_size: 256, queue_policy: backpressure}
                %s
            """;

    private static final String FED = """
            name: fed
            nodes:
              - {id: relay, class: io.millrace.contract.nodes.Relay, deploy: {machine: a}, inputs: {in: millrace/app/in}, outputs: [out]}
            """;

    private static TestCluster cluster;

    @TempDir
    private Path directory;

    private final Streams streams = new Streams();

    @BeforeAll
    static void start() {
        cluster = TestCluster.builder().executors("a", "b").start();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    @AfterEach
    void endJobs() {
        cluster.client().jobs().stream()
                .filter(job -> !job.state().isFinal())
                .forEach(job -> cluster.client().stop(job.id(), Duration.ZERO));
        await().atMost(PATIENCE)
                .until(() -> cluster.client().jobs().stream()
                        .allMatch(job -> job.state().isFinal()));
    }

    private static Job submit(String flow) {
        Job job = cluster.client()
                .submit(
                        Dataflow.parse(flow),
                        StartOptions.DEFAULT,
                        Dataflow.parse(flow).graph().name());
        await().atMost(PATIENCE)
                .until(() -> now(job).state() == Job.State.RUNNING
                        || now(job).state().isFinal());
        return job;
    }

    private static Job now(Job job) {
        return cluster.client().job(job.id()).orElseThrow();
    }

    private int millrace(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--join");
        all.add(join());
        return streams.execute(all.toArray(String[]::new));
    }

    /** Waits until the log has a line of each node with this word. */
    private static void awaitLogged(Job job, String... texts) {
        JobLog log = cluster.client().log(job.id());
        List<String> open = new ArrayList<>(List.of(texts));
        await().atMost(PATIENCE).until(() -> {
            log.next().lines().forEach(line -> open.removeIf(line.text()::contains));
            return open.isEmpty();
        });
    }

    @Test
    void shouldPrintWhatNodesOnBothMachinesLogInTheOrderOfTime() {
        Job job = submit(TELLING);
        awaitLogged(job, "here 3", "there 3");

        assertThat(millrace("logs", "telling")).isZero();

        List<String> lines = streams.out().lines().toList();
        assertThat(lines).isSorted();
        assertThat(streams.out())
                .containsPattern("\\dZ  WARN   near@a  here opens\n")
                .containsPattern("\\dZ  INFO   near@a  here 1\n")
                .containsPattern("\\dZ  DEBUG  near@a  here 1 in detail\n")
                .containsPattern("\\dZ  INFO   far@b  there 1\n")
                .doesNotContain("there 1 in detail");
        assertThat(streams.err()).isEmpty();
    }

    @Test
    void shouldPrintTheLastLinesOfOneNodeWhenAskedSo() {
        Job job = submit(TELLING);
        awaitLogged(job, "here 3", "there 3");

        assertThat(millrace("logs", "telling", "--node", "near", "--level", "warn", "--tail", "1", "--json"))
                .isZero();

        assertThat(streams.out().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("\"machine\":\"a\",\"node\":\"near\",\"level\":\"warn\",\"text\":\"here opens\""));
    }

    @Test
    void shouldFollowUntilTheJobHasEndedAndHoldItsLogAfterwards() throws Exception {
        Job job = submit(TELLING);
        Streams following = new Streams();
        String join = join();
        Thread follower = new Thread(() -> following.execute("logs", job.id(), "--follow", "--join", join));
        follower.start();
        await().atMost(PATIENCE).until(() -> following.out().contains("here 1\n"));
        int seen = following.out().length();
        await().atMost(PATIENCE).until(() -> following.out().length() > seen);

        cluster.client().stop(job.id(), Duration.ofSeconds(5));
        follower.join(PATIENCE.toMillis());
        assertThat(follower.isAlive()).isFalse();
        assertThat(millrace("logs", job.id())).isZero();

        assertThat(streams.out()).isNotEmpty();
        assertThat(following.out().lines())
                .containsExactlyInAnyOrderElementsOf(streams.out().lines().toList());
    }

    @Test
    void shouldPrintWhatAProgramPrints() throws Exception {
        Path tool = Files.writeString(
                directory.resolve("tool.sh"), "#!/bin/sh\necho to the output\necho to the error >&2\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        Job job = submit("""
                name: printing
                nodes:
                  - id: script
                    path: %s
                    deploy: {machine: a, working_dir: %s}
                """.formatted(tool, directory));
        await().atMost(PATIENCE).until(() -> now(job).state().isFinal());

        assertThat(millrace("logs", "printing")).isZero();

        assertThat(streams.out()).contains("script@a  to the output\n", "script@a  to the error\n");
    }

    @Test
    void shouldPrintWhyANodeHasFailedWhenItHas() {
        Job job = submit("""
                name: failing
                nodes:
                  - id: thrower
                    class: io.millrace.remote.cli.nodes.Telling
                    config: {fails: 2}
                    deploy: {machine: b}
                    inputs: {tick: dora/timer/millis/20}
                """);
        await().atMost(PATIENCE).until(() -> now(job).state().isFinal());

        assertThat(millrace("logs", "failing")).isZero();

        assertThat(streams.out())
                .contains("INFO   thrower@b  tick 2\n")
                .contains("ERROR  thrower@b  has failed: java.lang.IllegalStateException: enough of\\u001b[31m it");
    }

    @Test
    void shouldSaySoWhenThereIsNothingOrNobodyOfThatName() {
        Job job = submit("""
                name: silent
                nodes:
                  - id: ticking
                    operator:
                      class: io.millrace.remote.cli.nodes.Ticking
                      inputs: {tick: dora/timer/millis/20}
                      outputs: [numbers]
                """);

        assertThat(millrace("logs", "silent")).isZero();
        assertThat(streams.out()).isEmpty();
        assertThat(streams.err()).contains("of job 'silent' there is nothing: nothing was logged yet");
        assertThat(millrace("logs", job.id(), "--node", "nobody")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(streams.err()).contains("job 'silent' has no node 'nobody' that is placed, only [ticking]");
        assertThat(millrace("logs", "no-such-job")).isEqualTo(ExitCode.UNKNOWN);
    }

    private static final String TICKING = """
            name: ticking
            nodes:
              - id: ticking
                operator:
                  class: io.millrace.remote.cli.nodes.Ticking
                  inputs: {tick: dora/timer/millis/10}
                  outputs: [numbers]
                deploy: {machine: a}
              - id: other
                operator:
                  class: io.millrace.remote.cli.nodes.Ticking
                  inputs: {in: ticking/op/numbers}
                  outputs: [numbers]
                deploy: {machine: b}
            """;

    private String recording() {
        return directory.resolve("recording").toString();
    }

    private static String join() {
        return "127.0.0.1:" + cluster.awaitLeader().address().getPort();
    }

    private static long sent(Job job) {
        return cluster.client().attach(job.id()).status().node("ticking").sent();
    }

    @Test
    void shouldLetTheJobEndWhenSomebodyLooksAtAnOutput() throws Exception {
        Job job = submit(NUMBERS.replace("config: {count: 1000}", "config: {}").formatted("", ""));
        Streams looking = new Streams();
        String[] command = {"hz", "count/numbers", "--window", "100ms", "--join", join()};
        Thread looker = new Thread(() -> looking.execute(command));
        looker.start();
        await().atMost(PATIENCE).until(() -> looking.out().lines().anyMatch(line -> line.contains(" every ")));

        assertThat(millrace("node", "stop", "add", "--job", job.id()))
                .as(streams.err())
                .isZero();

        await("whose only reader has ended")
                .atMost(PATIENCE)
                .until(() -> now(job).state().isFinal());
        looker.join(PATIENCE.toMillis());
        assertThat(looker.isAlive()).isFalse();
        assertThat(looking.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo ticking/op/numbers",
                "echo ticking/op/numbers --json",
                "hz ticking/op/numbers --window 50ms",
                "logs telling --follow"
            })
    void shouldEndWhenNobodyReadsWhatItPrints(String command) {
        submit(TICKING);
        submit(TELLING);
        String job = command.startsWith("logs") ? "" : " --job ticking";
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        Console unread = new Console(
                new PrintStream(broken, true, StandardCharsets.UTF_8),
                streams.console().err(),
                false,
                false,
                80);

        int code = Main.execute(unread, (command + job + " --join " + join()).split(" "));

        assertThat(code).as(streams.err()).isZero();
        assertThat(streams.err()).isEmpty();
    }

    /** The recording's lines, as programs read them. */
    private List<String> replayed(String expectedErr) {
        Streams replay = new Streams();
        assertThat(replay.execute("replay", recording(), "--json"))
                .as(replay.err())
                .isZero();
        assertThat(replay.err()).contains(expectedErr);
        return replay.out().lines().toList();
    }

    @Test
    void shouldRecordWithoutALossWhatAnOutputOfAJobSendsUntilTheJobEnds() throws Exception {
        Job job = submit(TICKING);
        Streams recorded = new Streams();
        String[] command = {"record", job.id(), recording(), "--edges", "ticking/op/numbers", "--join", join()};
        Thread recorder = new Thread(() -> recorded.execute(command));
        recorder.start();
        await().atMost(PATIENCE).until(() -> recorded.err().contains("is recorded in"));
        long before = sent(job);
        await().atMost(PATIENCE).until(() -> sent(job) > before + 20);
        cluster.client().stop(job.id(), Duration.ofSeconds(10));
        recorder.join(PATIENCE.toMillis());

        assertThat(recorded.out()).matches("recorded [0-9,]+ messages, .*\n").doesNotContain("missing");
        List<String> lines = replayed("of dataflow 'ticking'");
        assertThat(lines)
                .hasSizeGreaterThan(20)
                .allSatisfy(line -> assertThat(line).contains("\"output\":\"ticking/op/numbers\"", "\"missing\":0"));
    }

    @Test
    void shouldRecordAllOfAJobThatIsStartedForIt() throws Exception {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: sum
                nodes:
                  - {id: count, class: io.millrace.remote.cli.nodes.Counting, config: {count: 1000}, outputs: [numbers]}
                  - id: add
                    class: io.millrace.remote.cli.nodes.Adding
                    inputs:
                      in: {source: count/numbers, queue_size: 256, queue_policy: backpressure}
                """);

        int code = millrace("start", flow.toString(), "--record", recording());

        assertThat(code).as(streams.err()).isZero();
        assertThat(streams.out()).contains("recorded 1,000 messages, ").doesNotContain("missing");
        List<String> lines = replayed("1,000 messages of dataflow 'sum'");
        assertThat(lines.get(0)).contains("\"sequence\":0");
        assertThat(lines.get(999)).contains("\"sequence\":999");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldLeaveARecordingThatCanBeReadWhenItsClientIsKilledAndTheJobRunsOn() throws Exception {
        Job job = submit(TICKING);
        try (MillraceProcess recorder = MillraceProcess.start(
                directory, RecordReplayTest.FLAGS, "record", job.id(), recording(), "--join", join())) {
            recorder.awaitErr("is recorded in");
            long before = sent(job);
            await().atMost(PATIENCE).until(() -> sent(job) > before + 20);
            recorder.signal("KILL");
            assertThat(recorder.exitCode()).isEqualTo(128 + 9);
        }
        long after = sent(job);
        await().atMost(PATIENCE).until(() -> sent(job) > after + 20);

        assertThat(replayed("the recording was cut there")).isNotEmpty();
    }

    @Test
    void shouldSayInALineWhatIsTooLargeToBePublished() throws IOException {
        submit("""
                name: fed
                nodes:
                  - {id: by-hand, path: dynamic, deploy: {machine: a}, inputs: {in: millrace/app/in}}
                  - id: other
                    class: io.millrace.remote.cli.nodes.Telling
                    config: {word: here}
                    deploy: {machine: a}
                    inputs: {tick: dora/timer/millis/20}
                """);
        Path large = Files.write(directory.resolve("large"), new byte[64 << 20]);

        assertThat(millrace("publish", "fed", "in", "--json", "--file", large.toString()))
                .isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).startsWith("error: ").doesNotContain("\tat ");
        assertThat(streams.out()).startsWith("{\n  \"error\": \"").endsWith("\"exitCode\": 2\n}\n");
    }

    @Test
    void shouldTellProgramsWhatCannotBePublishedOrRecorded() throws IOException {
        submit(TICKING.replace("tick: dora/timer/millis/10", "tick: millrace/app/in"));
        Files.writeString(directory.resolve("taken"), "something");

        assertThat(millrace("publish", "ticking", "in", "--json", "--file", "no-such-file"))
                .isEqualTo(ExitCode.INVALID);
        assertThat(streams.out())
                .contains("\"error\": \"what is to be sent cannot be read: no-such-file\"", "\"exitCode\": 2");

        Streams recording = new Streams();
        int code = recording.execute("record", "ticking", directory.toString(), "--json", "--join", join());
        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(recording.out()).contains("\"error\": \"", directory.toString(), "\"exitCode\": 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo millrace/app/in", "hz millrace/app/in", "record fed DIR --edges millrace/app/in"})
    void shouldRefuseToLookAtWhatAnotherProcessPublishes(String line) {
        submit(FED);

        assertThat(millrace(line.replace("DIR", recording()).split(" "))).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err())
                .contains(": 'millrace/app/in' cannot be seen from here: what an application publishes goes from");
    }

    @Test
    void shouldSayThatWhatAnotherProcessPublishesIsNotRecordedWhenEverythingElseIs() throws Exception {
        Path flow = Files.writeString(directory.resolve("flow.yml"), FED);
        String said = "millrace: what applications publish as [millrace/app/in] is not recorded";
        Streams started = new Streams();
        String[] start = {"start", flow.toString(), "--record", recording(), "--join", join()};
        Thread starting = new Thread(() -> started.execute(start));
        starting.start();
        await().atMost(PATIENCE)
                .until(() -> cluster.client().jobs().stream().anyMatch(job -> job.state() == Job.State.RUNNING));

        assertThat(millrace("record", "fed", recording() + "-too", "--for", "1ms"))
                .isZero();
        assertThat(streams.err()).contains(said);
        cluster.client().stop("fed", Duration.ofSeconds(10));
        starting.join(PATIENCE.toMillis());

        assertThat(started.err()).contains(said);
        assertThat(Recording.open(directory.resolve("recording")).outputs()).containsExactly("relay/out");
    }

    @Test
    void shouldSayWhatCannotBeRecorded() {
        submit(TICKING);

        assertThat(millrace("record", "ticking", recording(), "--edges", "no/thing", "--json"))
                .isEqualTo(ExitCode.UNKNOWN);
        assertThat(streams.err()).contains("cannot record 'no/thing'", "ticking/op/numbers");
        assertThat(streams.out()).contains("\"error\": \"cannot record 'no/thing'", "\"exitCode\": 3");
        assertThat(directory.resolve("recording")).doesNotExist();
        assertThat(millrace("record", "nobody", recording())).isEqualTo(ExitCode.UNKNOWN);
    }

    /** A thousand numbers, of a recording that was made in this process; then the source is a class that nobody has, on a machine that is not there. */
    private Path recorded(String addingConfig) throws IOException {
        Path flow = Files.writeString(directory.resolve("flow.yml"), NUMBERS.formatted("deploy: {local: true}", ""));
        Streams recorded = new Streams();
        assertThat(recorded.execute("run", "--quiet", "--record", recording(), flow.toString()))
                .as(recorded.err())
                .isZero();
        return Files.writeString(
                flow,
                NUMBERS.formatted("deploy: {machine: nowhere}", addingConfig)
                        .replace("io.millrace.remote.cli.nodes.Counting", "not.here.AtAll"));
    }

    @Test
    void shouldFeedARecordingIntoADataflowOfTheCluster() throws Exception {
        Path flow = recorded("");

        int code = millrace("replay", recording(), "--into", flow.toString(), "--speed", "0");

        assertThat(code).as(streams.err()).isZero();
        assertThat(streams.out()).contains("replayed 1,000 messages in place of count");
        assertThat(streams.err()).contains("fed from here").doesNotContain("warning");
        assertThat(cluster.client().job("sum").orElseThrow().state()).isEqualTo(Job.State.FINISHED);
    }

    @Test
    void shouldLoseNothingOfARecordingOnItsWayToOtherMachines() throws Exception {
        Path flow = recorded("");
        List<Long> numbers = Collections.synchronizedList(new ArrayList<>());
        Dataflow dataflow =
                Dataflow.load(flow, LoadOptions.builder().forCluster(true).build());
        AtomicReference<Tap> tap = new AtomicReference<>();
        StartOptions options = StartOptions.builder()
                .whenOpen(opened -> tap.set(opened.tap(
                        "count/numbers",
                        SubscribeOptions.backpressure(10),
                        message -> numbers.add(message.getLong(0)))))
                .build();
        try (PublishedReplay replay = PublishedReplay.of(
                        Recording.open(directory.resolve("recording")), dataflow, ReplayOptions.DEFAULT.flatOut());
                RunningDataflow running = replay.dataflow().start(cluster.client(), options)) {
            replay.feed(running);
            assertThat(running.await(PATIENCE).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(running.status().node("add").received()).isEqualTo(1_000);
            tap.get().completion().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(numbers).isEqualTo(LongStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void shouldExitWith1WhenADataflowThatIsFedFails() throws Exception {
        Path flow = recorded("config: {failAt: 500}");

        int code = millrace("replay", recording(), "--into", flow.toString(), "--speed", "0", "--json");

        assertThat(code).as(streams.err()).isEqualTo(ExitCode.FAILED);
        assertThat(streams.out()).contains("I do not like the number 500");
    }

    @Test
    void shouldTellProgramsTheExitCodeWhenARecordingBreaksInTheMiddle() throws Exception {
        Path flow = recorded("");
        try (FileChannel file =
                FileChannel.open(RecordReplayTest.file(directory.resolve("recording")), StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(4).putInt(0, 0xFFFF_FF7F); // 2 GiB of payload
            file.write(length, RecordReplayTest.placeOf(500, directory.resolve("recording")));
        }

        int code = millrace("replay", recording(), "--into", flow.toString(), "--speed", "0", "--json");

        assertThat(code).as(streams.err()).isEqualTo(ExitCode.INVALID);
        assertThat(streams.out())
                .contains("\"exitCode\": 2,", "\"messages\": 500,", "\"failure\": \"")
                .containsOnlyOnce("exitCode");
        assertThat(streams.err()).contains("the recording is damaged");
    }

    @Test
    void shouldRefuseToFeedNothingIntoACluster() throws Exception {
        recorded("");
        assertThat(millrace("replay", recording())).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("--join says where the dataflow is to run: name it with --into");
    }

    @Test
    void shouldSaySoWhenANodeIsToRunAgainWhoseJobHasEnded() {
        Job job = submit(NUMBERS.formatted("", ""));
        await().atMost(PATIENCE).until(() -> now(job).state().isFinal());

        assertThat(millrace("node", "restart", "add", "--job", job.id())).isEqualTo(3);
        assertThat(millrace("node", "stop", "add", "--job", job.id())).isEqualTo(3);

        assertThat(streams.out()).isEmpty();
        assertThat(streams.err())
                .contains("error: node 'add' does not run any more: job 'sum' is FINISHED, its part is ENDED");
    }

    @Test
    void shouldSaySoWhenANodeIsToRunAgainThatHasEnded() {
        Job job = submit(TELLING);
        assertThat(millrace("node", "stop", "near")).isZero();
        await().atMost(PATIENCE)
                .until(() -> cluster.client()
                        .attach(job.id())
                        .status()
                        .node("near")
                        .state()
                        .isFinal());

        assertThat(millrace("node", "restart", "near")).isEqualTo(3);

        assertThat(streams.err()).contains("error: node 'near' of job 'telling' has ended: it is stopped");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldTakeAJobBackWhenItIsInterruptedWhileItWaitsForAMachine() throws Exception {
        Path file = directory.resolve("flow.yml");
        Files.writeString(file, NUMBERS.formatted("deploy: {machine: never}", ""));
        try (MillraceProcess start = MillraceProcess.start(
                directory, "start", file.toString(), "--place-timeout", "10m", "--name", "waiting", "--join", join())) {
            await().atMost(PATIENCE).until(() -> cluster.client().job("waiting").isPresent());
            start.signal("INT");

            assertThat(start.exitCode()).isEqualTo(130);
            assertThat(start.err()).contains("job 'waiting' was taken back before it ran");
            assertThat(cluster.client().job("waiting").orElseThrow().state()).isEqualTo(Job.State.STOPPED);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldTakeAReplayBackWhenItIsInterruptedWhileItWaitsForAMachine() throws Exception {
        Path flow = recorded("deploy: {machine: never}");
        try (MillraceProcess replay = MillraceProcess.start(
                directory, "replay", recording(), "--into", flow.toString(), "--name", "held-up", "--join", join())) {
            await().atMost(PATIENCE).until(() -> cluster.client().job("held-up").isPresent());
            replay.signal("INT");

            assertThat(replay.exitCode()).isEqualTo(130);
            assertThat(replay.err()).contains("job 'held-up' was taken back before it ran");
            assertThat(cluster.client().job("held-up").orElseThrow().state()).isEqualTo(Job.State.STOPPED);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldLeaveInOrderWhenNodesNameTheMachine() throws Exception {
        try (MillraceProcess executor = MillraceProcess.start(
                directory,
                "executor",
                "--machine-id",
                "c",
                "--addr",
                "127.0.0.1:0",
                "--working-dir",
                directory.resolve("c").toString(),
                "--grace",
                "500ms",
                "--join",
                join())) {
            Job job = submit(TELLING.replace("machine: b", "machine: c"));
            awaitLogged(job, "there");

            executor.signal("TERM");

            assertThat(executor.exitCode()).isZero();
            assertThat(executor.err()).contains("executor 'c' ends what has neither ended nor moved within");
            assertThat(cluster.client().executors().stream()
                            .filter(each -> each.machineId().equals("c"))
                            .map(ExecutorStatus::condition))
                    .containsExactly(ExecutorStatus.Condition.LEFT);
            cluster.client().stop(job.id(), Duration.ZERO);
        }
    }

    @Test
    void shouldShowWhoLeadsAndHowTheLeasesStand() {
        String leader = cluster.awaitLeader().name();

        assertThat(millrace("status")).isZero();

        assertThat(streams.out()).containsPattern(leader + " +leads +127.0.0.1:[0-9]+ +[0-9]+\n");
        assertThat(streams.out()).containsPattern("\na +joined .* heard [0-9.]+ s ago.*\n[\\s\\S]*\nNAME +STATE");
        assertThat(millrace("status", "--json")).isZero();
        assertThat(streams.out()).contains("\"leader\": \"" + leader + "\"", "\"connected\": true", "\"leftMs\": ");
    }

    @Test
    void shouldShowHowMessagesTravelAndHowManyWhenAJobRuns() throws Exception {
        Job job = submit(TICKING);
        await().atMost(PATIENCE).until(() -> sent(job) > 10);

        assertThat(millrace("status", job.id())).isZero();

        assertThat(streams.out())
                .containsPattern("\nEDGE +FORM +SENT +RECEIVED +LOST\n")
                .containsPattern("\nticking/op/numbers -> other/op/in +[a-z-]+ ring +[0-9]+ +[0-9]+ +0\n");
        assertThat(millrace("status", job.id(), "--json")).isZero();
        assertThat(streams.out()).contains("\"edge\": \"ticking/op/numbers -> other/op/in\"", "\"form\": \"");
        cluster.client().stop(job.id(), Duration.ofSeconds(10));
    }

    @Test
    void shouldPrintWhatAnExecutorWarnsOfWhenAJobStarts() throws Exception {
        Path tool = Files.writeString(directory.resolve("tool.sh"), "#!/bin/sh\necho done\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: warned
                nodes:
                  - id: script
                    path: %s
                    deploy: {machine: a, local: false}
                """.formatted(tool));

        int code = millrace("start", flow.toString());

        Job job = cluster.client().job("warned").orElseThrow();
        assertThat(job.findings()).first().satisfies(found -> {
            assertThat(found.machineId()).isEqualTo("a");
            assertThat(found.problem().isError()).isFalse();
            assertThat(found.problem().location().line()).isEqualTo(3);
        });
        assertThat(streams.err()).containsPattern("flow\\.yml:3:9: warning: node 'script' on machine 'a'.*home");
        assertThat(cluster.client().attach(job.id()).findings()).anyMatch(problem -> !problem.isError());
        assertThat(code)
                .as("a program that does not subscribe is no file that cannot be used")
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void shouldSayInOneGoWhatAllMachinesAndVariablesLack() throws Exception {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                name: lacking
                nodes:
                  - id: one
                    path: $NO_SUCH_VARIABLE_HERE/tool
                    deploy: {machine: a, local: false}
                  - id: two
                    class: no.such.Type
                    deploy: {machine: a}
                  - id: three
                    class: no.such.Other
                    deploy: {machine: b}
                  - id: four
                    class: no.such.Third
                    classpath: [$NO_SUCH_VARIABLE_HERE/classes, /no/such/place/classes]
                    deploy: {machine: b, local: false}
                  - id: five
                    path: $NO_SUCH_VARIABLE_HERE/tool
                    deploy: {machine: b, local: false, working_dir: /no/such/place/dir}
                  - id: six
                    path: ${NO_SUCH_DIRECTORY:-bin}/$NO_OTHER_VARIABLE/tool
                    deploy: {machine: b, local: false}
                  - id: seven
                    path: ${NO_SUCH_DIRECTORY:-/bin}/$NO_THIRD_VARIABLE/tool
                    deploy: {machine: b, local: false}
                """);

        assertThat(millrace("start", flow.toString())).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err())
                .containsPattern("flow\\.yml:3.*NO_SUCH_VARIABLE_HERE")
                .containsPattern("flow\\.yml:6.*no\\.such\\.Type")
                .containsPattern("flow\\.yml:9.*no\\.such\\.Other")
                .containsPattern("node 'four', classpath, on machine 'b'.*NO_SUCH_VARIABLE_HERE")
                .containsPattern("flow\\.yml:1[2-5].*/no/such/place/classes")
                .containsPattern("node 'five', path, on machine 'b'.*NO_SUCH_VARIABLE_HERE")
                .containsPattern("node 'six', path, on machine 'b'.*NO_OTHER_VARIABLE")
                .containsPattern("node 'six' on machine 'b' has the relative path '.*/tool': give it a working_dir")
                .containsPattern("node 'seven', path, on machine 'b'.*NO_THIRD_VARIABLE")
                .doesNotContainPattern("node 'seven'.* has the relative path");
        assertThat(streams.err().lines().filter(line -> line.contains("NO_SUCH_VARIABLE_HERE")))
                .as("each variable is told of once, and not its consequences")
                .hasSize(3);
    }
}
