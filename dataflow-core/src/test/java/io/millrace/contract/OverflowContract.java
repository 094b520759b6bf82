package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A reactive node may send more in one callback than there is room for: it neither waits nor loses, within bounds. */
public abstract class OverflowContract extends DataflowContract {

    private static String multiplier(String config, int queueSize) {
        return """
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: many, class: Multiplier, config: {%s}, inputs: {in: {source: driver/out, queue_size: 4}}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: {source: many/out, queue_size: %d}}, outputs: [report]}
                """.formatted(config, queueSize);
    }

    @Test
    void shouldLoseNothingWhenCallbackSendsMoreThanThereIsRoomFor() throws Exception {
        Trial trial = run(multiplier("times: 50", 2));
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 100");
        }
        assertThat(report.restTexts()).containsExactly("in: 5000 messages, 0 to 4999, 0 missing");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldLoseNothingWhenCallbackSendsLargePayloadsBeyondTheRoom() throws Exception {
        Trial trial = run(multiplier("times: 5, length: 100000", 1));
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 4");
        }
        assertThat(report.restTexts()).containsExactly("in: 20 messages, 0 to 19, 0 missing");
    }

    @Test
    void shouldTakeNoInputWhenMessagesStillWaitForRoom() throws Exception {
        Trial trial = run(multiplier("times: 5", 100));
        Tap many = trial.tap("many/out", SubscribeOptions.backpressure(2));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            // Two of five messages stand in the subscription, the others wait in the node.
            Trial.await(
                    "the callback has run",
                    () -> trial.edge("many/out -> sink/in").received() == 2);
            assertThat(driver.ask("fill 1000")).isEqualTo("FULL after 4");
            assertThat(trial.edge("driver/out -> many/in").received()).isEqualTo(1);
        }
        assertThat(many.rest()).hasSize(25);
    }

    @Test
    void shouldSendEverythingBeforeItEndsWhenLastCallbackSendsMoreThanThereIsRoomFor() throws Exception {
        Trial trial = run(multiplier("times: 500, when: all_closed", 2));
        Tap report = trial.tap("sink/report");
        trial.drive("driver").close();
        assertThat(report.restTexts()).containsExactly("in: 500 messages, 0 to 499, 0 missing");
    }

    @Test
    void shouldSendEverythingBeforeItEndsWhenStopCallbackSendsMoreThanThereIsRoomFor() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: many, class: Multiplier, config: {times: 300, when: stop}, inputs: {tick: dora/timer/secs/3600}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: {source: many/out, queue_size: 2}}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        trial.running().stop(Duration.ofSeconds(30));
        assertThat(report.restTexts()).containsExactly("in: 300 messages, 0 to 299, 0 missing");
        assertThat(trial.result().state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldFailNodeNamingOutputWhenCallbackSendsWithoutMeasure() throws Exception {
        Trial trial = run(multiplier("times: 2000000", 10));
        // Nobody takes what is sent, so all of it would have to wait in the node.
        Tap many = trial.tap("many/out", SubscribeOptions.backpressure(1));
        try (Commands driver = trial.drive("driver")) {
            driver.tell("send 1");
            Trial.await(
                    "the node has failed",
                    () -> trial.running().status().node("many").state().equals(NodeState.FAILED));
        }
        many.close();
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.cause().orElseThrow().node()).isEqualTo("many");
        assertThat(result.cause().orElseThrow().toString()).contains("many/out");
    }

    @Test
    void shouldNeverOverflowWhenEveryConsumerIsLossy() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: many, class: Multiplier, config: {times: 200000}, inputs: {in: millrace/app/in}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: many/out}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        trial.running().publisher("in").send("go", Trial.DEADLINE);
        trial.running().publisher("in").close();
        assertThat(report.nextText()).contains(" to 199999, ");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }
}
