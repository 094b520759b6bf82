package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.Tap.Heard;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The operators of one node share its thread, and call each other directly where nothing else is written. */
public abstract class OperatorContract extends DataflowContract {

    private static final String JUGGLER = """
            nodes:
              - id: node
                operators:
                  - {id: juggler, class: Juggler, inputs: {throw: millrace/app/in, back: node/wall/out}, outputs: [out, report]}
                  - {id: wall, class: Relay, inputs: {in: node/juggler/out}, outputs: [out]}
            """;

    /** One sends two messages for each, to two, which sends one to three. */
    private static String threeTracers(String queueOfTwo) {
        return """
                nodes:
                  - id: node
                    operators:
                      - {id: one, class: Tracer, config: {sends: 2}, inputs: {in: millrace/app/in}, outputs: [out, report]}
                      - {id: two, class: Tracer, inputs: {in: {source: node/one/out%s}}, outputs: [out, report]}
                      - {id: three, class: Tracer, inputs: {in: node/two/out}, outputs: [report]}
                """.formatted(queueOfTwo);
    }

    /** What the tracers of a node report until it ends, each with its name, in the order in which the node sent it. */
    private static List<String> trace(Trial trial, List<String> operators) throws InterruptedException {
        List<Tap> taps = new ArrayList<>();
        for (String operator : operators) {
            taps.add(trial.tap("node/" + operator + "/report"));
        }
        trial.running().publisher("in").send("x", Trial.DEADLINE);
        trial.running().publisher("in").close();
        record Line(long timestamp, String text) {}
        List<Line> lines = new ArrayList<>();
        for (int operator = 0; operator < operators.size(); operator++) {
            for (Heard heard : taps.get(operator).rest()) {
                lines.add(new Line(heard.timestamp(), operators.get(operator) + " " + heard.text()));
            }
        }
        return lines.stream()
                .sorted(Comparator.comparingLong(Line::timestamp))
                .map(Line::text)
                .toList();
    }

    @Test
    void shouldCallReceiverWithinSendWhenNothingIsWritten() throws Exception {
        Trial trial = run(threeTracers(""));
        assertThat(trace(trial, List.of("one", "two", "three")))
                .containsExactly(
                        "one begin x",
                        "two begin x.0",
                        "three begin x.0.0",
                        "three end x.0.0",
                        "two end x.0",
                        "two begin x.1",
                        "three begin x.1.0",
                        "three end x.1.0",
                        "two end x.1",
                        "one end x");
    }

    @Test
    void shouldCallReceiverAfterCallbackWhenQueueIsWritten() throws Exception {
        for (String queue : List.of(", queue_size: 5", ", queue_policy: drop_oldest")) {
            Trial trial = run(threeTracers(queue));
            assertThat(trace(trial, List.of("one", "two", "three")))
                    .as(queue)
                    .containsExactly(
                            "one begin x",
                            "one end x",
                            "two begin x.0",
                            "three begin x.0.0",
                            "three end x.0.0",
                            "two end x.0",
                            "two begin x.1",
                            "three begin x.1.0",
                            "three end x.1.0",
                            "two end x.1");
        }
    }

