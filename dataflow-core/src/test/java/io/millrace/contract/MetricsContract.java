package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.TimerMetrics;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bytes, losses, backlogs and times are measured where messages flow, and are not where that is off. */
public abstract class MetricsContract extends DataflowContract {

    private static final String FAN_OUT = """
            name: harbour
            nodes:
              - id: driver
                class: Driver
                inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                outputs: [out, report]
              - {id: lossless, class: Collector, inputs: {in: {source: driver/out, queue_size: 7, queue_policy: backpressure}}, outputs: [report]}
              - {id: lossy, class: Collector, inputs: {in: {source: driver/out, queue_size: 2}}, outputs: [report]}
              - {id: newest, class: Collector, inputs: {in: {source: driver/out, queue_policy: latest}}, outputs: [report]}
            """;

    private static final String HELD = """
            nodes:
              - id: driver
                class: Driver
                inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                outputs: [out, report]
              - {id: holder, class: Holder, inputs: {in: {source: driver/out, queue_size: 5, queue_policy: POLICY}}, outputs: [report, gate]}
            """;

    private static void assertRising(Times times) {
        assertThat(times.samples()).isPositive();
        assertThat(times.p50Ns()).isNotNegative();
        assertThat(times.p90Ns()).isGreaterThanOrEqualTo(times.p50Ns());
        assertThat(times.p99Ns()).isGreaterThanOrEqualTo(times.p90Ns());
        assertThat(times.p999Ns()).isGreaterThanOrEqualTo(times.p99Ns());
        assertThat(times.maxNs()).isGreaterThanOrEqualTo(times.p999Ns()).isPositive();
    }

