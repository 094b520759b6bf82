package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How nodes wait, and whether they share threads, makes no difference to what they do. */
public abstract class ThreadContract extends DataflowContract {

    /** A source, and four nodes in a line after it. */
    private static String line(String root, String node) {
        return """
                queue_policy: backpressure
                queue_size: 4
                %s
                nodes:
                  - {id: source, class: Counter, %s, config: {count: 2000}, outputs: [out]}
                  - {id: a, class: Relay, %s, inputs: {in: source/out}, outputs: [out]}
                  - {id: b, class: Relay, %s, inputs: {in: a/out}, outputs: [out]}
                  - {id: c, class: Relay, %s, inputs: {in: b/out}, outputs: [out]}
                  - {id: sink, class: Collector, %s, inputs: {in: c/out}, outputs: [report]}
                """.formatted(root, node, node, node, node, node);
    }

    private static void assertAllArrives(Trial trial) throws Exception {
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.status().node("sink").received()).isEqualTo(2000);
    }

    @ParameterizedTest
    @CsvSource({"1, park", "2, park", "3, backoff", "100, yield"})
    void shouldLoseNothingWhenNodesShareThreads(int threads, String idle) throws Exception {
        assertAllArrives(run(line("threads: " + threads, "idle: " + idle)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"park", "backoff", "yield"})
    void shouldLoseNothingHoweverNodesWait(String idle) throws Exception {
        assertAllArrives(run(line("", "idle: " + idle)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"park", "backoff", "yield", "busy-spin"})
    void shouldHearOfMessageAndStopHoweverItWaits(String idle) throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: operator, class: Recorder, idle: %s, inputs: {in: millrace/app/in}, outputs: [report]}
                """.formatted(idle));
        Tap report = trial.tap("operator/report");
        trial.running().publisher("in").send("a", Trial.DEADLINE);
        Trial.await(
                "the message is taken",
                () -> trial.running().status().node("operator").received() == 1);
        trial.running().stop(Trial.DEADLINE);
        assertThat(trial.result().state()).isEqualTo(DataflowState.STOPPED);
        assertThat(report.restTexts()).contains("input in a", "closed in", "all closed");
    }

    @Test
    void shouldFailAloneWhenItSharesItsThread() throws Exception {
        Trial trial = run("""
                threads: 1
                nodes:
                  - {id: weak, class: Recorder, config: {fails_at: input in a}, inputs: {in: millrace/app/weak}, outputs: [report]}
                  - {id: strong, class: Recorder, inputs: {in: millrace/app/strong}, outputs: [report]}
                """);
        Tap report = trial.tap("strong/report");
        trial.running().publisher("weak").send("a", Trial.DEADLINE);
        Trial.await(
                "the weak one has failed",
                () -> trial.running().status().node("weak").state() == NodeState.FAILED);
        trial.running().publisher("strong").send("b", Trial.DEADLINE);
        trial.running().publisher("strong").close();

        assertThat(report.restTexts()).contains("input in b", "all closed");
        DataflowResult result = trial.result();
        assertThat(result.status().node("strong").state()).isEqualTo(NodeState.FINISHED);
        assertThat(result.failures()).hasSize(1);
    }

    @Test
    void shouldTickForEachWhenNodesWithTimersShareOneThread() throws Exception {
        Trial trial = run("""
                threads: 1
                nodes:
                  - {id: quick, class: Recorder, inputs: {tick: dora/timer/millis/2}, outputs: [report]}
                  - {id: slow, class: Recorder, inputs: {tick: dora/timer/millis/50}, outputs: [report]}
                """);
        Tap quick = trial.tap("quick/report");
        Tap slow = trial.tap("slow/report");
        assertThat(slow.texts(3)).contains("input tick ");
        assertThat(quick.texts(10)).contains("input tick ");
    }

    @Test
    void shouldSleepNoLessThanItAsks() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: sleeper, class: Sleeper, config: {millis: 20}, outputs: [report]}
                """);
        for (String sleptNs : trial.tap("sleeper/report").texts(3)) {
            assertThat(Long.parseLong(sleptNs)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void shouldWakeAtOnceWhenDataflowIsStopped() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: sleeper, class: Sleeper, config: {millis: 3600000}, outputs: [report]}
                """);
        Tap report = trial.tap("sleeper/report");
        trial.running().stop(Duration.ofHours(1));
        assertThat(trial.result().state()).isEqualTo(DataflowState.STOPPED);
        assertThat(report.restTexts()).containsExactly("cut short, stopping true");
    }
}
