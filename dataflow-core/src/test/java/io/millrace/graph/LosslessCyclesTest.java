package io.millrace.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.InputSource.OutputRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldAgreeWithBruteForceWhenOperatorsCallEachOther(int seed) {
        List<Edge> edges = randomOperators(new Random(seed));

        List<List<Edge>> cycles = LosslessCycles.find(edges);

        List<Edge> reported = cycles.stream().flatMap(List::stream).toList();
        assertThat(reported).doesNotHaveDuplicates();
        assertThat(reported.isEmpty()).isEqualTo(waitsForItself(edges).isEmpty());
        assertThat(cycles).allSatisfy(cycle -> {
            for (int i = 0; i < cycle.size(); i++) {
                Edge next = cycle.get((i + 1) % cycle.size());
                assertThat(reached(consumer(cycle.get(i)), calls(edges))).contains(producer(next));
            }
        });
        List<Edge> rest = new ArrayList<>(edges);
        rest.removeAll(reported);
        assertThat(waitsForItself(rest)).isEmpty();
    }

    /** Each input waits together with each of the callers: to write these down takes 250 million of them. */
    @Test
    void shouldTakeLittleMemoryWhenManyInputsReadTheEndOfALongChainOfCalls() {
        int chain = 5_000;
        List<Edge> edges = new ArrayList<>();
        for (int i = 1; i < chain; i++) {
            edges.add(call("o" + (i - 1), "o" + i));
        }
        for (int i = 0; i < 50_000; i++) {
            edges.add(operatorEdge("n", "o" + (chain - 1), "reader", "", true, i));
        }
        assertThat(LosslessCycles.find(edges)).isEmpty();

        Edge back = operatorEdge("reader", "", "n", "o0", true, 50_000);
        edges.add(back);

        assertThat(LosslessCycles.find(edges))
                .singleElement()
                .satisfies(cycle -> assertThat(cycle).hasSize(2).contains(back));
    }

    private static List<Edge> randomOperators(Random random) {
        int operators = 2 + random.nextInt(4);
        return IntStream.range(0, random.nextInt(14))
                .mapToObj(i -> operatorEdge(
                        "n" + random.nextInt(2),
                        "o" + random.nextInt(operators),
                        "n" + random.nextInt(2),
                        "o" + random.nextInt(operators),
                        random.nextBoolean(),
                        i))
                .toList();
    }

    private static Edge call(String from, String to) {
        return operatorEdge("n", from, "n", to, false, 0);
    }

    private static Edge operatorEdge(
            String node, String operator, String toNode, String toOperator, boolean queueWritten, int number) {
        OutputRef source = new OutputRef(node, operator, "out");
        GraphInput input = new GraphInput(
                "in" + number,
                source,
                QueuePolicy.BACKPRESSURE,
                10,
                queueWritten,
                Optional.empty(),
                Optional.empty(),
                Location.NONE);
        return new Edge(source, toNode, toOperator, input);
    }

    /** The edges at which an operator may wait for itself. */
    private static List<Edge> waitsForItself(List<Edge> edges) {
        return edges.stream()
                .filter(edge -> !isCall(edge))
                .filter(edge -> reached(consumer(edge), edges).contains(producer(edge)))
                .toList();
    }

    private static List<Edge> calls(List<Edge> edges) {
        return edges.stream().filter(LosslessCyclesTest::isCall).toList();
    }

    private static boolean isCall(Edge edge) {
        return edge.isWithinNode() && !edge.input().queueWritten();
    }

    private static Set<String> reached(String start, List<Edge> edges) {
        Set<String> reached = new HashSet<>(Set.of(start));
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Edge edge : edges) {
                isMore |= reached.contains(producer(edge)) && reached.add(consumer(edge));
            }
        }
        return reached;
    }

    private static String producer(Edge edge) {
        return edge.from().node() + "/" + edge.from().operator();
    }

    private static String consumer(Edge edge) {
        return edge.node() + "/" + edge.operator();
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
