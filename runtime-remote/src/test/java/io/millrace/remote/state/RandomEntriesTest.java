package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Anything may happen in any order: executors come, go and come back, reports are late, doubled and forged, jobs come and are stopped. */
class RandomEntriesTest {
    private static final String[] MACHINES = {"a", "b", "c", "d", "e"};
    private static final int ENTRIES = 1_500;

    /** What has been said, and may be said again. */
    private static final class Chaos {
        private final Random random;
        private final ModelCluster cluster = new ModelCluster();
        private final Map<String, Integer> instances = new HashMap<>();
        private final List<ClusterEntry> said = new ArrayList<>();
        private int jobs;

        Chaos(long seed) {
            random = new Random(seed);
        }

        void step() {
            cluster.nowMs += random.nextInt(100) == 0 ? random.nextInt(400_000) : random.nextInt(3_000);
            String machine = MACHINES[random.nextInt(MACHINES.length)];
            ModelExecutor executor = cluster.executors.get(machine);
            switch (random.nextInt(23)) {
                case 0 -> join(machine);
                case 1 -> come(executor);
                case 2 -> lose(executor, true);
                case 3 -> lose(executor, false);
                case 4 -> drain(machine);
                case 5, 6 -> submit();
                case 7 -> stop();
                case 8 -> cluster.apply(new ClusterEntry.ReleaseJob(cluster.nowMs, "job" + random.nextInt(jobs + 1)));
                case 9 -> cluster.apply(new ClusterEntry.Tick(cluster.nowMs - random.nextInt(2) * 3_600_000L));
                case 10 -> again();
                case 11 -> end(executor);
                case 12 -> fail(executor);
                case 13 -> checkpoint(executor);
                case 14 -> cluster.apply(new ClusterEntry.LeaderBegan(cluster.nowMs));
                default -> follow(executor);
            }
        }

        private void join(String machine) {
            ModelExecutor fresh = new ModelExecutor(machine, machine + "-" + instances.merge(machine, 1, Integer::sum));
            if (random.nextInt(4) == 0) {
                fresh.unprepared.add("m" + random.nextInt(3));
            }
            if (random.nextInt(4) == 0) {
                fresh.unopened.add("m" + random.nextInt(3));
            }
            Map<String, String> labels = random.nextBoolean() ? Map.of() : Map.of("gpu", "yes");
            if (cluster.register(fresh, labels, 1 + random.nextInt(4)) instanceof Outcome.Registered) {
                cluster.executors.put(machine, fresh);
            }
        }

        private void come(ModelExecutor executor) {
            if (executor != null) {
                cluster.register(executor, Map.of("gpu", "yes"), 2);
            }
        }

        private void lose(ModelExecutor executor, boolean inOrder) {
            if (executor == null || random.nextInt(3) > 0) {
                return;
            }
            if (inOrder) {
                executor.parts.clear();
                say(new ClusterEntry.UnregisterExecutor(cluster.nowMs, executor.machineId, executor.instance, ""));
            } else {
                say(new ClusterEntry.ExecutorLost(cluster.nowMs, executor.machineId, executor.instance));
                // Its lease is over as well: it has stopped what moves.
                executor.parts
                        .keySet()
                        .removeIf(id -> !executor.assignments.get(id).isPinned());
            }
        }

        private void drain(String machine) {
            if (random.nextInt(4) == 0) {
                say(new ClusterEntry.DrainExecutor(cluster.nowMs, machine));
            }
        }

        private void submit() {
            String name = "job" + (random.nextInt(4) == 0 ? random.nextInt(jobs + 1) : ++jobs);
            String pinned = MACHINES[random.nextInt(MACHINES.length)];
            List<String> nodes = new ArrayList<>(List.of(
                    "id: p, class: x.P, outputs: [o], deploy: {machine: " + pinned + "}",
                    "id: m0, class: x.M, inputs: {i: p/o}, outputs: [o]",
                    "id: m1, class: x.M, inputs: {i: m0/o}, outputs: [o]",
                    "id: n, class: x.N, inputs: {i: m1/o}, restart_policy: never"));
            if (random.nextBoolean()) {
                nodes.add("id: m2, class: x.M, inputs: {i: m1/o}, deploy: {labels: {gpu: 'yes'}}");
            }
            if (random.nextInt(3) == 0) {
                nodes.remove(0);
                nodes.set(0, "id: m0, class: x.M, outputs: [o]");
            }
            JobOptions options = ModelCluster.options(
                    random.nextInt(4) == 0, random.nextInt(3) == 0 ? -1 : 60_000, random.nextBoolean() ? 0 : 20_000);
            String root = random.nextInt(3) == 0 ? name + "\non_failure: stop" : name;
            say(new ClusterEntry.SubmitJob(
                    cluster.nowMs,
                    ModelCluster.submission(
                            "id" + random.nextInt(1_000_000),
                            name,
                            options,
                            List.of(),
                            ModelCluster.form(root, nodes.toArray(String[]::new)))));
        }

        private void stop() {
            say(new ClusterEntry.StopJob(cluster.nowMs, "job" + random.nextInt(jobs + 1), random.nextInt(10_000)));
        }

        private void again() {
            if (!said.isEmpty()) {
                cluster.apply(said.get(random.nextInt(said.size())));
            }
        }

