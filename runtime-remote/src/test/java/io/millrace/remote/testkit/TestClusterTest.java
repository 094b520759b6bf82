package io.millrace.remote.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.remote.ExecutorStatus;
import io.millrace.remote.HostPort;
import io.millrace.remote.Master;
import io.millrace.remote.TwoMachines;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class TestClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldDeliverEveryMessageWhenLeaderIsKilledAndMachinesAreCutMeanwhile() throws Exception {
        Path directory;
        try (TestCluster cluster =
                TestCluster.builder().masters(3).executors("a", "b").start()) {
            directory = cluster.directory();
            RunningDataflow running = Dataflow.parse(TwoMachines.FLOW).start(cluster.client());
            Publisher driver = running.publisher("driver");
            driver.send("pattern 20000 16", Duration.ofSeconds(30));
            String first = cluster.awaitLeader().name();
            cluster.cut("a", "b");
            cluster.kill(first);
            Master second = cluster.awaitLeader();
            cluster.heal("a", "b");
            cluster.restart(first);
            driver.close();
            assertThat(running.await(PATIENCE).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(second.name()).isNotEqualTo(first);
            assertThat(running.status().node("sink").received()).isEqualTo(20_000);
            await().atMost(PATIENCE).until(() -> cluster.master(first).leader().isPresent());
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldCountExecutorAsLostUntilItIsRestarted() {
        try (TestCluster cluster = TestCluster.builder().executors("a").start()) {
            cluster.kill("a");
            await().atMost(PATIENCE).until(() -> condition(cluster) == ExecutorStatus.Condition.LOST);
            assertThatThrownBy(() -> cluster.executor("a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no executor 'a' runs here; there are []");
            cluster.restart("a");
            await().atMost(PATIENCE).until(() -> condition(cluster) == ExecutorStatus.Condition.JOINED);
        }
    }

    private static ExecutorStatus.Condition condition(TestCluster cluster) {
        return cluster.client().executors().get(0).condition();
    }

    @Test
    void shouldReachEveryOtherMasterByWaysOfItsOwnWhoeverLeads() {
        try (TestCluster cluster = TestCluster.builder().masters(3).start()) {
            for (String other : List.of("m2", "m3")) {
                String leader = cluster.awaitLeader().name();
                cluster.kill(leader);
                String next = cluster.awaitLeader().name();
                cluster.restart(leader);
                await().atMost(PATIENCE)
                        .until(() -> cluster.master(leader).leader().isPresent());
                for (String peer : List.of("m1", "m2", "m3")) {
                    assertThat(peer.equals(next) || cluster.network().dialled(next, peer) > 0)
                            .as("%s, which leads, has dialled %s itself (round for %s)", next, peer, other)
                            .isTrue();
                }
            }
        }
    }

    /** Left to itself, gRPC would wait longer each time: for minutes before the sixteenth. */
    @Test
    void shouldGoOnCallingTheOthersWhenNobodyLeads() {
        try (TestCluster cluster =
                TestCluster.builder().masters(3).lease(Duration.ofSeconds(3)).start()) {
            cluster.kill("m1");
            cluster.kill("m2");
            await().atMost(PATIENCE)
                    .until(() -> cluster.network().dialled("m3", "m1") >= 16
                            && cluster.network().dialled("m3", "m2") >= 16);
            cluster.restart("m1");
            cluster.awaitLeader();
        }
    }

    @Test
    void shouldKeepDirectoryWhenGiven(@org.junit.jupiter.api.io.TempDir Path directory) {
        TestCluster.builder().directory(directory).start().close();
        assertThat(Files.isDirectory(directory.resolve("m1"))).isTrue();
    }

    @Test
    void shouldLetConnectionsOvertakeEachOtherWhenTheNetworkReorders() throws Exception {
        List<Integer> arrived = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FaultyNetwork network = new FaultyNetwork()) {
            HostPort there = new HostPort("127.0.0.1", server.getLocalPort());
            network.add("b", there);
            HostPort way = network.route("a", there);
            network.reorder("a", "b", Duration.ofMillis(50));
            try (Socket even = new Socket(way.host(), way.port());
                    Socket odd = new Socket(way.host(), way.port())) {
                for (int i = 0; i < 2; i++) {
                    Socket taken = server.accept();
                    new Thread(() -> readInto(arrived, taken), "reader").start();
                }
                for (int number = 0; number < 60; number++) {
                    (number % 2 == 0 ? even : odd).getOutputStream().write(number);
                }
                await().atMost(PATIENCE).until(() -> arrived.size() == 60);
            }
        }
        assertThat(arrived).isNotEqualTo(arrived.stream().sorted().toList());
        assertThat(arrived.stream().filter(number -> number % 2 == 0)).isSorted();
        assertThat(arrived.stream().filter(number -> number % 2 == 1)).isSorted();
    }

    private static void readInto(List<Integer> arrived, Socket taken) {
        try (taken) {
            for (int number = taken.getInputStream().read();
                    number >= 0;
                    number = taken.getInputStream().read()) {
                arrived.add(number);
            }
        } catch (IOException e) { // it is reset in the end
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void shouldDeliverEveryMessageWhenTheNetworkReorders() throws Exception {
        try (TestCluster cluster = TestCluster.builder().executors("a", "b").start()) {
            for (String member : List.of("a", "b", TestCluster.CLIENT)) {
                cluster.reorder(member, "m1", Duration.ofMillis(50));
            }
            RunningDataflow running = Dataflow.parse(TwoMachines.FLOW).start(cluster.client());
            cluster.reorder("a", "b", Duration.ofMillis(20));
            try (Publisher driver = running.publisher("driver")) {
                driver.send("pattern 2000 16", Duration.ofSeconds(30));
            }
            assertThat(running.await(PATIENCE).state()).isEqualTo(DataflowState.FINISHED);
            assertThat(running.status().node("sink").received()).isEqualTo(2_000);
        }
    }

    @Test
    void shouldRefuseMembersThatThereAreNot() {
        assertThatThrownBy(() -> TestCluster.builder().executors("m1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another member is called 'm1' already");
        assertThatThrownBy(() -> TestCluster.builder().masters(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 9 masters, found 0");
        try (FaultyNetwork network = new FaultyNetwork()) {
            assertThatThrownBy(() -> network.cut("a", "b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no member 'a' is on this network");
        }
    }
}
