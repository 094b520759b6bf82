package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.Stall;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergingTest {
    private static final String EDGE = "a/out -> b/in";
    private final Merging merging = new Merging(Dataflow.parse("""
                    name: two
                    nodes:
                      - {id: a, class: app.A, inputs: {in: millrace/app/in}, outputs: [out]}
                      - {id: b, class: app.B, inputs: {in: a/out}}
                    """).graph());

    private static NodeStatus node(String id, long dropped) {
        return new NodeStatus(id, NodeState.RUNNING, 0, 1, 2, dropped, 3, 4);
    }

    private static DataflowStatus status(DataflowState state, NodeStatus node, EdgeStatus... edges) {
        return new DataflowStatus("two", state, List.of(node), List.of(edges));
    }

    @Test
    void shouldSumWhatBothSidesOfAnEdgeCountInTheOrderOfTheDataflow() {
        EdgeStatus sent = new EdgeStatus(EDGE, "slot ring", 10, 0, 2, 0, 0, 1);
        EdgeStatus received = new EdgeStatus(EDGE, "one-to-one ring", 0, 6, 1, 0, 1, 0);
        DataflowStatus merged = merging.status(
                DataflowState.RUNNING,
                List.of(
                        status(DataflowState.RUNNING, node("b", 1), received),
                        status(DataflowState.RUNNING, node("a", 0), sent)));
        assertThat(merged.nodes()).containsExactly(node("a", 0), node("b", 3));
        assertThat(merged.edges()).containsExactly(new EdgeStatus(EDGE, "one-to-one ring", 10, 6, 3, 0, 1, 1));
        assertThat(merged.name()).isEqualTo("two");
    }

    @ParameterizedTest
    @CsvSource({
        "STARTING, RUNNING, STARTING",
        "RUNNING, RUNNING, RUNNING",
        "RUNNING, FINISHED, RUNNING",
        "STOPPING, RUNNING, STOPPING",
        "STOPPING, FAILED, STOPPING",
        "FINISHED, STOPPED, STOPPED",
        "FINISHED, FINISHED, FINISHED",
        "STOPPED, FAILED, FAILED"
    })
    void shouldBeInTheStateThatItsPartsMakeUp(DataflowState one, DataflowState other, DataflowState both) {
        assertThat(Merging.state(List.of(one, other))).isEqualTo(both);
        assertThat(Merging.state(List.of(other, one))).isEqualTo(both);
    }

    @Test
    void shouldTellFailuresInTheOrderInWhichTheyHappened() {
        DataflowResult.Failure first = new DataflowResult.Failure("b", new IllegalStateException("first"));
        DataflowResult.Failure second = new DataflowResult.Failure("a", new IllegalStateException("second"));
        DataflowResult.Failure unseen = new DataflowResult.Failure("a", new IllegalStateException("unseen"));
        DataflowResult.Failure restarted = new DataflowResult.Failure("a", new IllegalStateException("restarted"));
        DataflowResult merged = merging.result(
                List.of(
                        new DataflowResult(
                                DataflowState.FAILED,
                                List.of(second, unseen),
                                status(DataflowState.FAILED, node("a", 0))),
                        new DataflowResult(
                                DataflowState.FAILED, List.of(first), status(DataflowState.FAILED, node("b", 0)))),
                List.of(restarted, first, second));
        assertThat(merged.failures()).containsExactly(first, second, unseen);
        assertThat(merged.state()).isEqualTo(DataflowState.FAILED);
    }

    @Test
    void shouldTellOnceWhoHoldsOthersUp() {
        StackTraceElement frame = new StackTraceElement("app.A", "run", "A.java", 1);
        Stall seen = new Stall(Stall.Holder.TAP, "a/out", List.of("a/out -> tap"), Duration.ofSeconds(1), List.of());
        Stall known =
                new Stall(Stall.Holder.TAP, "a/out", List.of("a/out -> tap"), Duration.ofSeconds(1), List.of(frame));
        Stall longer = new Stall(Stall.Holder.NODE, "b", List.of(EDGE), Duration.ofSeconds(2), List.of(frame));
        assertThat(Merging.stalls(List.of(List.of(seen), List.of(known, longer))))
                .containsExactly(longer, known);
        assertThat(Merging.stalls(List.of(List.of(known), List.of(seen)))).containsExactly(known);
    }
}
