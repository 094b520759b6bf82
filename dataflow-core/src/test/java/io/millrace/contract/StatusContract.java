package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import org.junit.jupiter.api.Test;

/** Counters say where every message went, while a dataflow runs and afterwards. */
public abstract class StatusContract extends DataflowContract {

    private static final String FAN_OUT = """
            name: harbour
            nodes:
              - id: driver
                class: Driver
                inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                outputs: [out, report]
              - {id: lossless, class: Collector, inputs: {in: {source: driver/out, queue_policy: backpressure}}, outputs: [report]}
              - {id: lossy, class: Collector, inputs: {in: {source: driver/out, queue_size: 2}}, outputs: [report]}
              - {id: newest, class: Collector, inputs: {in: {source: driver/out, queue_policy: latest}}, outputs: [report]}
              - {id: weak, class: Relay, config: {fails_at: 1500}, inputs: {in: {source: driver/out, queue_policy: backpressure}}, outputs: [out]}
            """;

    @Test
    void shouldNameNodesAndEdgesInOrderOfTheDataflow() {
        DataflowStatus status = run(FAN_OUT).running().status();
        assertThat(status.name()).isEqualTo("harbour");
        assertThat(status.state()).isEqualTo(DataflowState.RUNNING);
        assertThat(status.nodes())
                .extracting(NodeStatus::id)
                .containsExactly("driver", "lossless", "lossy", "newest", "weak");
        assertThat(status.edges())
                .extracting(EdgeStatus::name)
                .containsSubsequence(
                        "driver/out -> lossless/in",
                        "driver/out -> lossy/in",
                        "driver/out -> newest/in",
                        "driver/out -> weak/in");
        assertThat(status.edges()).allSatisfy(edge -> assertThat(edge.form()).isNotBlank());
        assertThatThrownBy(() -> status.node("nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'nobody'");
    }

    @Test
    void shouldAccountForEveryMessageWhenPoliciesDiffer() throws Exception {
        Trial trial = run(FAN_OUT);
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 3000 16");
        }
        DataflowStatus status = trial.result().status();
        status.edges().forEach(Trial::assertAddsUp);
        EdgeStatus lossless = Trial.edge(status, "driver/out -> lossless/in");
        assertThat(lossless.sent()).isEqualTo(3000);
        assertThat(lossless.received()).isEqualTo(3000);
        EdgeStatus lossy = Trial.edge(status, "driver/out -> lossy/in");
        assertThat(lossy.sent()).isEqualTo(3000);
        assertThat(lossy.conflated()).isZero();
        EdgeStatus newest = Trial.edge(status, "driver/out -> newest/in");
        assertThat(newest.sent()).isEqualTo(3000);
        assertThat(newest.dropped()).isZero();
        EdgeStatus weak = Trial.edge(status, "driver/out -> weak/in");
        assertThat(weak.received()).isEqualTo(1501);
        assertThat(weak.dropped() + weak.conflated()).isZero();

        // 3,000 messages and one answer, each counted once however many receive it; one command.
        assertThat(status.node("driver").sent()).isEqualTo(3001);
        assertThat(status.node("driver").received()).isEqualTo(1);
        assertThat(status.node("lossy").received()).isEqualTo(lossy.received());
        assertThat(status.node("lossy").dropped()).isEqualTo(lossy.dropped());
        assertThat(status.node("newest").dropped()).isEqualTo(newest.conflated());
        assertThat(status.node("lossless").incarnation()).isZero();
    }

    @Test
    @RealTime("a simulated clock stands still while a message is handled")
    void shouldMeasureHandlingWhenMessagesAreHandled() throws Exception {
        Trial trial = run(FAN_OUT);
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 3000 16");
        }
        NodeStatus lossless = trial.result().status().node("lossless");
        assertThat(lossless.handlingP50Ns()).isPositive();
        assertThat(lossless.handlingP99Ns()).isGreaterThanOrEqualTo(lossless.handlingP50Ns());
    }

    @Test
    void shouldCountWhileMessagesFlow() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: flood, class: Flood, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: flood/out}, outputs: [report]}
                """);
        Trial.await(
                "the first messages", () -> trial.edge("flood/out -> sink/in").received() > 0);
        Trial.await(
                "the node is said to run",
                () -> trial.running().status().node("sink").state() == NodeState.RUNNING);
        NodeStatus before = trial.running().status().node("sink");
        Trial.await("more messages", () -> trial.running().status().node("sink").received() > before.received());
    }
}
