package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.NodeState;
import org.junit.jupiter.api.Test;

/** What a node with its own loop may rely on when it asks for events and offers messages. */
public abstract class LoopContract extends DataflowContract {

    /** Nodes that take so many messages and then end. */
    private static final String TAKERS = """
            queue_policy: backpressure
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: one, class: Holder, config: {holds: false, takes: 1}, inputs: {in: driver/out}, outputs: [report]}
              - {id: two, class: Holder, config: {holds: false, takes: 2}, inputs: {in: driver/out}, outputs: [report]}
            """;

    static final String DRIVER_AND_HOLDER = """
            queue_policy: backpressure
            queue_size: 2
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: holder, class: Holder, inputs: {in: driver/out}, outputs: [gate, report]}
            """;

    /** A node that stands still with its first message in hand, and then ends. */
    private static final String HOLDER_OF_ONE = """
            queue_policy: backpressure
            queue_size: 2
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: holder, class: Holder, config: {takes: 1}, inputs: {in: driver/out}, outputs: [gate, report]}
            """;

    private static void awaitEnd(Trial trial, String node) {
        Trial.await(
                node + " has ended",
                () -> trial.running().status().node(node).state().equals(NodeState.FINISHED));
    }

    private static void awaitClosedOutput(Commands driver) {
        Trial.await("the output is closed", () -> driver.ask("room").endsWith("closed true"));
    }

    @Test
    void shouldReturnNothingWhenNothingWaits() throws Exception {
        Trial trial = run(DRIVER_AND_HOLDER);
        Commands driver = trial.drive("driver");
        assertThat(driver.ask("poll")).isEqualTo("poll null");
        assertThat(driver.ask("nextFor 30")).isEqualTo("next null");
        assertThat(driver.ask("nextFor 0")).isEqualTo("next null");
    }

    @Test
    void shouldTellNoEventAfterTheLastWhenAllInputsHaveClosed() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: loop, class: Holder, config: {holds: false}, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        Tap report = trial.tap("loop/report");
        trial.running().publisher("in").send("a", Trial.DEADLINE);
        trial.running().publisher("in").close();
        // "ended" is said only after next() and poll() have both returned null once more.
        assertThat(report.restTexts()).containsExactly("input in a", "closed in", "all closed", "ended");
    }

    @Test
    void shouldBeRefusedWhenThereIsNoRoom() throws Exception {
        Trial trial = run(DRIVER_AND_HOLDER);
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        Commands driver = trial.drive("driver");
        driver.ask("send 1");
        report.next();
        driver.ask("send 2");
        assertThat(driver.ask("offer")).isEqualTo("FULL");
        assertThat(driver.ask("tryClaim")).isEqualTo("null");
        assertThat(driver.ask("sendFor 20")).isEqualTo("FULL");
        assertThat(driver.ask("sendFor 0")).isEqualTo("FULL");
        gate.next();
        assertThat(driver.ask("sendFor 30000")).isEqualTo("ACCEPTED");
    }

    @Test
    void shouldWaitForRoomWhenItSendsWithoutTimeout() throws Exception {
        Trial trial = run(DRIVER_AND_HOLDER);
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        Commands driver = trial.drive("driver");
        driver.ask("send 1");
        report.next();
        driver.tell("send 10");
        driver.tell("pattern 10 8");
        Trial.await(
                "the queue is full", () -> trial.edge("driver/out -> holder/in").sent() == 3);
        gate.next();
        assertThat(driver.report().texts(2)).containsExactly("sent 10", "sent 10");
    }

    @Test
    void shouldStayOpenWhenOneOfTwoConsumersHasEnded() throws Exception {
        Trial trial = run(TAKERS);
        Commands driver = trial.drive("driver");
        driver.ask("send 1");
        awaitEnd(trial, "one");
        assertThat(driver.ask("offer")).isEqualTo("ACCEPTED");
        awaitEnd(trial, "two");
    }

    @Test
    void shouldBeClosedWhenItsLastConsumerHasEnded() throws Exception {
        Trial trial = run(TAKERS);
        Commands driver = trial.drive("driver");
        driver.ask("send 2");
        awaitEnd(trial, "one");
        awaitEnd(trial, "two");
        awaitClosedOutput(driver);
        assertThat(driver.ask("offer")).isEqualTo("CLOSED");
        assertThat(driver.ask("sendFor 30000")).isEqualTo("CLOSED");
        assertThat(driver.ask("send 3")).isEqualTo("CLOSED after 0");
        assertThat(driver.ask("tryClaim")).isEqualTo("null");
        assertThat(driver.ask("claim 8")).as("room that leads nowhere").isEqualTo("claimed");
    }

    @Test
    void shouldStopWaitingForRoomWhenLastConsumerEnds() throws Exception {
        Trial trial = run(HOLDER_OF_ONE);
        Tap gate = trial.gate("holder");
        Commands driver = trial.drive("driver");
        driver.tell("send 100");
        Trial.await(
                "the queue is full", () -> trial.edge("driver/out -> holder/in").sent() == 3);
        gate.next();
        assertThat(driver.report().nextText()).startsWith("CLOSED after ");
    }

    @Test
    void shouldCountWhatStillWaitedWhenConsumerHasEnded() throws Exception {
        Trial trial = run(HOLDER_OF_ONE);
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            report.next();
            driver.ask("send 2");
            gate.next();
        }
        EdgeStatus edge = Trial.edge(trial.result().status(), "driver/out -> holder/in");
        assertThat(edge.sent()).isEqualTo(3);
        assertThat(edge.received()).isEqualTo(1);
        assertThat(edge.discarded()).isEqualTo(2);
    }

    @Test
    void shouldSendNoMoreWhenItHasClosedTheOutput() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: sink, class: Recorder, inputs: {in: driver/out}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        Commands driver = trial.drive("driver");
        driver.ask("send 2");
        assertThat(driver.ask("close")).isEqualTo("closed true");
        assertThat(driver.ask("offer")).isEqualTo("CLOSED");
        assertThat(report.restTexts()).containsExactly("open", "input in 0", "input in 1", "closed in", "all closed");
    }

    @Test
    void shouldCloseItsOutputsWhenRunReturns() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: taker, class: Holder, config: {holds: false, takes: 1}, inputs: {in: driver/out}, outputs: [report]}
                  - {id: last, class: Recorder, inputs: {in: taker/report}, outputs: [report]}
                """);
        Tap report = trial.tap("last/report");
        Commands driver = trial.drive("driver");
        driver.ask("send 1");
        assertThat(report.restTexts()).containsExactly("open", "input in input in 0", "closed in", "all closed");
    }
}