        private void end(ModelExecutor executor) {
            if (executor != null && !executor.parts.isEmpty()) {
                executor.end(executor.parts.firstKey());
            }
        }

        private void fail(ModelExecutor executor) {
            if (executor != null && !executor.parts.isEmpty()) {
                PartAssignment part = executor.assignments.get(executor.parts.lastKey());
                executor.failNode(part.id(), part.nodes().get(0));
            }
        }

        private void checkpoint(ModelExecutor executor) {
            if (executor != null && !executor.parts.isEmpty()) {
                PartAssignment part = executor.assignments.get(executor.parts.firstKey());
                say(new ClusterEntry.StoreCheckpoint(
                        cluster.nowMs,
                        executor.machineId,
                        executor.instance,
                        part.id(),
                        part.epoch(),
                        part.nodes().get(0),
                        ("at " + cluster.nowMs).getBytes(StandardCharsets.UTF_8)));
            }
        }

        private void follow(ModelExecutor executor) {
            if (executor != null) {
                executor.follow(cluster.state.desired(executor.machineId));
                List<PartReport> reports = executor.reports();
                say(new ClusterEntry.PartsReported(cluster.nowMs, executor.machineId, executor.instance, reports));
            }
        }

        private void say(ClusterEntry entry) {
            said.add(entry);
            cluster.apply(entry);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepEveryInvariantWhateverHappens(long seed) {
        Chaos chaos = new Chaos(seed);
        Invariants invariants = new Invariants();
        for (int i = 0; i < ENTRIES; i++) {
            chaos.step();
            invariants.check(chaos.cluster.state);
            if (i % 50 == 0) {
                Invariants.checkDesired(chaos.cluster.state);
                expectTheSameWhenRestored(chaos.cluster);
            }
        }
        expectTheSameWhenReplayed(chaos.cluster);
        assertThat(chaos.cluster.state.jobViews().stream().map(JobView::state).distinct())
                .as("kinds of ends")
                .hasSizeGreaterThan(2);
    }

    private static void expectTheSameWhenRestored(ModelCluster cluster) {
        byte[] bytes = cluster.state.snapshot();
        ClusterState restored = ClusterState.restore(bytes, cluster.artifacts, ClusterLimits.DEFAULT);

        assertThat(restored.snapshot()).isEqualTo(bytes);
        assertThat(restored.jobViews()).isEqualTo(cluster.state.jobViews());
        assertThat(restored.executorViews()).isEqualTo(cluster.state.executorViews());
        assertThat(restored.nextDueMs()).isEqualTo(cluster.state.nextDueMs());
        for (String machine : MACHINES) {
            assertThat(restored.desired(machine)).isEqualTo(cluster.state.desired(machine));
        }
    }

    /** Once from the beginning, through bytes, and once from a snapshot on. */
    private static void expectTheSameWhenReplayed(ModelCluster cluster) {
        RecordCodec<ClusterEntry> codec = ClusterEntry.codec();
        RecordCodec<Outcome> outcomes = Outcome.codec();
        ClusterState replayed = new ClusterState(new MemoryArtifacts(), ClusterLimits.DEFAULT);
        ClusterState resumed = new ClusterState(new MemoryArtifacts(), ClusterLimits.DEFAULT);
        for (int i = 0; i < cluster.entries.size(); i++) {
            ClusterEntry entry = codec.decode(codec.encode(cluster.entries.get(i)));
            Outcome one = replayed.apply(i + 1, entry).outcome();
            Outcome other = resumed.apply(i + 1, cluster.entries.get(i)).outcome();
            assertThat(outcomes.decode(outcomes.encode(one))).isEqualTo(other);
            if (i % 500 == 250) {
                resumed = ClusterState.restore(resumed.snapshot(), new MemoryArtifacts(), ClusterLimits.DEFAULT);
            }
        }
        assertThat(replayed.snapshot()).isEqualTo(cluster.state.snapshot());
        assertThat(resumed.snapshot()).isEqualTo(cluster.state.snapshot());
    }

    @Test
    void shouldComeToRestWhenExecutorsAreLeftAlone() {
        for (long seed = 10; seed < 14; seed++) {
            Chaos chaos = new Chaos(seed);
            for (int i = 0; i < 500; i++) {
                chaos.step();
            }
            for (String machine : MACHINES) {
                ModelExecutor executor = chaos.cluster.executors.get(machine);
                if (executor == null || !(chaos.cluster.comeBack(machine) instanceof Outcome.Registered)) {
                    chaos.join(machine);
                }
            }
            chaos.cluster.settle();
            chaos.cluster.pass(600_000).settle();
            chaos.cluster.pass(600_000).settle();

            assertThat(chaos.cluster.state.jobViews())
                    .as("seed " + seed)
                    .allMatch(job -> job.state().isFinal() || job.state() == JobState.RUNNING);
        }
    }

    @Test
    void shouldRefuseASnapshotThatIsNone() {
        Random random = new Random(3);
        byte[] bytes = ModelCluster.of("a").state.snapshot();
        for (int i = 0; i < 300; i++) {
            byte[] broken = bytes.clone();
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            try {
                ClusterState restored = ClusterState.restore(broken, new MemoryArtifacts(), ClusterLimits.DEFAULT);
                assertThat(restored.snapshot()).isEqualTo(broken);
            } catch (WireFormatException refused) {
                assertThat(refused).hasMessageStartingWith("Snapshot");
            }
        }
    }
}
