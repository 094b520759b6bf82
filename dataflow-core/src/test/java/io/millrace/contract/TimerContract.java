package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowMetrics.TimerMetrics;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Timers tick from the start on, never early, never in piles, and do not keep a dataflow from being stopped. */
public abstract class TimerContract extends DataflowContract {

    /** When each tick came, in nanoseconds after its node was opened. */
    private static List<Long> times(List<String> lines) {
        return lines.stream().map(Long::valueOf).toList();
    }

    @Test
    @RealTime("a simulated clock passes either not at all or as fast as it can")
    void shouldTickAtOnceWhenDataflowStarts() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: clock, class: Recorder, inputs: {tick: dora/timer/secs/3600}, outputs: [report]}
                """);
        Trial.await(
                "the first tick", () -> trial.running().status().node("clock").received() == 1);
    }

    @Test
    void shouldTickNoFasterThanItsInterval() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: clock, class: Ticks, inputs: {tick: dora/timer/millis/20}, outputs: [report]}
                """);
        Tap report = trial.tap("clock/report");
        // Ticks may have come before the tap did: each of these is at least the one it would be if none had.
        List<Long> times = times(report.texts(6));
        assertThat(times).isSorted();
        for (int tick = 1; tick < times.size(); tick++) {
            assertThat(times.get(tick)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20L * tick));
        }
    }

    @Test
    void shouldTickOnWhenNothingElseHappens() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: reactive, class: Recorder, inputs: {tick: dora/timer/hz/500}, outputs: [report]}
                  - {id: loop, class: Ticks, inputs: {tick: millrace/timer/micros/2000}, outputs: [report]}
                """);
        Tap reactive = trial.tap("reactive/report");
        Tap loop = trial.tap("loop/report");
        assertThat(reactive.texts(10)).contains("input tick ");
        assertThat(times(loop.texts(10))).isSorted();
    }

    @Test
    void shouldTickOnceWhenConsumerWasLateByManyIntervals() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: late, class: Ticks, inputs: {hold: millrace/app/hold, tick: dora/timer/millis/30}, outputs: [gate, report]}
                  - {id: prompt, class: Ticks, inputs: {tick: dora/timer/millis/30}, outputs: [report]}
                """);
        Tap gate = trial.gate("late");
        Tap late = trial.tap("late/report");
        trial.running().publisher("hold").send("hold", Trial.DEADLINE);
        while (!late.nextText().equals("holding")) {
            continue;
        }
        // The other node shows how time passes.
        trial.tap("prompt/report").texts(15);
        gate.next();
        List<Long> times = times(late.texts(6));
        // The first comes at once, the second at the next interval, and so on; a pile of fifteen would take no time at
        // all.
        assertThat(times.get(5) - times.get(0)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(60));
    }

    @Test
    @RealTime("a simulated clock passes either not at all or as fast as it can")
    void shouldTickInTimeWhenAnotherInputNeverRunsEmpty() throws Exception {
        for (String timer : List.of("millis/3", "micros/3000", "nanos/3000000", "hz/333.33333333333")) {
            long beganNs = System.nanoTime();
            Trial trial = run("""
                    nodes:
                      - {id: flood, class: Flood, outputs: [out]}
                      - {id: busy, class: Drain, inputs: {in: {source: flood/out, queue_policy: backpressure}, tick: dora/timer/TIMER}}
                    """.replace("TIMER", timer));
            Trial.await(
                    "ticks and messages",
                    () -> trial.running().metrics().timer("busy/tick").ticks() >= 20
                            && trial.edge("flood/out -> busy/in").received() > 10_000);
            TimerMetrics tick = trial.running().metrics().timer("busy/tick");
            long elapsedNs = System.nanoTime() - beganNs;
            // The first one at once; none early, and none made up for: with those left out they are as many as
            // intervals have passed.
            assertThat((tick.ticks() + tick.missed() - 1) * tick.intervalNs())
                    .as(timer)
                    .isLessThanOrEqualTo(elapsedNs);
            assertThat(tick.intervalNs()).isBetween(3_000_000L, 3_000_001L);
            assertThat(tick.lateness().samples()).isGreaterThanOrEqualTo(20);
            trial.running().stop(Duration.ZERO);
            trial.result();
        }
    }

    @Test
    void shouldNotTellThatAllInputsAreClosedWhenTimerTicksOn() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: node, class: Recorder, inputs: {in: millrace/app/in, tick: dora/timer/millis/5}, outputs: [report]}
                """);
        Tap report = trial.tap("node/report");
        trial.running().publisher("in").close();
        List<String> lines = new ArrayList<>();
        while (!lines.contains("closed in")) {
            lines.add(report.nextText());
        }
        assertThat(report.texts(3)).containsOnly("input tick ");
        trial.running().stop(Duration.ofSeconds(30));
        List<String> last = report.restTexts();
        assertThat(last).endsWith("all closed").doesNotContain("stop");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(result.status().node("node").state()).isEqualTo(NodeState.STOPPED);
    }

    @Test
    void shouldTellThatAllInputsAreClosedWhenDataflowExitsWithItsNodes() throws Exception {
        Trial trial = run("""
                exit_when_nodes_finish: true
                nodes:
                  - {id: node, class: Recorder, inputs: {in: millrace/app/in, tick: dora/timer/millis/5}, outputs: [report]}
                """);
        Tap report = trial.tap("node/report");
        trial.running().publisher("in").close();
        assertThat(report.restTexts()).endsWith("all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldEndByStopWhenNodeHasOnlyTimers() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: node, class: Recorder, inputs: {tick: dora/timer/millis/1, tock: dora/timer/millis/3}, outputs: [report]}
                  - {id: sink, class: Recorder, inputs: {in: node/report}, outputs: [report]}
                """);
        Tap report = trial.tap("node/report");
        Tap end = trial.tap("sink/report");
        report.texts(10);
        trial.running().stop(Duration.ofSeconds(30));
        assertThat(report.restTexts()).endsWith("stop");
        assertThat(end.restTexts()).as("the nodes behind it").endsWith("all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    @RealTime("a simulated clock passes either not at all or as fast as it can")
    void shouldReturnEventWhenItComesBeforeTimeout() throws Exception {
        Trial trial = run(LoopContract.DRIVER_AND_HOLDER);
        Commands driver = trial.drive("driver");
        driver.tell("nextFor 60000");
        driver.tell("taken as the event that is waited for");
        assertThat(driver.report().nextText()).startsWith("next INPUT");
    }
}
