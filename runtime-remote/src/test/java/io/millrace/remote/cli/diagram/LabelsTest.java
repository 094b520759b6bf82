package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.1S, 100 ms",
        "PT1S, 1 s",
        "PT1.5S, 1.5 s",
        "PT0.0005S, 500 us",
        "PT0.00000025S, 250 ns",
        "PT2H, 7200 s"
    })
    void shouldUseTheLargestUnitWhenADurationIsShown(Duration duration, String shown) {
        assertThat(Labels.duration(duration)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "dora/timer/hz/30, 30 Hz",
        "dora/timer/hz/0.5, 0.5 Hz",
        "millrace/timer/millis/100, 100 ms",
        "dora/logs, logs",
        "dora/logs/warn/other, logs/warn/other",
        "millrace/app/goal, app/goal",
        "other/out, other/out"
    })
    void shouldNameWhatAnInputHearsWhenItIsShown(String source, String shown) {
        Graph graph = Graphs.of("nodes:\n  - {id: other, class: a.B, outputs: [out]}\n"
                + "  - {id: node, class: a.B, inputs: {in: " + source + "}}\n");

        GraphInput input = graph.node("node").inputs().get(0);

        assertThat(Labels.shortSource(input.source())).isEqualTo(shown);
    }

    @Test
    void shouldNameTraitsWhenANodeDiffersFromMost() {
        GraphNode node = Graphs.of("""
                        nodes:
                          - id: node
                            class: a.B
                            isolation: process
                            restart_policy: on-failure
                            cpu_affinity: [2, 3]
                            idle: busy-spin
                            deploy: {labels: {gpu: "yes", arch: arm}}
                        """).node("node");

        assertThat(Labels.traits(node))
                .containsExactly(
                        "own process", "restarts on failure", "cores 2, 3", "idle busy-spin", "arch=arm", "gpu=yes");
    }

    @Test
    void shouldHaveNoTraitsWhenANodeIsLikeMost() {
        GraphNode program =
                Graphs.of("nodes:\n  - {id: node, path: ./program}\n").node("node");

        assertThat(Labels.traits(program)).isEmpty();
    }
}
