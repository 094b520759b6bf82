package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.Publisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dataflow that is told to stop ends in order where it can, and in bounded time where it cannot. */
public abstract class StopContract extends DataflowContract {
    /** Longer than any stop in order takes. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static final String FLOOD = """
            queue_policy: backpressure
            nodes:
              - {id: flood, class: Flood, outputs: [out]}
              - {id: relay, class: Relay, inputs: {in: flood/out}, outputs: [out]}
              - {id: sink, class: Collector, inputs: {in: relay/out}, outputs: [report]}
            """;

    private static String busy(String heeds) {
        return """
                nodes:
                  - {id: busy, class: Busy, config: {heeds: %s}, outputs: [out]}
                  - {id: sink, class: Recorder, inputs: {in: busy/out}, outputs: [report]}
                """.formatted(heeds);
    }

    @Test
    void shouldDeliverWhatIsUnderWayWhenItIsStopped() throws Exception {
        Trial trial = run(FLOOD);
        Tap report = trial.tap("sink/report");
        Trial.await("messages flow", () -> trial.edge("relay/out -> sink/in").received() > 1000);
        trial.running().stop(PATIENT);
        String line = report.nextText();
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(result.failures()).isEmpty();
        long sent = result.status().node("flood").sent();
        assertThat(line).isEqualTo("in: " + sent + " messages, 0 to " + (sent - 1) + ", 0 missing");
        for (String edge : List.of("flood/out -> relay/in", "relay/out -> sink/in")) {
            assertThat(Trial.edge(result.status(), edge).sent()).isEqualTo(sent);
            assertThat(Trial.edge(result.status(), edge).received()).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Recorder", "Holder, config: {holds: false}"})
    void shouldDeliverWhatWasPublishedWhenItIsStopped(String node) throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - {id: sink, class: %s, inputs: {in: millrace/app/in}, outputs: [report]}
                """.formatted(node));
        Tap report = trial.tap("sink/report");
        Publisher publisher = trial.running().publisher("in");
        List<String> expected = new ArrayList<>();
        for (int message = 0; message < 100; message++) {
            publisher.send(Integer.toString(message), Trial.DEADLINE);
            expected.add("input in " + message);
        }
        trial.running().stop(PATIENT);
        expected.add("closed in");
        expected.add("all closed");
        assertThat(report.restTexts()).containsSubsequence(expected).doesNotContain("stop");
        assertThat(publisher.send("too late", Trial.DEADLINE)).isEqualTo(SendResult.CLOSED);
    }

    @Test
    @RealTime("a node that waits elsewhere than in its context has to be stopped from another thread")
    void shouldTellNodeThatItIsStoppingWhenItOnlyLooksNowAndThen() throws Exception {
        Trial trial = run(busy("stopping"));
        Tap report = trial.tap("sink/report");
        trial.running().stop(PATIENT);
        assertThat(report.restTexts()).containsExactly("open", "closed in", "all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.STOPPED);
        assertThat(trial.result().failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 200})
    @RealTime("a node that waits elsewhere than in its context has to be stopped from another thread")
    void shouldInterruptNodeAtEndOfGraceWhenItWaitsElsewhere(long graceMillis) throws Exception {
        Trial trial = run(busy("interrupt"));
        long beganNs = System.nanoTime();
        trial.running().stop(Duration.ofMillis(graceMillis));
        DataflowResult result = trial.result();
        assertThat(System.nanoTime() - beganNs).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(graceMillis));
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(result.failures())
                .as("an interrupt that passes is no failure")
                .isEmpty();
        assertThat(result.status().node("busy").state()).isEqualTo(NodeState.STOPPED);
    }

    @Test
    void shouldInterruptNodeAtEndOfGraceWhenItWaitsForRoom() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: holder, class: Holder, inputs: {in: driver/out}, outputs: [gate, report]}
                """);
        trial.gate("holder");
        trial.drive("driver").tell("send 1000");
        // One message is in hand, ten wait, and the driver waits to send another.
        Trial.await(
                "there is no room", () -> trial.edge("driver/out -> holder/in").sent() == 11);
        trial.running().stop(Duration.ofMillis(200));
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(result.failures()).isEmpty();
        Trial.assertAddsUp(Trial.edge(result.status(), "driver/out -> holder/in"));
    }

    @Test
    void shouldAbandonNodeByNameWhenItHeedsNothing() throws Exception {
        Trial trial = run(busy("nothing"));
        Tap report = trial.tap("sink/report");
        trial.running().stop(Duration.ofMillis(400));
        assertThat(report.restTexts()).as("told at half the grace").containsExactly("open", "stop");
        DataflowResult result = trial.result();
        assertThat(result.state()).as("not every node has ended").isEqualTo(DataflowState.FAILED);
        assertThat(result.status().node("busy").state()).isEqualTo(NodeState.ABANDONED);
        assertThat(Failures.of(result)).contains("busy");
        assertThat(result.status().node("sink").state()).isEqualTo(NodeState.STOPPED);
    }

    @Test
    @RealTime("a node that waits elsewhere than in its context has to be stopped from another thread")
    void shouldCloseInBoundedTimeWhenNodeHeedsNothing() {
        Trial trial = run(busy("nothing"));
        long beganNs = System.nanoTime();
        trial.running().close();
        // 100 ms of grace and two seconds are promised; the node itself would last twenty.
        assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(trial.running().state().isFinal()).isTrue();
    }

    @Test
    @RealTime("a grace has to pass while the test looks on")
    void shouldCountTheShorterGraceWhenItIsStoppedTwice() throws Exception {
        Trial trial = run(busy("interrupt"));
        var first = trial.running().stop(Duration.ofHours(1)).toCompletableFuture();
        var second = trial.running().stop(Duration.ofMillis(50)).toCompletableFuture();
        var third = trial.running().stop(Duration.ofHours(1)).toCompletableFuture();
        // The node would last twenty seconds by itself.
        DataflowResult result = first.get(10, TimeUnit.SECONDS);
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        for (var stage : List.of(first, second, third)) {
            assertThat(stage.get(Trial.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(result);
        }
    }

    @Test
    void shouldKeepItsResultWhenItIsStoppedAfterItsEnd() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: source, class: Counter, config: {count: 3}, outputs: [out]}
                """);
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        var stopped = trial.running().stop(PATIENT).toCompletableFuture();
        assertThat(stopped.get(Trial.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(result);
        trial.running().close();
        trial.running().close();
        assertThat(trial.running().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldEndWhenItIsClosedRightAfterItsStart() {
        for (int round = 0; round < 20; round++) {
            Trial trial = run(FLOOD);
            trial.running().close();
            assertThat(trial.running().state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldEndWhenSeveralThreadsStopIt() throws Exception {
        Trial trial = run(FLOOD);
        Threads threads = new Threads();
        for (int thread = 0; thread < 4; thread++) {
            threads.start(() -> trial.running().close());
        }
        threads.join();
        assertThat(trial.running().state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldRunOnWhenWaitingForItsEndTakesTooLong() {
        Trial trial = run(FLOOD);
        assertThatThrownBy(() -> trial.running().await(Duration.ofMillis(20))).isInstanceOf(TimeoutException.class);
        assertThat(trial.running().state()).isEqualTo(DataflowState.RUNNING);
    }

    @Test
    void shouldReleaseThoseWhoWaitForItsEndWhenItEnds() throws Exception {
        Trial trial = run(FLOOD);
        Threads threads = new Threads();
        threads.start(() -> assertThat(trial.running().await().state()).isEqualTo(DataflowState.STOPPED));
        trial.running().stop(PATIENT);
        threads.join();
    }
}
