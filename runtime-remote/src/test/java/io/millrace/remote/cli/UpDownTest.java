package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.HostPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster on this machine as its user sees it: real processes, on ports that were free a moment ago. */
@Tag("slow")
class UpDownTest {
    private static final String FLOW = """
            name: counting
            nodes:
              - id: count
                operator:
                  class: io.millrace.remote.cli.nodes.Ticking
                  inputs: {tick: dora/timer/millis/20}
                  outputs: [numbers]
              - id: again
                operator:
                  class: io.millrace.remote.cli.nodes.Ticking
                  inputs: {in: count/op/numbers}
                  outputs: [numbers]
            """;

    @TempDir
    private Path directory;

    private String master;
    private String raft;
    private String executor;
    private Streams streams = new Streams();

    @BeforeEach
    void findPorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sockets.add(new ServerSocket(0));
        }
        master = "127.0.0.1:" + sockets.get(0).getLocalPort();
        raft = "127.0.0.1:" + sockets.get(1).getLocalPort();
        executor = "127.0.0.1:" + sockets.get(2).getLocalPort();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }

    @AfterEach
    void end() throws IOException {
        for (String name : List.of("executor", "master")) {
            new BackgroundProcess(name, home()).find().ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private Path home() {
        return directory.resolve("home");
    }

    private int millrace(String... arguments) {
        streams = new Streams();
        return streams.execute(arguments);
    }

    private void up() {
        assertThat(millrace(
                        "up",
                        "--dir",
                        home().toString(),
                        "--master-addr",
                        master,
                        "--raft-addr",
                        raft,
                        "--executor-addr",
                        executor,
                        "--timeout",
                        "120s"))
                .as(streams.err())
                .isZero();
    }

    @Test
    void shouldStartNothingWhenSomebodyElseListensWhereTheMasterIsTo() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            assertThat(millrace(
                            "up",
                            "--dir",
                            home().toString(),
                            "--master-addr",
                            "127.0.0.1:" + other.getLocalPort(),
                            "--raft-addr",
                            raft,
                            "--executor-addr",
                            executor))
                    .isEqualTo(ExitCode.FAILED);
        }

        assertThat(streams.err())
                .contains("listens somebody who is not the master of '" + home() + "'", "--master-addr");
        assertThat(new BackgroundProcess("master", home()).find()).isEmpty();
        assertThat(new BackgroundProcess("executor", home()).find()).isEmpty();
    }

    @Test
    void shouldWaitForTheExecutorThatItStartsWhenTheMastersStillKnowTheOneThatWasKilled() throws Exception {
        up();
        String killed = instance();
        ProcessHandle process = processes().get(1);
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive());

        up();

        assertThat(instance()).isNotEqualTo(killed);
    }

    @Test
    void shouldSayWhereTheMasterListensThatRunsAlreadyWhenAskedForAnotherPlace() {
        up();

        assertThat(millrace("up", "--dir", home().toString(), "--master-addr", "127.0.0.1:1"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(streams.err())
                .contains("runs already, and listens at " + master + ", not at 127.0.0.1:1", "--master-addr " + master);
    }

    @Test
    void shouldSayAtOnceWhereTheExecutorIsThatRunsAlreadyWhenAskedForAnotherPlaceOrName() {
        up();
        String[] again = {"up", "--dir", home().toString(), "--master-addr", master, "--executor-addr"};

        for (List<String> other : List.of(List.of("127.0.0.1:1"), List.of(executor, "--machine-id", "boat"))) {
            List<String> command = new ArrayList<>(List.of(again));
            command.addAll(other);
            assertThat(millrace(command.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);

            assertThat(streams.err())
                    .contains(
                            "error: the executor of '" + home() + "' runs already, and listens at " + executor
                                    + " as machine 'local', not at " + other.get(0) + " as machine '",
                            "say --executor-addr " + executor + " --machine-id local, or end it");
        }
    }

    private String instance() {
        ClusterConfig config = ClusterConfig.builder()
                .masters(List.of(HostPort.parse(master, 0)))
                .build();
        try (Cluster cluster = Cluster.connect(config)) {
            return cluster.executors().get(0).instance();
        }
    }

    private int onCluster(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--join", master, "--timeout", "60s"));
        return millrace(all.toArray(String[]::new));
    }

    @Test
    void shouldRunAndListAndStopAJobAndBeGoneAfterwards() throws Exception {
        up();
        assertThat(streams.out()).contains("executor 'local'", executor, "master.log");

        Path flow = Files.writeString(directory.resolve("flow.yml"), FLOW);
        assertThat(onCluster("start", flow.toString(), "--name", "first", "--detach"))
                .as(streams.err())
                .isZero();
        assertThat(onCluster("list")).isZero();
        assertThat(streams.out()).containsPattern("first +running +.* 2  local");
        assertThat(onCluster("start", flow.toString(), "--name", "first", "--detach"))
                .as("the name is taken")
                .isEqualTo(ExitCode.REFUSED);
        assertThat(onCluster("echo", "count/op/numbers", "--limit", "2")).isZero();
        assertThat(streams.out().lines()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(onCluster("echo", "count/nothing")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(onCluster("stop", "first")).isZero();
        assertThat(streams.out()).isEqualTo("job 'first' stopped\n");
        assertThat(onCluster("status", "first", "--json")).isZero();
        assertThat(streams.out()).contains("\"state\": \"stopped\"");

        List<ProcessHandle> processes = processes();
        assertThat(millrace("down", "--dir", home().toString())).isZero();
        assertThat(streams.out()).isEqualTo("executor stopped\nmaster stopped\n");
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void shouldKnowItsJobsAgainWhenBothWereKilled() throws Exception {
        up();
        Path flow = Files.writeString(directory.resolve("flow.yml"), FLOW);
        assertThat(onCluster("start", flow.toString(), "--detach"))
                .as(streams.err())
                .isZero();
        List<ProcessHandle> killed = processes();
        killed.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(60)).until(() -> killed.stream().noneMatch(ProcessHandle::isAlive));

        up();

        assertThat(processes()).doesNotContainAnyElementsOf(killed);
        assertThat(onCluster("status", "counting")).isZero();
        assertThat(streams.out()).startsWith("job 'counting' (");
        assertThat(millrace("down", "--dir", home().toString())).isZero();
    }

    private List<ProcessHandle> processes() throws IOException {
        return List.of(
                new BackgroundProcess("master", home()).find().orElseThrow(),
                new BackgroundProcess("executor", home()).find().orElseThrow());
    }
}
