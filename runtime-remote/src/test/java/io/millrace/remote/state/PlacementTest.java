package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.Finding;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementTest {

    @Test
    void shouldTakeTheLeastLoadedByCoresWhenNothingElseSpeaks() {
        ModelCluster cluster = new ModelCluster();
        cluster.join("a", "a-1", Map.of(), 1);
        cluster.join("b", "b-1", Map.of(), 4);

        for (int i = 0; i < 5; i++) {
            cluster.submit("flow" + i, "id: n, class: x.N");
        }

        assertThat(IntStream.range(0, 5)
                        .mapToObj(i -> cluster.places("flow" + i).get("n")))
                .containsExactly("b", "b", "b", "a", "b");
    }

    @Test
    void shouldPlaceAlongTheEdgesFromWhatIsPinned() {
        ModelCluster cluster = ModelCluster.of("a", "b", "c");

        cluster.submit(
                "flow",
                "id: last, class: x.N, inputs: {i: middle/o}",
                "id: middle, class: x.N, inputs: {i: first/o}, outputs: [o]",
                "id: first, class: x.N, outputs: [o], deploy: {machine: c}");

        assertThat(cluster.places("flow")).isEqualTo(Map.of("first", "c", "middle", "c", "last", "c"));
    }

    @Test
    void shouldStandWithMostOfItsEdges() {
        ModelCluster cluster = ModelCluster.of("a", "b");

        cluster.submit(
                "flow",
                "id: p, class: x.N, outputs: [o], deploy: {machine: a}",
                "id: q, class: x.N, outputs: [o, u], deploy: {machine: b}",
                "id: m, class: x.N, inputs: {i: p/o, j: q/o, k: q/u}");

        assertThat(cluster.places("flow")).containsEntry("m", "b");
    }

    @Test
    void shouldGoElsewhereWhenManyStandTogether() {
        ModelCluster cluster = new ModelCluster();
        cluster.join("a", "a-1", Map.of(), 1);
        cluster.join("b", "b-1", Map.of(), 1);
        String[] chain = IntStream.range(0, 12)
                .mapToObj(i -> i == 0
                        ? "id: n0, class: x.N, outputs: [o]"
                        : "id: n" + i + ", class: x.N, inputs: {i: n" + (i - 1) + "/o}, outputs: [o]")
                .toArray(String[]::new);

        cluster.submit("flow", chain);

        assertThat(cluster.places("flow").values().stream().filter("a"::equals)).hasSize(Placement.TOGETHER_PER_CORE);
        assertThat(cluster.places("flow").values().stream().filter("b"::equals))
                .hasSize(12 - Placement.TOGETHER_PER_CORE);
    }

    @Test
    void shouldSayWhyMachineByMachineWhenANodeCanBePlacedNowhere() {
        ModelCluster cluster = new ModelCluster();
        cluster.join("a", Map.of("gpu", "no"));
        cluster.join("b", Map.of("gpu", "yes"));
        cluster.join("c", Map.of());
        cluster.join("d", Map.of("gpu", "yes"));
        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "b"));
        cluster.lose("d");

        Outcome outcome = cluster.submit("flow", "id: x, class: x.N, deploy: {labels: {gpu: 'yes'}}");

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(Reason.UNPLACEABLE);
            assertThat(refused.reason())
                    .isEqualTo(
                            "node 'x' can be placed nowhere: machine 'a': label gpu is 'no', wanted 'yes';"
                                    + " machine 'b': is draining; machine 'c': label gpu is missing, wanted 'yes'; machine 'd': is lost");
        });
        assertThat(cluster.state.jobViews()).isEmpty();
        assertThat(cluster.state.executorViews()).allMatch(executor -> executor.nodes() == 0);
    }

    @Test
    void shouldNameEveryNodeThatCannotBePlaced() {
        ModelCluster cluster = ModelCluster.of("a");

        Outcome outcome = cluster.submit(
                "flow",
                "id: x, class: x.N, deploy: {machine: nowhere}",
                "id: y, class: x.N, deploy: {labels: {gpu: 'yes'}}",
                "id: z, class: x.N");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.findings())
                                .extracting(Finding::text)
                                .isEqualTo(
                                        List.of(
                                                "node 'x' can be placed nowhere: it wants machine 'nowhere', which has not joined; joined are [a]",
                                                "node 'y' can be placed nowhere: machine 'a': label gpu is missing, wanted 'yes'")));
        assertThat(cluster.state.executorView("a").orElseThrow().nodes()).isZero();
    }
}