    @Test
    void shouldDropOldestWhenWrittenQueueBetweenOperatorsIsFull() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: one, class: Tracer, config: {sends: 9}, inputs: {in: millrace/app/in}, outputs: [out, report]}
                      - {id: two, class: Tracer, inputs: {in: {source: node/one/out, queue_size: 2}}, outputs: [report]}
                """);
        assertThat(trace(trial, List.of("one", "two")))
                .containsExactly(
                        "one begin x", "one end x", "two begin x.7", "two end x.7", "two begin x.8", "two end x.8");
        assertThat(Trial.edge(trial.result().status(), "node/one/out -> node/two/in")
                        .dropped())
                .isEqualTo(7);
    }

    @Test
    void shouldRunOnOneThreadWhenOperatorsAreOfOneNode() throws Exception {
        Trial trial = run(threeTracers(", queue_size: 5"));
        List<Tap> taps =
                List.of(trial.tap("node/one/report"), trial.tap("node/two/report"), trial.tap("node/three/report"));
        trial.running().publisher("in").send("x", Trial.DEADLINE);
        trial.running().publisher("in").close();
        List<Object> threads = new ArrayList<>();
        for (Tap tap : taps) {
            tap.rest()
                    .forEach(heard ->
                            threads.add(heard.parameters().number("thread").orElseThrow()));
        }
        assertThat(threads).hasSize(2 + 4 + 4);
        assertThat(threads.stream().distinct()).hasSize(1);
    }

    @Test
    void shouldDeliverToEveryReceiverWhenOperatorFeedsSeveral() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - id: node
                    operators:
                      - {id: relay, class: Relay, inputs: {in: driver/out}, outputs: [out]}
                      - {id: inside, class: Collector, inputs: {in: node/relay/out}, outputs: [report]}
                      - {id: queued, class: Collector, inputs: {in: {source: node/relay/out, queue_policy: drop_oldest, queue_size: 2000}}, outputs: [report]}
                  - {id: outside, class: Collector, inputs: {in: {source: node/relay/out, queue_size: 2}}, outputs: [report]}
                """);
        List<Tap> reports =
                List.of(trial.tap("node/inside/report"), trial.tap("node/queued/report"), trial.tap("outside/report"));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 1000 16");
            driver.ask("pattern 10 100000");
        }
        for (Tap report : reports) {
            assertThat(report.restTexts()).containsExactly("in: 1010 messages, 0 to 1009, 0 missing");
        }
        trial.result().status().edges().forEach(Trial::assertAddsUp);
    }

    @Test
    void shouldTellOperatorsInTurnThatInputsAreClosed() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: last, class: Recorder, inputs: {in: node/middle/report}, outputs: [report]}
                      - {id: middle, class: Recorder, inputs: {in: node/first/out}, outputs: [report]}
                      - {id: first, class: Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        Tap report = trial.tap("node/last/report");
        trial.running().publisher("in").send("x", Trial.DEADLINE);
        trial.running().publisher("in").close();
        assertThat(report.restTexts())
                .containsExactly(
                        "open",
                        "input in open",
                        "input in input in x",
                        "input in closed in",
                        "input in all closed",
                        "closed in",
                        "all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldNotRecurseWhenReceiverIsOnTheCallStack() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: ping, class: Countdown, inputs: {start: millrace/app/start, back: node/pong/out}, outputs: [out, report]}
                      - {id: pong, class: Countdown, inputs: {in: node/ping/out}, outputs: [out, report]}
                """);
        Tap report = trial.tap("node/ping/report");
        trial.running().publisher("start").send("100000", Trial.DEADLINE);
        assertThat(report.nextText()).isEqualTo("done");
        assertThat(trial.running().state()).isEqualTo(DataflowState.RUNNING);
    }

    @Test
    void shouldDeliverEveryMessageWhenChainOfOperatorsIsDeeperThanCallsGo() throws Exception {
        StringBuilder yaml = new StringBuilder("""
                nodes:
                  - id: node
                    operators:
                      - {id: n0, class: Relay, inputs: {in: {source: millrace/app/in, queue_policy: backpressure}}, outputs: [out]}
                """);
        IntStream.range(1, 70)
                .forEach(n -> yaml.append("      - {id: n" + n + ", class: Relay, inputs: {in: node/n" + (n - 1)
                        + "/out}, outputs: [out]}\n"));
        Trial trial = run(yaml.toString());
        Tap end = trial.tap("node/n69/out");
        for (int message = 0; message < 100; message++) {
            trial.running().publisher("in").send(Integer.toString(message), Trial.DEADLINE);
            assertThat(end.nextText()).isEqualTo(Integer.toString(message));
        }
        trial.running().publisher("in").close();
        assertThat(end.rest()).isEmpty();
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldFailNodeAfterSendersCallbackWhenReceiverThrows() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: one, class: Tracer, config: {sends: 2}, inputs: {in: {source: millrace/app/in, queue_policy: backpressure}}, outputs: [out, report]}
                      - {id: weak, class: Recorder, config: {fails_at: input in a.0}, inputs: {in: node/one/out}}
                """);
        Tap report = trial.tap("node/one/report");
        trial.running().publisher("in").send("a", Trial.DEADLINE);
        assertThat(report.restTexts()).containsExactly("begin a", "end a");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).hasSize(1);
        assertThat(result.cause().orElseThrow().node()).isEqualTo("node/weak");
        assertThat(result.cause().orElseThrow().toString()).contains("told to fail at 'input in a.0'");
    }

    @Test
    void shouldCloseEveryOperatorWhenOneOfThemFails() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: one, class: Recorder, config: {fails_in_close: true}, inputs: {in: millrace/app/in}}
                      - {id: weak, class: Recorder, config: {fails_at: input in x, fails_in_close: true}, inputs: {in: millrace/app/in}}
                      - {id: two, class: Recorder, config: {fails_in_close: true}, inputs: {in: millrace/app/in}}
                """);
        trial.running().publisher("in").send("x", Trial.DEADLINE);
        DataflowResult result = trial.result();
        assertThat(result.cause().orElseThrow().node()).isEqualTo("node/weak");
        assertThat(Failures.of(result)).contains("'one' closed after", "'two' closed after", "'weak' closed after");
    }

    @Test
    void shouldNotCallOperatorInTheMiddleOfItsCallbackWhenCycleLeadsBack() throws Exception {
        Trial trial = run(JUGGLER);
        Tap report = trial.tap("node/juggler/report");
        trial.running().publisher("in").send("go", Trial.DEADLINE);
        assertThat(report.texts(2)).containsExactly("thrown", "back after the throw");
    }

    @Test
    void shouldKeepOrderWhenSomeMessagesWaitAndOthersCouldBeCalled() throws Exception {
        // What the wall sends while the juggler throws must wait; what it sends of its own accord must not overtake
        // that.
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: juggler, class: Juggler, inputs: {throw: {source: millrace/app/in, queue_policy: backpressure}, back: node/wall/out}, outputs: [out, report]}
                      - {id: wall, class: Relay, inputs: {in: node/juggler/out, go: {source: millrace/app/in, queue_policy: backpressure}}, outputs: [out]}
                """);
        Tap report = trial.tap("node/juggler/report");
        for (int message = 0; message < 1000; message++) {
            trial.running().publisher("in").send("go", Trial.DEADLINE);
        }
        assertThat(report.texts(3000)).containsOnly("thrown", "back after the throw");
    }

    @Test
    void shouldNotCallOperatorInTheMiddleOfItsStopWhenCycleLeadsBack() throws Exception {
        Trial trial = run(JUGGLER);
        Tap report = trial.tap("node/juggler/report");
        // A cycle never closes by itself, so its operators are told to stop at half the grace.
        trial.running().stop(Duration.ofSeconds(2));
        assertThat(report.restTexts()).contains("thrown at stop").doesNotContain("back in the middle of the throw");
    }

    @Test
    void shouldAccountForMessagesBetweenOperatorsWhenReceiverFails() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: node
                    operators:
                      - {id: one, class: Tracer, config: {sends: 3}, inputs: {in: millrace/app/in}, outputs: [out, report]}
                      - {id: weak, class: Recorder, config: {fails_at: input in a.1}, inputs: {in: node/one/out}}
                """);
        trial.running().publisher("in").send("a", Trial.DEADLINE);
        EdgeStatus edge = Trial.edge(trial.result().status(), "node/one/out -> node/weak/in");
        assertThat(edge.sent()).isEqualTo(3);
        assertThat(edge.received()).isEqualTo(2);
        assertThat(edge.discarded()).isEqualTo(1);
    }
}