    private DataflowMetrics afterPattern(Trial trial) throws InterruptedException {
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 3000 16");
        }
        trial.result();
        return trial.running().metrics();
    }

    @Test
    void shouldCountMessagesAndBytesOfNodesAndEdges() throws Exception {
        DataflowMetrics metrics = afterPattern(run(FAN_OUT));

        assertThat(metrics.name()).isEqualTo("harbour");
        EdgeMetrics lossless = metrics.edge("driver/out -> lossless/in");
        assertThat(lossless.node()).isEqualTo("lossless");
        assertThat(lossless.queueSize()).isEqualTo(7);
        assertThat(lossless.sent()).isEqualTo(3000);
        assertThat(lossless.received()).isEqualTo(3000);
        assertThat(lossless.receivedBytes()).isEqualTo(48_000);
        assertThat(lossless.lost()).isEqualTo(new Lost(0, 0, 0, 0));
        for (EdgeMetrics edge : metrics.edges()) {
            assertThat(edge.received() + edge.lost().total()).as(edge.name()).isEqualTo(edge.sent());
            assertThat(edge.backlog()).as(edge.name()).isZero();
        }
        NodeMetrics driver = metrics.node("driver");
        assertThat(driver.state()).isEqualTo(NodeState.FINISHED);
        assertThat(driver.receivedBytes()).isEqualTo("pattern 3000 16".length());
        // 3,000 messages and one answer, each counted once however many receive it.
        assertThat(driver.sentBytes()).isEqualTo(48_000 + "sent 3000".length());
        NodeMetrics newest = metrics.node("newest");
        assertThat(newest.dropped())
                .isEqualTo(metrics.edge("driver/out -> newest/in").lost().conflated());
        assertThat(newest.receivedBytes()).isEqualTo(16 * newest.received());
        assertThatThrownBy(() -> metrics.node("nobody")).hasMessageContaining("'nobody'");
        assertThatThrownBy(() -> metrics.edge("a -> b")).hasMessageContaining("'a -> b'");
        assertThatThrownBy(() -> metrics.timer("a/tick")).hasMessageContaining("'a/tick'");
    }

    @Test
    void shouldMeasureTimesWhenMessagesFlow() throws Exception {
        DataflowMetrics metrics = afterPattern(run(FAN_OUT));

        for (EdgeMetrics edge : metrics.edges()) {
            // Where messages were lost, those that would have been measured may be among them.
            if (edge.hop().samples() > 0) {
                assertRising(edge.hop());
            }
        }
        // The first 1,024 all, of the others the fewer the faster they come.
        assertThat(metrics.edge("driver/out -> lossless/in").hop().samples()).isGreaterThan(1024);
        assertRising(metrics.node("lossless").handling());
    }

    @Test
    void shouldShowBacklogAndHighWaterWhenAConsumerStandsStill() throws Exception {
        for (String policy : new String[] {"backpressure", "drop_oldest"}) {
            Trial trial = run(HELD.replace("POLICY", policy));
            Tap gate = trial.gate("holder");
            Tap report = trial.tap("holder/report");
            Commands driver = trial.drive("driver");
            driver.ask("send 1");
            assertThat(report.nextText()).startsWith("input in");
            driver.ask("send 3");
            Trial.await(
                    "three wait, which on the way between machines takes a moment",
                    () -> trial.running()
                                    .metrics()
                                    .edge("driver/out -> holder/in")
                                    .backlog()
                            == 3);
            EdgeMetrics three = trial.running().metrics().edge("driver/out -> holder/in");
            assertThat(three.highWater()).as(policy).isEqualTo(3);
            driver.ask("fill 4");
            Trial.await(
                    "five wait, as far as the edge has seen",
                    () -> trial.running()
                                    .metrics()
                                    .edge("driver/out -> holder/in")
                                    .highWater()
                            == 5);
            gate.next();
            driver.close();
            assertThat(report.restTexts()).endsWith("ended");
            EdgeMetrics over = trial.running().metrics().edge("driver/out -> holder/in");
            assertThat(over.backlog()).as(policy).isZero();
            assertThat(over.highWater()).as(policy).isEqualTo(5);
            assertThat(over.lost().dropped()).as(policy).isEqualTo(policy.equals("backpressure") ? 0 : 2);
        }
    }

    @Test
    void shouldTellHowLateTicksAreWhenAConsumerStandsStill() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: late, class: Ticks, inputs: {hold: millrace/app/hold, tick: dora/timer/micros/500}, outputs: [gate, report]}
                  - {id: prompt, class: Ticks, inputs: {tick: dora/timer/hz/12.5}, outputs: [report]}
                """);
        Tap gate = trial.gate("late");
        Tap late = trial.tap("late/report");
        assertThat(trial.running().publisher("hold").send("hold", Trial.DEADLINE))
                .isEqualTo(SendResult.ACCEPTED);
        while (!late.nextText().equals("holding")) {
            continue;
        }
        long missedBefore = trial.running().metrics().timer("late/tick").missed();
        trial.tap("prompt/report").texts(2); // 80 ms from one to the next
        gate.next();
        Trial.await(
                "the late tick",
                () -> trial.running().metrics().timer("late/tick").missed() > missedBefore);
        DataflowMetrics metrics = trial.running().metrics();
        TimerMetrics tick = metrics.timer("late/tick");
        assertThat(tick.node()).isEqualTo("late");
        assertThat(tick.source()).isEqualTo("dora/timer/micros/500");
        assertThat(tick.intervalNs()).isEqualTo(500_000);
        assertRising(tick.lateness());
        assertThat(tick.missed() - missedBefore).isGreaterThanOrEqualTo(158);
        assertThat(tick.lateness().maxNs()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(70));
        assertThat(metrics.timer("prompt/tick").intervalNs()).isEqualTo(80_000_000);
    }

    @Test
    void shouldOnlyCountMessagesWhenItIsOff() throws Exception {
        DataflowMetrics metrics = afterPattern(
                run(parse(FAN_OUT), OPTIONS.toBuilder().metrics(false).build()));

        EdgeMetrics lossless = metrics.edge("driver/out -> lossless/in");
        assertThat(lossless.received()).isEqualTo(3000);
        assertThat(lossless.receivedBytes()).isZero();
        assertThat(lossless.highWater()).isZero();
        assertThat(metrics.edges()).allSatisfy(edge -> assertThat(edge.hop()).isEqualTo(Times.NONE));
        assertThat(metrics.nodes()).allSatisfy(node -> {
            assertThat(node.handling()).isEqualTo(Times.NONE);
            assertThat(node.sentBytes()).isZero();
        });
        assertThat(metrics.node("driver").sent()).isEqualTo(3001);
    }

    @Test
    void shouldBeReadWhileMessagesFlow() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: flood, class: Flood, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: flood/out}, outputs: [report]}
                """);
        Trial.await(
                "samples beyond the first ones",
                () -> trial.running()
                                .metrics()
                                .edge("flood/out -> sink/in")
                                .hop()
                                .samples()
                        > 1100);
        EdgeMetrics edge = trial.running().metrics().edge("flood/out -> sink/in");
        assertThat(edge.backlog()).isBetween(0L, 10L);
        assertThat(edge.highWater()).isBetween(1L, 10L);
        assertRising(edge.hop());
        trial.running().stop(Duration.ZERO);
    }
}
