package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.remote.client.OutputLostException;
import io.millrace.remote.link.LogLines;
import io.millrace.remote.nodes.Diary;
import io.millrace.remote.nodes.Holder;
import io.millrace.remote.testkit.FaultyProxy;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Tap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What runs survives the loss of masters and of machines. */
@Tag("slow")
@ExtendWith(Diary.Fresh.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SurvivalTest {
    @RegisterExtension
    final LogLines refusals = new LogLines("io.millrace.remote");

    @TempDir
    Path directory;

    private static Dataflow flow(String name, String beatAt, String witnessAt) {
        return Dataflow.parse("""
                name: %1$s
                queue_policy: backpressure
                nodes:
                  - id: beat
                    class: io.millrace.remote.nodes.Beat
                    config: {diary: %1$s}
                    deploy: %2$s
                    inputs: {tick: dora/timer/millis/20}
                    outputs: [out]
                  - id: witness
                    class: io.millrace.remote.nodes.Witness
                    config: {diary: %1$s}
                    deploy: %3$s
                    inputs: {in: beat/out}
                """.formatted(name, beatAt, witnessAt));
    }

    private static int count(String diary, String node, String what) {
        return Diary.of(diary, node, what).size();
    }

    private static Diary.Line last(String diary, String node, String what) {
        List<Diary.Line> lines = Diary.of(diary, node, what);
        return lines.get(lines.size() - 1);
    }

    private static void awaitMore(String diary, String node, String what, int more) {
        int before = count(diary, node, what);
        until(node + " says '" + what + "' again", () -> count(diary, node, what) >= before + more);
    }

    @Test
    void shouldGoOnUndisturbedWhenTheLeadingMasterIsGone() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 3)) {
            cluster.join("a");
            cluster.join("b");
            RunningDataflow running =
                    flow("leaderless", "{machine: a}", "{machine: b}").start(cluster.client());
            List<DataflowEvent> events = new CopyOnWriteArrayList<>();
            running.listen(events::add);
            awaitMore("leaderless", "witness", "in", 20);

            cluster.closeLeader();
            awaitMore("leaderless", "witness", "in", 50);
            cluster.leader();
            until("its status is known", () -> running.status().node("witness").received() > 50);
            cluster.client().stop("leaderless", Duration.ofSeconds(5));
            DataflowResult result = running.await(Duration.ofSeconds(60));

            assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
            assertThat(events).contains(new DataflowEvent.StateChanged(DataflowState.STOPPED));
            assertThat(count("leaderless", "witness", "restarted")).isZero();
            assertThat(Diary.of("leaderless", "witness", "in").stream().map(Diary.Line::detail))
                    .doesNotHaveDuplicates();
            assertThat(Diary.of("leaderless", "witness", "in").stream()
                            .map(line -> Long.parseLong(line.detail()))
                            .toList())
                    .isSorted();
        }
    }

    @Test
    void shouldStopTheJobWhenTheLeaderChangesMeanwhile() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 3)) {
            cluster.join("a");
            cluster.join("b");
            RunningDataflow running =
                    flow("interrupted", "{machine: a}", "{machine: b}").start(cluster.client());
            awaitMore("interrupted", "witness", "in", 5);

            CompletionStage<DataflowResult> stopped = running.stop(Duration.ofSeconds(5));
            cluster.closeLeader();

            DataflowResult result = stopped.toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
            assertThat(count("interrupted", "beat", "close")).isEqualTo(1);
            assertThat(count("interrupted", "witness", "close")).isEqualTo(1);
        }
    }

    @Test
    void shouldRunMovableNodesElsewhereWhenTheirMachineDies() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a", config -> config.labels(Map.of("kind", "worker")));
            cluster.join("b");
            RunningDataflow running =
                    flow("moving", "{labels: {kind: worker}}", "{machine: b}").start(cluster.client());
            awaitMore("moving", "witness", "in", 20);
            cluster.join("c", config -> config.labels(Map.of("kind", "worker")));
            Diary.Line first = last("moving", "beat", "open");
            assertThat(first.machine()).isEqualTo("a");

            cluster.executor("a").kill();
            until("it runs on c", () -> last("moving", "beat", "open").machine().equals("c"));
            awaitMore("moving", "witness", "in", 5);

            Diary.Line second = last("moving", "beat", "open");
            assertThat(second.incarnation()).isEqualTo(1);
            assertThat(second.epoch()).isGreaterThan(first.epoch());
            assertThat(Long.parseLong(second.detail())).isPositive();
            assertThat(Diary.of("moving", "witness", "restarted")).hasSize(1);
            assertThat(Diary.of("moving", "witness", "closed")).isEmpty();
            assertThat(cluster.job("moving").degraded()).isEmpty();
            running.close();
            assertThat(running.state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldWaitForTheMachineOfPinnedNodesWhenItDies() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            cluster.join("b");
            RunningDataflow running =
                    flow("waiting", "{machine: a}", "{machine: b}").start(cluster.client());
            awaitMore("waiting", "witness", "in", 20);
            Diary.Line first = last("waiting", "beat", "open");

            cluster.executor("a").kill();
            until("the job is degraded", () -> cluster.job("waiting").degraded().isPresent());
            assertThat(cluster.job("waiting").degraded()).hasValue("machine 'a' is lost, and nodes [beat] wait for it");
            assertThat(cluster.job("waiting").state()).isEqualTo(Job.State.RUNNING);

            cluster.join("a");
            awaitMore("waiting", "witness", "in", 5);
            Diary.Line second = last("waiting", "beat", "open");
            assertThat(second.incarnation()).isEqualTo(1);
            assertThat(second.epoch()).isGreaterThan(first.epoch());
            assertThat(Diary.of("waiting", "witness", "restarted")).hasSize(1);
            until(
                    "nothing is wrong any more",
                    () -> cluster.job("waiting").degraded().equals(Optional.empty()));
            running.close();
        }
    }

    @Test
    void shouldStopMovableNodesAndKeepPinnedOnesWhenNoMasterCanBeReached() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1);
                FaultyProxy proxy = new FaultyProxy(cluster.leader().address())) {
            HostPort through = new HostPort("127.0.0.1", proxy.address().getPort());
            cluster.join("a", config -> config.masters(List.of(through)));
            cluster.join("b");
            RunningDataflow pinned =
                    flow("cut-pinned", "{machine: a}", "{machine: b}").start(cluster.client());
            awaitMore("cut-pinned", "witness", "in", 10);
            cluster.client().drain("b");
            RunningDataflow movable = flow("cut-movable", "{}", "{}").start(cluster.client());
            awaitMore("cut-movable", "witness", "in", 10);
            assertThat(last("cut-movable", "beat", "open").machine()).isEqualTo("a");

            proxy.blackHole();
            until("movable nodes end with the lease", () -> count("cut-movable", "beat", "close") == 1);
            assertThat(count("cut-pinned", "beat", "close")).isZero();
            until(
                    "the masters count the machine as lost",
                    () -> cluster.job("cut-pinned").degraded().isPresent());
            awaitMore("cut-pinned", "witness", "in", 20);

            proxy.breakConnections();
            proxy.heal();
            until(
                    "the machine is known again",
                    () -> cluster.job("cut-pinned").degraded().isEmpty());
            awaitMore("cut-pinned", "witness", "in", 5);
            assertThat(Diary.of("cut-pinned", "beat", "open")).hasSize(1);
            assertThat(Diary.of("cut-pinned", "witness", "restarted")).isEmpty();
            until("movable nodes run again", () -> count("cut-movable", "beat", "open") == 2);
            assertThat(last("cut-movable", "beat", "open").incarnation()).isEqualTo(1);
            pinned.close();
            movable.close();
        }
    }

    @Test
    void shouldBeginWithTheLastCheckpointWhenItWasLeftWhileNoMasterLed() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            RunningDataflow running = flow("unled", "{}", "{}").start(cluster.client());
            awaitMore("unled", "witness", "in", 10);

            Master gone = cluster.closeLeader();
            long before = Long.parseLong(last("unled", "beat", "beat").detail());
            until("movable nodes end with the lease", () -> count("unled", "beat", "close") == 1);
            assertThat(Long.parseLong(last("unled", "beat", "close").detail())).isGreaterThan(before);
            cluster.startMaster(gone.name());
            until("movable nodes run again", () -> count("unled", "beat", "open") == 2);

            assertThat(last("unled", "beat", "open").detail())
                    .isEqualTo(last("unled", "beat", "close").detail());
            running.close();
        }
    }

    @Test
    void shouldBeginWithTheLastCheckpointWhenItsExecutorWasClosedWhileNoMasterLed() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            Executor a = cluster.join("a");
            RunningDataflow running = flow("handed", "{}", "{}").start(cluster.client());
            awaitMore("handed", "witness", "in", 10);

            Master gone = cluster.closeLeader();
            awaitMore("handed", "beat", "beat", 10);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(a::close);
            until("its node has ended", () -> count("handed", "beat", "close") == 1);
            cluster.startMaster(gone.name());
            closing.get(60, TimeUnit.SECONDS);
            cluster.join("b");
            until("it runs on b", () -> count("handed", "beat", "open") == 2);

            assertThat(last("handed", "beat", "open").detail())
                    .isEqualTo(last("handed", "beat", "close").detail());
            running.close();
        }
    }

    @Test
    void shouldSayThatItIsGoneOnlyWhenNothingRunsWhenItsEndIsInterrupted() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            Executor a = cluster.join("a", config -> config.dropGrace(Duration.ofSeconds(60)));
            RunningDataflow running = Dataflow.parse("""
                            name: held
                            nodes: [{id: holder, class: io.millrace.remote.nodes.Holder, inputs: {tick: dora/timer/millis/20}}]
                            """).start(cluster.client());
            until("it runs", () -> Holder.HANDLED.getCount() == 0);

            Thread closing = new Thread(() -> {
                Thread.currentThread().interrupt();
                a.close();
            });
            closing.start();
            until("its node is closed", () -> Holder.CLOSING.getCount() == 0);
            closing.join(500);
            assertThat(closing.isAlive()).as("it waits for its node").isTrue();
            assertThat(cluster.client().executors().get(0).condition()).isEqualTo(ExecutorStatus.Condition.JOINED);
            Holder.RELEASED.countDown();
            closing.join();

            until("it has left", () -> cluster.job("held").degraded().isPresent());
            running.close();
        }
    }

    @Test
    void shouldMoveNodesWithoutOverlapWhenTheirMachineIsDrained() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a", config -> config.labels(Map.of("kind", "worker")));
            cluster.join("b", config -> config.labels(Map.of("kind", "witness")));
            RunningDataflow running = flow("drained", "{labels: {kind: worker}}", "{labels: {kind: witness}}")
                    .start(cluster.client());
            awaitMore("drained", "witness", "in", 10);
            cluster.join("c", config -> config.labels(Map.of("kind", "worker")));

            cluster.client().drain("a");
            until(
                    "it runs on c",
                    () -> last("drained", "beat", "open").machine().equals("c"));
            awaitMore("drained", "witness", "in", 5);

            assertThat(last("drained", "beat", "close").atNs())
                    .isLessThan(last("drained", "beat", "open").atNs());
            assertThat(last("drained", "beat", "open").detail())
                    .isEqualTo(last("drained", "beat", "close").detail());
            assertThat(Diary.of("drained", "witness", "closed")).isEmpty();
            assertThat(Diary.of("drained", "witness", "restarted")).hasSize(1);
            running.close();
            assertThat(running.state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldGoOnReceivingWhenTheNodeIsMovedInOrder() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a", config -> config.labels(Map.of("kind", "worker")));
            RunningDataflow running =
                    flow("followed", "{labels: {kind: worker}}", "{}").start(cluster.client());
            List<Long> tapped = new CopyOnWriteArrayList<>();
            Tap tap = running.tap(
                    List.of("beat/out"),
                    SubscribeOptions.backpressure(100),
                    (output, message) -> tapped.add(Long.parseLong(message.text())));
            until("messages come", () -> tapped.size() > 10);
            cluster.join("c", config -> config.labels(Map.of("kind", "worker")));

            cluster.client().drain("a");
            until(
                    "it runs on c",
                    () -> last("followed", "beat", "open").machine().equals("c"));
            long before = Long.parseLong(last("followed", "beat", "close").detail());
            until("messages come from there", () -> tapped.get(tapped.size() - 1) > before + 5);

            assertThat(tapped).isSorted().doesNotHaveDuplicates();
            assertThat(tapped)
                    .as("all that was sent before it moved")
                    .containsAll(LongStream.rangeClosed(tapped.get(0), before)
                            .boxed()
                            .toList());
            tap.end().toCompletableFuture().get(30, TimeUnit.SECONDS);
            running.close();
        }
    }

    @Test
    void shouldEndATapWithTheReasonWhenTheJobHasFailedWithItsMachine() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a", config -> config.labels(Map.of("kind", "worker")));
            cluster.join("b");
            RunningDataflow running = Dataflow.parse("""
                            name: bereft
                            on_failure: stop
                            nodes:
                              - id: beat
                                class: io.millrace.remote.nodes.Beat
                                config: {diary: bereft}
                                deploy: {labels: {kind: worker}}
                                restart_policy: never
                                inputs: {tick: dora/timer/millis/20}
                                outputs: [out]
                              - id: witness
                                class: io.millrace.remote.nodes.Witness
                                config: {diary: bereft}
                                deploy: {machine: b}
                                inputs: {in: beat/out}
                            """).start(cluster.client());
            Tap tap = running.tap(List.of("beat/out"), SubscribeOptions.backpressure(100), (output, message) -> {});
            Tap ended = running.tap(List.of("beat/out"), SubscribeOptions.backpressure(100), (output, message) -> {});
            awaitMore("bereft", "witness", "in", 5);

            cluster.executor("a").kill();
            assertThat(running.await(Duration.ofSeconds(60)).state()).isEqualTo(DataflowState.FAILED);

            assertThatThrownBy(() -> ended.end().toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(OutputLostException.class)
                    .hasMessageContaining("machine 'a' has not heard that no more is wanted");
            assertThatThrownBy(() -> tap.completion().toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(OutputLostException.class)
                    .hasMessageContaining("its job has ended, and nobody has said that all of it has come");
        }
    }

    @Test
    void shouldRunNodesElsewhereAtOnceWhenTheirExecutorIsClosed() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a", config -> config.labels(Map.of("kind", "worker")));
            cluster.join("b");
            RunningDataflow running =
                    flow("closed", "{labels: {kind: worker}}", "{machine: b}").start(cluster.client());
            awaitMore("closed", "witness", "in", 10);
            cluster.join("c", config -> config.labels(Map.of("kind", "worker")));

            cluster.executor("a").close();
            until("it runs on c", () -> last("closed", "beat", "open").machine().equals("c"));
            awaitMore("closed", "witness", "in", 5);

            assertThat(last("closed", "beat", "close").atNs())
                    .isLessThan(last("closed", "beat", "open").atNs());
            assertThat(cluster.job("closed").history())
                    .anySatisfy(entry -> assertThat(entry.text())
                            .isEqualTo("machine 'a' has left (closed): its nodes [beat] are placed again"));
            running.close();
        }
    }

    @Test
    void shouldBeLetInWhenTheFormerProcessOfTheMachineHasLostItsLease() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            cluster.executor("a").kill();

            Executor again = cluster.begin("a", config -> config);
            until("the masters have refused it", () -> refusals.count(".*machine id 'a' is .*") > 0);
            assertThat(again.registered().toCompletableFuture()).isNotDone();
            again.awaitRegistered(QuickCluster.PATIENCE);

            assertThat(refusals.count(
                            "executor 'a' is refused by the masters, and goes on trying: machine id 'a' is .*"))
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseAnExecutorWhenAnotherOneHasItsMachineId() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            try (Executor other = Executor.start(cluster.config("a")
                    .workingDirectory(directory.resolve("other"))
                    .build())) {
                until("it is refused", () -> refusals.count("executor 'a' is refused by the masters.*") == 1);
                until("the master has said so", () -> refusals.count("executor 'a'.* is refused: .*") == 1);
                assertThat(other.registered().toCompletableFuture()).isNotDone();
            }
            assertThat(cluster.client().executors()).hasSize(1);
        }
    }

    @Test
    void shouldRunANodeAgainWhenThatIsAsked() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            cluster.join("b");
            RunningDataflow running =
                    flow("asked", "{machine: a}", "{machine: b}").start(cluster.client());
            awaitMore("asked", "witness", "in", 5);

            cluster.client().restartNode("asked", "beat");
            until("it runs again", () -> count("asked", "beat", "open") == 2);
            until("its consumer knows", () -> count("asked", "witness", "restarted") > 0);
            awaitMore("asked", "witness", "in", 5);
            assertThat(last("asked", "beat", "open").incarnation()).isEqualTo(1);
            assertThat(last("asked", "beat", "open").detail()).isNotEqualTo("0");
            assertThat(count("asked", "witness", "closed")).isZero();
            assertThat(count("asked", "witness", "failed")).isEqualTo(1);
            assertThat(count("asked", "witness", "restarted")).isEqualTo(1);

            cluster.client().stopNode("asked", "beat");
            DataflowResult result = running.await(Duration.ofSeconds(60));
            assertThat(count("asked", "witness", "closed")).isEqualTo(1);
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.status().node("beat").state()).isEqualTo(NodeState.STOPPED);
            assertThat(result.status().node("witness").state()).isEqualTo(NodeState.FINISHED);
        }
    }
}
