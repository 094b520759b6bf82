package io.millrace.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.InputSource.OutputRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LosslessCyclesTest {

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldAgreeWithBruteForceWhenGraphsAreRandom(int seed) {
        List<Edge> edges = randomEdges(new Random(seed));

        List<List<Edge>> cycles = LosslessCycles.find(edges);

        assertThat(cycles.isEmpty()).isEqualTo(isAcyclic(lossless(edges)));
        assertThat(cycles).allSatisfy(LosslessCyclesTest::assertIsCycle);
        List<Edge> reported = cycles.stream().flatMap(List::stream).toList();
        assertThat(reported).doesNotHaveDuplicates();
        List<Edge> rest = new ArrayList<>(lossless(edges));
        rest.removeAll(reported);
        assertThat(isAcyclic(rest)).isTrue();
    }

    @Test
    void shouldNotOverflowTheStackWhenACycleIsLong() {
        int length = 100_000;
        List<Edge> ring = IntStream.range(0, length)
                .mapToObj(i -> edge(i, (i + 1) % length, QueuePolicy.BACKPRESSURE, i))
                .toList();

        assertThat(LosslessCycles.find(ring))
                .singleElement()
                .satisfies(cycle -> assertThat(cycle).hasSize(length));
    }

    private static void assertIsCycle(List<Edge> cycle) {
        assertThat(cycle).isNotEmpty();
        for (int i = 0; i < cycle.size(); i++) {
            Edge next = cycle.get((i + 1) % cycle.size());
            assertThat(cycle.get(i).node()).isEqualTo(next.from().node());
            assertThat(cycle.get(i).input().policy()).isEqualTo(QueuePolicy.BACKPRESSURE);
        }
    }

    private static List<Edge> randomEdges(Random random) {
        int nodes = 1 + random.nextInt(8);
        int count = random.nextInt(16);
        QueuePolicy[] policies = {QueuePolicy.BACKPRESSURE, QueuePolicy.BACKPRESSURE, QueuePolicy.DROP_OLDEST};
        return IntStream.range(0, count)
                .mapToObj(i -> edge(
                        random.nextInt(nodes), random.nextInt(nodes), policies[random.nextInt(policies.length)], i))
                .toList();
    }

    private static Edge edge(int from, int to, QueuePolicy policy, int number) {
        OutputRef source = new OutputRef("n" + from, "", "out");
        GraphInput input = new GraphInput(
                "in" + number, source, policy, 10, true, Optional.empty(), Optional.empty(), Location.NONE);
        return new Edge(source, "n" + to, "", input);
    }

    private static List<Edge> lossless(List<Edge> edges) {
        return edges.stream().filter(edge -> edge.input().policy().isLossless()).toList();
    }

    /** Nodes into which no edge leads are taken away with their edges until nothing changes; what is left has a cycle. */
    private static boolean isAcyclic(List<Edge> edges) {
        List<Edge> left = new ArrayList<>(edges);
        while (left.removeIf(edge ->
                left.stream().noneMatch(other -> other.node().equals(edge.from().node())))) {
            if (left.isEmpty()) {
                return true;
            }
        }
        return left.isEmpty();
    }
}
