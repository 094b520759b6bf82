package io.millrace.local.crew;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.Execution.Idle;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.Preparation;
import io.millrace.node.Operator;
import io.millrace.runtime.StartOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadPlanTest {

    private static ThreadPlan plan(int threads, int cores, DataflowBuilder flow) {
        Plan plan = Preparation.plan(flow.build().graph(), StartOptions.DEFAULT);
        return ThreadPlan.of(plan.nodes(), threads, Idle.PARK, cores);
    }

    private static DataflowBuilder operators(int count) {
        DataflowBuilder flow = Dataflow.builder("flow");
        for (int i = 0; i < count; i++) {
            flow.operator("n" + i, () -> new Operator() {}, ports -> ports.input("in", "millrace/app/in"));
        }
        return flow;
    }

    private static List<List<String>> shared(ThreadPlan plan) {
        return plan.shared().stream()
                .map(nodes -> nodes.stream().map(node -> node.node().id()).toList())
                .toList();
    }

    @Test
    void shouldPutNeighboursOnOneWorkerWhenNodesShareThreads() {
        assertThat(shared(plan(2, 4, operators(5)))).containsExactly(List.of("n0", "n1"), List.of("n2", "n3", "n4"));
        assertThat(shared(plan(3, 4, operators(3)))).containsExactly(List.of("n0"), List.of("n1"), List.of("n2"));
    }

    @Test
    void shouldHaveNoWorkerWithoutNodes() {
        assertThat(plan(8, 4, operators(2)).threads()).isEqualTo(2);
        assertThat(plan(0, 4, operators(2)).shared()).isEmpty();
    }

    @Test
    void shouldGiveAThreadOfItsOwnToWhoNeedsOne() {
        DataflowBuilder flow = operators(2)
                .node("loop", () -> context -> {}, ports -> ports.output("out"))
                .operator(
                        "spinner",
                        () -> new Operator() {},
                        ports -> ports.input("in", "loop/out").idle(Idle.BUSY_SPIN))
                .operator(
                        "pinned",
                        () -> new Operator() {},
                        ports -> ports.input("in", "loop/out").cpuAffinity(0));
        ThreadPlan plan = plan(1, 8, flow);

        assertThat(shared(plan)).containsExactly(List.of("n0", "n1"));
        assertThat(plan.own()).extracting(node -> node.node().id()).containsExactly("loop", "spinner", "pinned");
        assertThat(plan.threads()).isEqualTo(4);
        assertThat(plan.summary())
                .isEqualTo("5 nodes, 2 of them on 1 workers and 3 on a thread each, on 8 cores; without work"
                        + " 3 spin briefly, then park, 1 spin");
    }

    @Test
    void shouldNotSpinWhenNoCoreIsSpare() {
        assertThat(plan(0, 4, operators(3)).isCoreSpare()).isTrue();
        assertThat(plan(0, 3, operators(3)).isCoreSpare()).isFalse();
        assertThat(plan(2, 3, operators(3)).isCoreSpare()).isTrue();
        assertThat(plan(0, 3, operators(3)).summary())
                .isEqualTo("3 nodes, a thread each, on 3 cores; without work 3 park");
    }

    @Test
    void shouldRemarkOnMoreSpinningThreadsThanCores() {
        DataflowBuilder flow = Dataflow.builder("flow");
        for (int i = 0; i < 3; i++) {
            flow.operator(
                    "n" + i,
                    () -> new Operator() {},
                    ports -> ports.input("in", "millrace/app/in").idle(Idle.BUSY_SPIN));
        }
        assertThat(plan(0, 3, flow).remark()).isEmpty();
        assertThat(plan(0, 2, flow).remark().orElseThrow()).contains("3 threads spin", "only 2 cores");
    }
}
