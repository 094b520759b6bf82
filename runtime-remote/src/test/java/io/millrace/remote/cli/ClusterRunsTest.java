package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.remote.Job;
import io.millrace.remote.JobLog;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.StartOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
        all.add("127.0.0.1:" + cluster.awaitLeader().address().getPort());
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
        String join = "127.0.0.1:" + cluster.awaitLeader().address().getPort();
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
}
