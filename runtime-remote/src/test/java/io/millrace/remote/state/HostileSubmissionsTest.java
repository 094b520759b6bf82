package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Deployment;
import io.millrace.graph.Execution;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.Location;
import io.millrace.graph.Supervision;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.RandomValues;
import io.millrace.remote.wire.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is handed in comes from the network, and every master applies it: whatever it is, they go on. */
class HostileSubmissionsTest {
    private static final int SUBMISSIONS = 2_000;
    private static final GraphForm SOUND = ModelCluster.form(
            "flow",
            "id: s, class: x.S, outputs: [o], deploy: {machine: a}",
            "id: m, operators: [{id: one, class: x.One, inputs: {i: s/o}, outputs: [o]}, {id: two, class: x.Two, inputs: {i: m/one/o}}]",
            "id: t, path: dynamic, inputs: {i: s/o, tick: dora/timer/millis/10, logs: dora/logs/info/s}",
            "id: u, class: x.U, inputs: {i: m/one/o, fed: millrace/app/in}, deploy: {labels: {gpu: 'yes'}}");

    private static Outcome submit(ModelCluster cluster, String name, GraphForm graph) {
        return cluster.submit(
                ModelCluster.submission("id-of-" + name, name, ModelCluster.options(false), List.of(), graph));
    }

    private static ModelCluster cluster() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.join("c", Map.of("gpu", "yes"));
        return cluster;
    }

    @Test
    void shouldRefuseADataflowThatHasNoNodes() {
        Outcome.Refused refused =
                (Outcome.Refused) submit(cluster(), "empty", new GraphForm("empty", GraphSettings.DEFAULT, List.of()));

        assertThat(refused.code()).isEqualTo(Reason.INVALID);
        assertThat(refused.reason()).isEqualTo("the dataflow of job 'empty' is not valid");
        assertThat(refused.findings())
                .extracting(Finding::text)
                .containsExactly("the dataflow has no nodes: expected at least one");
    }

    @Test
    void shouldRefuseWhatNobodyHasThoughtOfAndGoOn() {
        ModelCluster cluster = cluster();
        GraphNode nameless = new GraphNode(
                null,
                Optional.empty(),
                Optional.empty(),
                SOUND.nodes().get(0).operators(),
                Map.of(),
                Deployment.NONE,
                Supervision.NONE,
                Execution.DEFAULT,
                Location.NONE);

        Outcome.Refused refused = (Outcome.Refused)
                submit(cluster, "odd", new GraphForm("odd", GraphSettings.DEFAULT, List.of(nameless)));

        assertThat(refused.code()).isEqualTo(Reason.INVALID);
        assertThat(refused.reason())
                .startsWith("what job 'odd' is to run is no dataflow: java.lang.NullPointerException");
        submit(cluster, "sound", SOUND);
        cluster.settle();
        assertThat(cluster.jobState("sound")).isEqualTo(JobState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldPlaceOrRefuseWhateverIsHandedIn(long seed) {
        ModelCluster cluster = cluster();
        RandomValues values = new RandomValues(seed);
        Random random = new Random(seed);
        RecordCodec<ClusterEntry> entries = ClusterEntry.codec();
        RecordCodec<Outcome> outcomes = Outcome.codec();
        int placed = 0;
        for (int i = 0; i < SUBMISSIONS; i++) {
            GraphForm graph = SOUND;
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                graph = values.changed(graph);
            }
            ClusterEntry entry = new ClusterEntry.SubmitJob(
                    cluster.nowMs,
                    ModelCluster.submission("id" + i, "job" + i, ModelCluster.options(false), List.of(), graph));

            Outcome outcome = cluster.apply(entries.decode(entries.encode(entry)));

            assertThat(outcomes.decode(outcomes.encode(outcome))).isEqualTo(outcome);
            if (outcome instanceof Outcome.OfJob) {
                placed++;
                cluster.settle();
                cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "job" + i, 0));
                cluster.settle();
            }
        }
        byte[] bytes = cluster.state.snapshot();

        assertThat(ClusterState.restore(bytes, cluster.artifacts, ClusterLimits.DEFAULT)
                        .snapshot())
                .isEqualTo(bytes);
        assertThat(placed).isBetween(SUBMISSIONS / 20, SUBMISSIONS - SUBMISSIONS / 20);
    }
}
