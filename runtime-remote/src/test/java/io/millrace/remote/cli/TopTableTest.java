package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopTableTest {
    private static final Times TIMES = new Times(9, 1_204, 2_000, 8_400, 9_000, 12_000);

    private final TopTable table = new TopTable();

    private static NodeMetrics node(String id, long received, long sent, Times handling) {
        return new NodeMetrics(id, NodeState.RUNNING, 0, received, 0, sent, 0, 7, 0, handling);
    }

    private static EdgeMetrics edge(String name, String node, long received) {
        return new EdgeMetrics(
                name, node, "slot ring", 256, received + 10, received, 0, new Lost(7, 0, 0, 1), 10, 31, TIMES);
    }

    private static DataflowMetrics flow(long received) {
        return new DataflowMetrics(
                "flow",
                List.of(node("a", 0, received, Times.NONE), node("b", received, 0, TIMES)),
                List.of(edge("a/out -> b/in", "b", received)),
                List.of());
    }

    @Test
    void shouldShowRatesSinceTheScreenBefore() {
        table.lines(flow(1_000), Duration.ofSeconds(1), 100, 24);

        assertThat(table.lines(flow(4_000), Duration.ofSeconds(3), 100, 24))
                .containsExactly(
                        "flow  3.00 s  2/2 nodes  1,500/s  14 dropped",
                        "",
                        "NODE  STATE    RECEIVED     SENT  BACKLOG  DROPPED      P50      P99",
                        "a     running       0/s  1,500/s        0        7        -        -",
                        "b     running   1,500/s      0/s       10        7  1.20 us  8.40 us",
                        "",
                        "EDGE              RATE  BACKLOG  MOST   OF  LOST  HOP P50  HOP P99",
                        "a/out -> b/in  1,500/s       10    31  256     8  1.20 us  8.40 us");
    }

    @Test
    void shouldShowNoRateBelowZeroWhenACounterBeginsAnew() {
        table.lines(flow(1_000), Duration.ofSeconds(1), 100, 24);

        assertThat(table.lines(flow(10), Duration.ofSeconds(2), 100, 24).get(0)).contains("  0/s  ");
    }

    @Test
    void shouldFitAnyScreen() {
        DataflowMetrics many = new DataflowMetrics(
                "flow",
                IntStream.range(0, 100)
                        .mapToObj(i -> node("a-node-with-a-rather-long-name-" + i, i, i, TIMES))
                        .toList(),
                IntStream.range(0, 200)
                        .mapToObj(i -> edge("a-node/out -> a-node-with-a-rather-long-name-/in-" + i, "b", i))
                        .toList(),
                List.of());
        for (int rows = 1; rows < 60; rows++) {
            for (int columns : new int[] {40, 80, 200}) {
                List<String> lines = new TopTable().lines(many, Duration.ofSeconds(1), columns, rows);
                assertThat(lines).hasSizeLessThanOrEqualTo(rows);
                assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
            }
        }
        assertThat(new TopTable().lines(many, Duration.ofSeconds(1), 80, 30))
                .anySatisfy(line -> assertThat(line).matches("\\.\\.\\. [0-9]+ more nodes"))
                .anySatisfy(line -> assertThat(line).matches("\\.\\.\\. [0-9]+ more edges"))
                .anySatisfy(line -> assertThat(line).startsWith("...").contains("long-name-/in-0"));
    }
}
