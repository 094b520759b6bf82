package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which events a node is told, in which order, on which thread. */
public abstract class EventContract extends DataflowContract {

    private static final String DRIVERS = """
            queue_policy: backpressure
            nodes:
              - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, other, report]}
              - {id: b, class: Driver, inputs: {command: millrace/app/b}, outputs: [out, report]}
            """;

    @Test
    void shouldTellThatInputIsClosedAfterItsLastMessage() throws Exception {
        Trial trial = run(DRIVERS + "  - {id: sink, class: Recorder, inputs: {in: a/out}, outputs: [report]}\n");
        Tap report = trial.tap("sink/report");
        try (Commands a = trial.drive("a")) {
            a.tell("send 3");
        }
        assertThat(report.restTexts())
                .containsExactly("open", "input in 0", "input in 1", "input in 2", "closed in", "all closed");
    }

    @Test
    void shouldTellThatAllInputsAreClosedAfterTheLastOfThem() throws Exception {
        Trial trial =
                run(DRIVERS + "  - {id: sink, class: Recorder, inputs: {x: a/out, y: b/out}, outputs: [report]}\n");
        Tap report = trial.tap("sink/report");
        Commands b = trial.drive("b");
        try (Commands a = trial.drive("a")) {
            a.ask("send 1");
        }
        assertThat(report.texts(3)).containsExactly("open", "input x 0", "closed x");
        b.ask("send 1");
        b.close();
        assertThat(report.restTexts()).containsExactly("input y 0", "closed y", "all closed");
    }

    @Test
    void shouldTellNodesOfEitherStyleTheSame() throws Exception {
        Trial trial = run(DRIVERS + """
                  - {id: reactive, class: Recorder, inputs: {x: a/out, y: a/other}, outputs: [report]}
                  - {id: loop, class: Holder, config: {holds: false}, inputs: {x: a/out, y: a/other}, outputs: [report]}
                """);
        List<Tap> reports = List.of(trial.tap("reactive/report"), trial.tap("loop/report"));
        try (Commands a = trial.drive("a")) {
            a.ask("send 1");
            a.ask("close@other");
            List<String> lines = new ArrayList<>(reports.get(0).texts(3));
            assertThat(lines).startsWith("open").containsOnlyOnce("input x 0", "closed y");
            assertThat(reports.get(1).texts(2)).containsOnlyOnce("input x 0", "closed y");
        }
        assertThat(reports.get(0).restTexts()).containsExactly("closed x", "all closed");
        assertThat(reports.get(1).restTexts()).containsExactly("closed x", "all closed", "ended");
    }

    @Test
    void shouldTellOfFailureBeforeInputsCloseWhenProducerFails() throws Exception {
        Trial trial = run(DRIVERS
                + "  - {id: sink, class: Recorder, inputs: {x: a/out, y: a/other, z: b/out}, outputs: [report]}\n");
        Tap report = trial.tap("sink/report");
        Commands b = trial.drive("b");
        trial.drive("a").tell("fail");
        List<String> lines = report.texts(4);
        assertThat(lines.subList(0, 1)).containsExactly("open");
        assertThat(lines.get(1)).startsWith("failed a [x, y] ").contains("driver was told to fail");
        assertThat(lines.subList(2, 4)).containsExactlyInAnyOrder("closed x", "closed y");
        b.close();
        assertThat(report.restTexts()).containsExactly("closed z", "all closed");
    }

    @Test
    void shouldTellLoopOfFailureBeforeInputsCloseWhenProducerFails() throws Exception {
        Trial trial = run(DRIVERS
                + "  - {id: sink, class: Holder, config: {holds: false}, inputs: {x: a/out}, outputs: [report]}\n");
        Tap report = trial.tap("sink/report");
        trial.drive("a").tell("fail");
        List<String> lines = report.restTexts();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("failed a [x] ").contains("driver was told to fail");
        assertThat(lines.subList(1, 4)).containsExactly("closed x", "all closed", "ended");
    }

    @Test
    void shouldDeliverWhatWasSentBeforeProducerFailed() throws Exception {
        Trial trial = run(DRIVERS + "  - {id: sink, class: Recorder, inputs: {in: a/out}, outputs: [report]}\n");
        Tap report = trial.tap("sink/report");
        Commands a = trial.drive("a");
        a.tell("send 5");
        a.tell("fail");
        assertThat(report.restTexts().stream().filter(line -> !line.startsWith("failed")))
                .containsExactly(
                        "open",
                        "input in 0",
                        "input in 1",
                        "input in 2",
                        "input in 3",
                        "input in 4",
                        "closed in",
                        "all closed");
    }

