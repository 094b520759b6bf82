package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstPlacingTest {
    private static final long WAIT_MS = 10_000;
    private static final String AT_A = "id: s, class: x.S, outputs: [o], deploy: {machine: a}";
    private static final String AT_B = "id: t, class: x.T, inputs: {i: s/o}, deploy: {machine: b}";

    private static Outcome submit(ModelCluster cluster, String... nodes) {
        return cluster.submit(
                ModelCluster.submission("flow", ModelCluster.options(false, 60_000, WAIT_MS), List.of(), nodes));
    }

    @Test
    void shouldBeginWhenTheMachineHasJoinedThatItWaitsFor() {
        ModelCluster cluster = ModelCluster.of("a");

        assertThat(submit(cluster, AT_A, AT_B)).isInstanceOf(Outcome.OfJob.class);
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.SUBMITTED);
        assertThat(cluster.job("flow").degraded())
                .contains("node 't' can be placed nowhere: it wants machine 'b', which has not joined; joined are [a]");
        assertThat(cluster.desired("a")).isEmpty();
        assertThat(cluster.state.executorView("a").orElseThrow().nodes()).isZero();
        cluster.join("b", Map.of());
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        assertThat(cluster.places("flow")).isEqualTo(Map.of("s", "a", "t", "b"));
    }

    @Test
    void shouldBeginWhenAMachineIsBackThatHadLeft() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.apply(new ClusterEntry.UnregisterExecutor(cluster.nowMs, "b", "b-1", "closed"));

        submit(cluster, AT_A, AT_B);
        assertThat(cluster.job("flow").degraded()).contains("node 't' can be placed nowhere: machine 'b': has left");
        cluster.join("b", "b-2", Map.of(), 4);
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldSayWhatIsMissingWhenNobodyHasComeInTime() {
        ModelCluster cluster = ModelCluster.of("a");
        submit(cluster, AT_A, AT_B, "id: u, class: x.U, deploy: {labels: {gpu: 'yes'}}");

        cluster.pass(WAIT_MS - 1);
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.SUBMITTED);
        assertThat(cluster.state.nextDueMs()).isEqualTo(cluster.nowMs + 1);
        cluster.pass(1);

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings())
                .extracting(Finding::text)
                .containsExactly(
                        "node 't' can be placed nowhere: it wants machine 'b', which has not joined; joined are [a]",
                        "node 'u' can be placed nowhere: machine 'a': label gpu is missing, wanted 'yes'");
        assertThat(cluster.state.executorView("a").orElseThrow().nodes()).isZero();
    }

    @Test
    void shouldEndAtOnceWhenStoppedWhileItWaits() {
        ModelCluster cluster = ModelCluster.of("a");
        submit(cluster, AT_A, AT_B);

        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 5_000));
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
        cluster.join("b", Map.of());

        assertThat(cluster.desired("b")).isEmpty();
    }

    @Test
    void shouldRefuseAtOnceWhenNobodyWhoComesCouldHelp() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "b"));

        assertThat(submit(cluster, AT_A, AT_B)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(Reason.UNPLACEABLE);
            assertThat(refused.reason()).isEqualTo("node 't' can be placed nowhere: machine 'b': is draining");
        });
        assertThat(cluster.state.jobViews()).isEmpty();
    }

    @Test
    void shouldWaitOnWhenAnotherMasterLeads() {
        ModelCluster cluster = ModelCluster.of("a");
        submit(cluster, AT_A, AT_B);

        ClusterState restored =
                ClusterState.restore(cluster.state.snapshot(), new MemoryArtifacts(), ClusterLimits.DEFAULT);

        assertThat(restored.snapshot()).isEqualTo(cluster.state.snapshot());
        assertThat(restored.jobView("flow")).isEqualTo(cluster.state.jobView("flow"));
        assertThat(restored.nextDueMs()).isEqualTo(cluster.state.nextDueMs());
    }
}
