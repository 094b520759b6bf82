package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowResult.Failure;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a dataflow ends by itself, and that a node which fails does so alone. */
public abstract class FailureContract extends DataflowContract {

    /** Two lines of nodes that have nothing to do with each other. */
    private static String twoLines(String onFailure, String config) {
        return """
                queue_policy: backpressure
                %s
                nodes:
                  - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, report]}
                  - {id: weak, class: Recorder, config: {%s}, inputs: {in: a/out}, outputs: [report]}
                  - {id: b, class: Driver, inputs: {command: millrace/app/b}, outputs: [out, report]}
                  - {id: sink, class: Collector, inputs: {in: b/out}, outputs: [report]}
                """.formatted(onFailure, config);
    }

    private static Failure cause(DataflowResult result) {
        return result.cause().orElseThrow(() -> new AssertionError("no failure in " + result));
    }

    @Test
    void shouldFinishWhenEverySourceHasEnded() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: source, class: Counter, config: {count: 1000}, outputs: [out]}
                  - {id: relay, class: Relay, inputs: {in: source/out}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: relay/out}, outputs: [report]}
                """);
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.failures()).isEmpty();
        assertThat(result.cause()).isEmpty();
        assertThat(result.status().nodes()).allMatch(node -> node.state() == NodeState.FINISHED);
        assertThat(result.status().node("sink").received()).isEqualTo(1000);
        assertThat(trial.running().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldFailAloneWhenOneNodeThrows() throws Exception {
        Trial trial = run(twoLines("", "fails_at: input in 2"));
        Tap report = trial.tap("sink/report");
        Commands b = trial.drive("b");
        try (Commands a = trial.drive("a")) {
            a.ask("send 3");
        }
        Trial.await(
                "the node has failed",
                () -> trial.running().status().node("weak").state().equals(NodeState.FAILED));
        assertThat(trial.running().state()).isEqualTo(DataflowState.RUNNING);
        b.ask("pattern 500 16");
        b.close();
        assertThat(report.restTexts()).containsExactly("in: 500 messages, 0 to 499, 0 missing");

        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).hasSize(1);
        assertThat(cause(result).node()).isEqualTo("weak");
        assertThat(cause(result).toString()).contains("'weak'", "recorder was told to fail at 'input in 2'");
        assertThat(result.status().node("weak").state()).isEqualTo(NodeState.FAILED);
        assertThat(result.status().node("sink").state()).isEqualTo(NodeState.FINISHED);
    }

    @ParameterizedTest
    @CsvSource({
        "input in 0, exception, IllegalStateException",
        "input in 0, checked, IOException",
        "input in 0, assertion, AssertionError",
        "input in 0, stack_overflow, StackOverflowError",
        "input in 0, out_of_memory, OutOfMemoryError",
        "closed in, exception, IllegalStateException",
        "all closed, exception, IllegalStateException"
    })
    void shouldFailNodeWhenItsCallbackThrows(String callback, String mishap, String type) throws Exception {
        Trial trial = run(twoLines("", "fails_at: " + callback + ", mishap: " + mishap));
        trial.drive("b").close();
        try (Commands a = trial.drive("a")) {
            a.ask("send 1");
        }
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).extracting(Failure::node).containsExactly("weak");
        assertThat(Failures.of(result)).contains(type);
    }

    @Test
    void shouldFailNodeWhenItThrowsWhileItStops() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: weak, class: Recorder, config: {fails_at: stop}, inputs: {tick: dora/timer/secs/3600}}
                """);
        trial.running().stop(Duration.ofSeconds(10));
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(cause(result).node()).isEqualTo("weak");
    }

    @Test
    void shouldFailNodeWhenItsCloseThrows() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: weak, class: Recorder, config: {fails_in_close: true}, inputs: {in: millrace/app/in}}
                """);
        trial.running().publisher("in").close();
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(cause(result).node()).isEqualTo("weak");
        assertThat(result.status().node("weak").state()).isEqualTo(NodeState.FAILED);
    }

    @Test
    void shouldFailNodeWhenItsLoopThrows() throws Exception {
        Trial trial = run(twoLines("", ""));
        trial.drive("a").tell("fail");
        trial.drive("b").close();
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(cause(result).node()).isEqualTo("a");
        assertThat(cause(result).toString()).contains("driver was told to fail");
    }

    @Test
    void shouldNotDeliverMessageAgainWhenItsHandlingFailed() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, report]}
                  - {id: weak, class: Relay, config: {fails_at: 1}, inputs: {in: a/out}, outputs: [out]}
                """);
        Tap relayed = trial.tap("weak/out");
        try (Commands a = trial.drive("a")) {
            a.ask("send 4");
        }
        assertThat(relayed.restTexts()).as("what was sent before the failure").containsExactly("0");
        EdgeStatus edge = Trial.edge(trial.result().status(), "a/out -> weak/in");
        assertThat(edge.received()).as("the second was taken, and no other").isEqualTo(2);
        Trial.assertAddsUp(edge);
    }

    @Test
    void shouldAbortClaimWhenNodeFailsWhileItWrites() throws Exception {
        Trial trial = run(twoLines("", ""));
        Tap out = trial.tap("a/out");
        Commands a = trial.drive("a");
        a.ask("send 2");
        a.tell("failClaiming");
        assertThat(out.restTexts()).containsExactly("0", "1");
    }

    @Test
    void shouldNameFirstFailureAsCauseWhenSeveralNodesFail() throws Exception {
        Trial trial = run(twoLines("", "fails_at: input in 0"));
        Commands a = trial.drive("a");
        Commands b = trial.drive("b");
        b.tell("fail");
        Trial.await(
                "the first has failed",
                () -> trial.running().status().node("b").state().equals(NodeState.FAILED));
        a.ask("send 1");
        a.close();
        DataflowResult result = trial.result();
        assertThat(result.failures()).extracting(Failure::node).containsExactly("b", "weak");
        assertThat(cause(result).node()).isEqualTo("b");
    }

    @Test
    void shouldStopTheOthersInOrderWhenDataflowSaysSo() throws Exception {
        Trial trial = run(
                parse("""
                        on_failure: stop
                        queue_policy: backpressure
                        nodes:
                          - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, report]}
                          - {id: flood, class: Flood, outputs: [out]}
                          - {id: sink, class: Collector, inputs: {in: flood/out}, outputs: [report]}
                        """),
                OPTIONS.toBuilder().closeGrace(Duration.ofSeconds(30)).build());
        Tap report = trial.tap("sink/report");
        Trial.await("messages flow", () -> trial.edge("flood/out -> sink/in").received() > 0);
        trial.drive("a").tell("fail");
        String line = report.nextText();
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).hasSize(1);
        assertThat(cause(result).node()).isEqualTo("a");
        assertThat(result.status().node("flood").state()).isEqualTo(NodeState.STOPPED);
        long sent = result.status().node("flood").sent();
        assertThat(line).isEqualTo("in: " + sent + " messages, 0 to " + (sent - 1) + ", 0 missing");
    }

    @Test
    void shouldLetProducerGoOnWhenItsOnlyConsumerHasFailed() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, report]}
                  - {id: relay, class: Relay, inputs: {in: a/out}, outputs: [out]}
                  - {id: weak, class: Recorder, config: {fails_at: input in 0}, inputs: {in: relay/out}}
                """);
        try (Commands a = trial.drive("a")) {
            assertThat(a.ask("send 1000")).isEqualTo("sent 1000");
        }
        DataflowResult result = trial.result();
        assertThat(Trial.edge(result.status(), "a/out -> relay/in").received()).isEqualTo(1000);
        assertThat(result.status().node("relay").state()).isEqualTo(NodeState.FINISHED);
        assertThat(result.status().node("weak").received()).isEqualTo(1);
    }

    @Test
    void shouldServeOtherConsumersWhenOneHasFailed() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, report]}
                  - {id: weak, class: Relay, config: {fails_at: 5}, inputs: {in: a/out}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: a/out}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        try (Commands a = trial.drive("a")) {
            a.ask("pattern 1000 16");
        }
        assertThat(report.restTexts()).containsExactly("in: 1000 messages, 0 to 999, 0 missing");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "stack_overflow"})
    void shouldTellListenerBeforeTheEndWhenNodeFails(String mishap) throws Exception {
        Trial trial = run(twoLines("", "fails_at: input in 0, mishap: " + mishap));
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        trial.running().listen(events::add);
        trial.drive("b").close();
        try (Commands a = trial.drive("a")) {
            a.ask("send 1");
        }
        trial.result();
        DataflowEvent end = new DataflowEvent.StateChanged(DataflowState.FAILED);
        Trial.await("the listener has heard of the end", () -> events.contains(end));
        assertThat(events).endsWith(end);
        assertThat(events)
                .filteredOn(DataflowEvent.NodeFailed.class::isInstance)
                .singleElement()
                .satisfies(event ->
                        assertThat(((DataflowEvent.NodeFailed) event).node()).isEqualTo("weak"));
        assertThat(events).contains(new DataflowEvent.NodeStateChanged("weak", NodeState.FAILED));
    }
}
