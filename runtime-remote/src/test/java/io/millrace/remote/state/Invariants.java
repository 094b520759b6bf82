package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ExecutorView;
import io.millrace.remote.wire.ExecutorView.Condition;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.JobView.PartView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What holds after every entry, whatever has happened. Remembers what it has seen, for what may only grow. */
final class Invariants {
    private final Map<PartId, Long> epochs = new HashMap<>();
    private final Map<String, Long> lastEpochOfNode = new HashMap<>();
    private final Map<String, Integer> lastNumber = new HashMap<>();
    private final Map<String, JobState> ended = new HashMap<>();

    /** How many nodes wait for a place. */
    int waiting;

    void check(ClusterState state) {
        Map<String, ExecutorView> executors = new HashMap<>();
        state.executorViews().forEach(executor -> executors.put(executor.machineId(), executor));
        Map<String, Integer> nodes = new HashMap<>();
        waiting = 0;
        for (JobView job : state.jobViews()) {
            check(state, job, executors, nodes);
        }
        executors
                .values()
                .forEach(executor -> assertThat(executor.nodes())
                        .as("nodes counted on " + executor.machineId())
                        .isEqualTo(nodes.getOrDefault(executor.machineId(), 0)));
    }

    private void check(
            ClusterState state, JobView job, Map<String, ExecutorView> executors, Map<String, Integer> nodes) {
        Set<String> placed = new HashSet<>();
        for (PartView part : job.parts()) {
            for (String node : part.place().nodes()) {
                assertThat(placed.add(node))
                        .as("node %s of %s is in two parts", node, job.name())
                        .isTrue();
                if (!part.place().isEnded()) {
                    expectEpochGrows(job, part, node);
                }
            }
            expectOneEpoch(part);
            if (!part.place().isEnded()) {
                nodes.merge(part.place().machineId(), part.place().nodes().size(), Integer::sum);
                expectThere(part, executors);
            }
        }
        if (job.state() == JobState.RUNNING) {
            int all =
                    state.submission(job.jobId()).orElseThrow().graph().nodes().size();
            waiting += all - placed.size();
            if (placed.size() < all) {
                assertThat(job.degraded().orElse("")).contains("can be placed nowhere");
            }
        }
        if (job.state() == JobState.SUBMITTED) {
            assertThat(job.parts()).isEmpty();
            assertThat(job.degraded().orElse("")).contains("can be placed nowhere");
        }
        if (job.state().isFinal()) {
            assertThat(job.parts()).allMatch(part -> part.place().isEnded());
            assertThat(ended.computeIfAbsent(job.jobId(), any -> job.state())).isEqualTo(job.state());
        } else {
            assertThat(ended).doesNotContainKey(job.jobId());
        }
        assertThat(job.history()).hasSizeLessThanOrEqualTo(ClusterLimits.DEFAULT.historyEntries());
    }

    private static void expectThere(PartView part, Map<String, ExecutorView> executors) {
        ExecutorView executor = executors.get(part.place().machineId());
        assertThat(executor).isNotNull();
        assertThat(part.place().instance()).isEqualTo(executor.instance());
        if (!part.isPinned()) {
            assertThat(executor.condition())
                    .as("movable nodes %s on %s", part.place().nodes(), executor)
                    .isIn(Condition.JOINED, Condition.DRAINING);
        }
    }

    private void expectEpochGrows(JobView job, PartView part, String node) {
        String key = job.jobId() + "/" + node;
        long epoch = part.place().epoch();
        assertThat(epoch).isGreaterThanOrEqualTo(lastEpochOfNode.getOrDefault(key, 0L));
        int number = part.place().id().number();
        assertThat(number).isGreaterThanOrEqualTo(lastNumber.getOrDefault(key, 0));
        lastEpochOfNode.put(key, epoch);
        lastNumber.put(key, number);
    }

    private void expectOneEpoch(PartView part) {
        assertThat(epochs.computeIfAbsent(part.place().id(), any -> part.place().epoch()))
                .isEqualTo(part.place().epoch());
    }

    /** What executors are told agrees with what clients are told. */
    static void checkDesired(ClusterState state) {
        Map<PartId, PartView> views = new HashMap<>();
        state.jobViews()
                .forEach(job ->
                        job.parts().forEach(part -> views.put(part.place().id(), part)));
        for (ExecutorView executor : state.executorViews()) {
            for (JobAssignment job : state.desired(executor.machineId())) {
                for (PartAssignment part : job.parts()) {
                    PartView view = views.get(part.id());
                    assertThat(view)
                            .as("%s is desired and not in its job", part)
                            .isNotNull();
                    assertThat(view.place().machineId()).isEqualTo(executor.machineId());
                    assertThat(view.place().epoch()).isEqualTo(part.epoch());
                    assertThat(job.places()).contains(view.place());
                }
            }
        }
    }
}
