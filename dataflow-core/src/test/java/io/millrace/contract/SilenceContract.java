package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.SubscribeOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code input_timeout} means. */
public abstract class SilenceContract extends DataflowContract {

    private Trial listener(String type) {
        return run("""
                queue_policy: backpressure
                nodes:
                  - {id: listener, class: %s, inputs: {in: {source: millrace/app/in, input_timeout: 20ms}}, outputs: [report]}
                """.formatted(type));
    }

    /** That of the start may have been told before the tap was there; so there is one after a first message. */
    private static void beginWithSilence(Trial trial, Tap report) throws InterruptedException {
        trial.running().publisher("in").send("begin", Trial.DEADLINE);
        while (!report.nextText().equals("0: input in begin")) {
            continue;
        }
        assertThat(report.nextText()).isEqualTo("0: closed in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mortal", "MortalLoop"})
    void shouldTellThatInputIsClosedAndThatItRecoversWhenAMessageComes(String type) throws Exception {
        Trial trial = listener(type);
        Tap report = trial.tap("listener/report", SubscribeOptions.backpressure(100));
        beginWithSilence(trial, report);
        for (String text : new String[] {"a", "b"}) {
            trial.running().publisher("in").send(text, Trial.DEADLINE);
            assertThat(report.texts(3))
                    .as("each time")
                    .containsExactly("0: recovered in", "0: input in " + text, "0: closed in");
        }
        assertThat(trial.running().status().node("listener").state())
                .as("it may come back, so the node does not end")
                .isEqualTo(NodeState.RUNNING);

        trial.running().publisher("in").close();

        assertThat(report.restTexts()).as("that it is closed it was told").containsExactly("0: all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldRecoverWhenTheProducerRunsAgain() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - {id: mortal, class: Mortal, restart_policy: on-failure, restart_delay: 500ms, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: sink, class: Recorder, inputs: {in: {source: mortal/report, input_timeout: 20ms}}, outputs: [report]}
                """);
        Tap told = trial.tap("sink/report", SubscribeOptions.backpressure(100));
        trial.running().publisher("in").send("fail", Trial.DEADLINE);
        trial.running().publisher("in").send("b", Trial.DEADLINE);
        trial.running().publisher("in").close();

        assertThat(told.restTexts())
                .containsSubsequence("input in 0: input in fail", "closed in", "recovered in", "input in 1: input in b")
                .endsWith("all closed");
    }

    @Test
    void shouldTellAnOperatorThatAnotherOneFeeds() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - id: pair
                    operators:
                      - {id: first, class: Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                      - {id: second, class: Mortal, inputs: {in: {source: pair/first/out, input_timeout: 20ms}}, outputs: [report]}
                """);
        Tap report = trial.tap("pair/second/report", SubscribeOptions.backpressure(100));
        beginWithSilence(trial, report);

        trial.running().publisher("in").send("a", Trial.DEADLINE);

        assertThat(report.texts(3)).containsExactly("0: recovered in", "0: input in a", "0: closed in");
    }
}