    @Test
    void shouldTellOnlyTheNodesItFeedsWhenNodeFails() throws Exception {
        Trial trial = run(DRIVERS + """
                  - {id: relay, class: Relay, inputs: {in: a/out}, outputs: [out]}
                  - {id: sink, class: Recorder, inputs: {in: relay/out}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        Commands a = trial.drive("a");
        a.ask("send 1");
        assertThat(report.texts(2)).containsExactly("open", "input in 0");
        a.tell("fail");
        assertThat(report.restTexts()).containsExactly("closed in", "all closed");
    }

    /** Two nodes before and behind the one in question, which have nothing to do but to end at half the grace, show that it has come. */
    @Test
    @RealTime("half of a grace has to pass while the test looks on")
    void shouldTellOfStopBeforeMessagesThatStillWait() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: before, class: Recorder, inputs: {in: holder/out}, outputs: [report]}
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: holder, class: Holder, inputs: {in: driver/out}, outputs: [out, gate, report]}
                  - {id: reactive, class: Recorder, inputs: {in: driver/out}, outputs: [report]}
                  - {id: behind, class: Recorder, inputs: {in: holder/out}, outputs: [report]}
                  - {id: beside, class: Recorder, inputs: {in: holder/out}, outputs: [report]}
                """);
        // Wherever the holder runs, one of them runs there too and is told after it.
        Tap gate = trial.gate("holder");
        Tap held = trial.tap("holder/report");
        Tap recorded = trial.tap("reactive/report", SubscribeOptions.backpressure(1));
        List<Tap> witnesses =
                List.of(trial.tap("before/report"), trial.tap("behind/report"), trial.tap("beside/report"));
        trial.drive("driver").ask("send 5");
        assertThat(held.nextText()).isEqualTo("input in 0");

        trial.running().stop(Duration.ofSeconds(3));
        for (Tap witness : witnesses) {
            assertThat(witness.restTexts()).containsExactly("open", "stop");
        }
        gate.next();
        assertThat(held.restTexts()).containsExactly("held 0", "stop", "ended");
        assertThat(recorded.restTexts()).containsExactly("open", "input in 0", "stop");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(Trial.edge(result.status(), "driver/out -> holder/in").discarded())
                .isEqualTo(4);
    }

    @Test
    void shouldCloseAfterEverythingElse() throws Exception {
        Trial trial =
                run(DRIVERS + "  - {id: sink, class: Recorder, config: {fails_in_close: true}, inputs: {in: a/out}}\n");
        try (Commands a = trial.drive("a")) {
            a.ask("send 2");
        }
        trial.drive("b").close();
        assertThat(Failures.of(trial.result()))
                .contains("'sink' closed after [open, input in 0, input in 1, closed in, all closed]");
    }

    @Test
    void shouldCloseAfterStop() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: sink, class: Recorder, config: {fails_in_close: true}, inputs: {tick: dora/timer/secs/3600}}
                """);
        trial.running().stop(Duration.ofSeconds(10));
        assertThat(Failures.of(trial.result())).containsPattern("closed after \\[open, (input tick , )?.*stop]");
    }

    @Test
    void shouldCallNothingAfterCloseWhenStopMeetsFailure() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: late, class: Straggler, inputs: {tick: dora/timer/secs/3600}}
                """);
        Trial.await("it is busy", () -> trial.running().status().node("late").received() == 1);
        trial.running().stop(Duration.ofSeconds(10));
        DataflowResult result = trial.result();
        assertThat(Failures.of(result)).doesNotContain("after close");
    }

    @Test
    void shouldSendNothingInClose() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: sink, class: Recorder, config: {sends_in_close: true}, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        trial.running().publisher("in").close();
        assertThat(report.restTexts()).containsExactly("open", "closed in", "all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldCloseAfterFailure() throws Exception {
        Trial trial = run(
                DRIVERS
                        + "  - {id: sink, class: Recorder, config: {fails_at: input in 1, fails_in_close: true}, inputs: {in: a/out}}\n");
        try (Commands a = trial.drive("a")) {
            a.ask("send 3");
        }
        trial.drive("b").close();
        DataflowResult result = trial.result();
        assertThat(result.cause().orElseThrow().toString()).contains("sink", "told to fail at 'input in 1'");
        assertThat(Failures.of(result)).contains("'sink' closed after [open, input in 0, input in 1]");
    }

    @Test
    void shouldCloseLoopAfterRunHasReturned() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: loop, class: Holder, config: {holds: false, fails_in_close: true}, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        Tap report = trial.tap("loop/report");
        trial.running().publisher("in").close();
        assertThat(report.restTexts()).endsWith("ended");
        assertThat(Failures.of(trial.result())).contains("loop", "closed");
    }

    @Test
    void shouldCallBackOnOneThreadFromOpenToClose() throws Exception {
        Trial trial = run(DRIVERS + """
                  - {id: reactive, class: Recorder, inputs: {x: a/out, y: b/out, tick: dora/timer/millis/1}}
                  - {id: loop, class: Holder, config: {holds: false, takes: 1}, inputs: {x: a/out, y: b/out}, outputs: [report]}
                """);
        for (String id : List.of("a", "b")) {
            try (Commands driver = trial.drive(id)) {
                driver.ask("send 2");
            }
        }
        trial.running().stop(Duration.ofSeconds(10));
        // Both nodes fail themselves if they are called on a second thread.
        assertThat(trial.result().failures()).isEmpty();
    }
}
