package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A dataflow starts as a whole or not at all, and says why not. */
public abstract class StartContract extends DataflowContract {

    private static final Pattern OPENED = Pattern.compile("opened (\\d+), began (\\d+)");

    private DataflowStartException failToStart(String yaml) {
        return catchThrowableOfType(DataflowStartException.class, () -> run(yaml));
    }

    @Test
    void shouldRunNoNodeBeforeEveryNodeIsOpen() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: quick, class: Opener, inputs: {in: millrace/app/go}, outputs: [report]}
                  - {id: slow, class: Opener, config: {takes_millis: 150}, inputs: {in: millrace/app/go}, outputs: [report]}
                  - {id: last, class: Opener, inputs: {in: millrace/app/go}, outputs: [report]}
                """);
        List<Tap> reports = new ArrayList<>();
        for (String id : List.of("quick", "slow", "last")) {
            reports.add(trial.tap(id + "/report"));
        }
        trial.running().publisher("go").send("go", Trial.DEADLINE);
        List<Long> opened = new ArrayList<>();
        List<Long> began = new ArrayList<>();
        for (Tap report : reports) {
            Matcher times = OPENED.matcher(report.nextText());
            assertThat(times.matches()).isTrue();
            opened.add(Long.valueOf(times.group(1)));
            began.add(Long.valueOf(times.group(2)));
        }
        for (long beginning : began) {
            assertThat(opened).as("times at which open had returned").allMatch(opening -> opening <= beginning);
        }
    }

    @Test
    void shouldBeRunningWhenItHasStarted() {
        Trial trial = run("""
                name: harbour
                nodes:
                  - {id: sink, class: Recorder, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        assertThat(trial.running().state()).isEqualTo(DataflowState.RUNNING);
        assertThat(trial.running().name()).isEqualTo("harbour");
        assertThat(trial.running().completion().toCompletableFuture()).isNotDone();
    }

    @Test
    @RealTime("a node that blocks in open has to be waited for while time passes")
    void shouldNameTheNodesStillOpeningWhenStartTakesTooLong() {
        Dataflow dataflow = parse("""
                nodes:
                  - {id: quick, class: Opener, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: tardy, class: Opener, config: {takes_millis: 60000}, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: sleepy, class: Opener, config: {takes_millis: 60000}, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        DataflowStartException failure = catchThrowableOfType(
                DataflowStartException.class,
                () -> run(
                        dataflow,
                        OPTIONS.toBuilder().startTimeout(Duration.ofMillis(300)).build()));
        assertThat(failure).hasMessageContainingAll("tardy", "sleepy", "open");
        assertThat(failure.getMessage()).doesNotContain("quick");
    }

    @ParameterizedTest
    @CsvSource({
        "exception, IllegalStateException",
        "checked, IOException",
        "assertion, AssertionError",
        "stack_overflow, StackOverflowError"
    })
    void shouldNameTheNodeAndItsReasonWhenOpenFails(String mishap, String type) {
        DataflowStartException failure = failToStart("""
                nodes:
                  - {id: fine, class: Recorder, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: broken, class: Recorder, config: {fails_at: open, mishap: %s}, inputs: {in: millrace/app/in}, outputs: [report]}
                """.formatted(mishap));
        assertThat(failure).hasMessageContaining("broken");
        assertThat(Failures.of(failure)).contains(type);
    }

    @Test
    void shouldNameTheOperatorWhenItsOpenFails() {
        DataflowStartException failure = failToStart("""
                nodes:
                  - id: node
                    operators:
                      - {id: fine, class: Recorder, inputs: {in: millrace/app/in}}
                      - {id: broken, class: Recorder, config: {fails_at: open}, inputs: {in: millrace/app/in}}
                """);
        assertThat(failure).hasMessageContaining("node/broken");
    }

    @Test
    void shouldCloseWhatWasOpenedWhenAnotherNodeFailsToOpen() {
        DataflowStartException failure = failToStart("""
                nodes:
                  - {id: opened, class: Recorder, config: {fails_in_close: true}, inputs: {tick: dora/timer/millis/1}, outputs: [report]}
                  - {id: alsoOpened, class: Recorder, config: {fails_in_close: true}, inputs: {tick: dora/timer/millis/1}, outputs: [report]}
                  - {id: broken, class: Opener, config: {takes_millis: 300, misreads: misreads}, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        // Both close methods throw what they have seen: neither keeps the other from being called, and neither is lost.
        assertThat(failure).hasMessageContaining("broken");
        assertThat(Failures.of(failure))
                .contains("'opened' closed after [open]", "'alsoOpened' closed after [open]")
                .doesNotContain("interrupted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "claim"})
    void shouldFailToStartWhenNodeSendsInOpen(String how) {
        DataflowStartException failure = failToStart("""
                nodes:
                  - {id: hasty, class: Opener, config: {sends: %s}, inputs: {in: millrace/app/in}, outputs: [report]}
                """.formatted(how));
        assertThat(failure).hasMessageContaining("hasty");
        assertThat(Failures.of(failure)).contains("hasty/report");
    }

    @Test
    void shouldSayWhichKeyIsWrongWhenConfigHasAnotherType() {
        DataflowStartException failure = failToStart("""
                nodes:
                  - {id: picky, class: Opener, config: {misreads: rate, rate: fast}, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        assertThat(failure).hasMessageContainingAll("picky", "'rate'", "whole number", "'fast'");
    }

    @Test
    void shouldNameTheNodeWhenItsConstructorFails() {
        DataflowStartException failure = failToStart("""
                nodes:
                  - {id: stillborn, class: FailingConstructor, inputs: {in: millrace/app/in}}
                """);
        assertThat(failure).hasMessageContaining("stillborn");
        assertThat(Failures.of(failure)).contains("the constructor was told to fail");
    }

    @Test
    void shouldReportEveryClassThatCannotBeUsedWhenSeveralCannot() {
        InvalidDataflowException failure = catchThrowableOfType(InvalidDataflowException.class, () -> run("""
                        nodes:
                          - {id: absent, class: Nowhere, inputs: {in: millrace/app/in}}
                          - {id: stranger, class: NoNode, inputs: {in: millrace/app/in}}
                          - {id: demanding, class: NoDefaultConstructor, inputs: {in: millrace/app/in}}
                          - {id: undecided, class: TwoStyles, inputs: {in: millrace/app/in}}
                          - {id: fine, class: Recorder, inputs: {in: millrace/app/in}}
                        """));
        assertThat(failure)
                .hasMessageContainingAll("absent", "io.millrace.contract.nodes.Nowhere")
                .hasMessageContainingAll("stranger", "io.millrace.contract.nodes.NoNode")
                .hasMessageContainingAll("demanding", "io.millrace.contract.nodes.NoDefaultConstructor")
                .hasMessageContainingAll("undecided", "io.millrace.contract.nodes.TwoStyles");
        assertThat(failure.getMessage()).doesNotContain("fine");
    }

    @Test
    void shouldRunIndependentlyWhenOneDataflowIsStartedTwice() throws Exception {
        Dataflow dataflow = parse("""
                nodes:
                  - {id: relay, class: Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        Trial first = run(dataflow, OPTIONS);
        Trial second = run(dataflow, OPTIONS);
        Tap ofFirst = first.tap("relay/out");
        Tap ofSecond = second.tap("relay/out");
        first.running().publisher("in").send("to the first", Trial.DEADLINE);
        second.running().publisher("in").send("to the second", Trial.DEADLINE);
        assertThat(ofSecond.nextText()).isEqualTo("to the second");
        second.running().close();
        first.running().publisher("in").send("again", Trial.DEADLINE);
        first.running().publisher("in").close();
        assertThat(ofFirst.restTexts()).containsExactly("to the first", "again");
        assertThat(first.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldTellNodeWhatItIsWhenItAsksItsContext() throws Exception {
        Trial trial = run("""
                name: harbour
                env: {SEA: aegean}
                nodes:
                  - id: teller
                    class: Teller
                    config: {rate: 5, deep: {list: [1, two]}}
                    env: {PORT: plaka}
                    inputs: {in: millrace/app/in, tick: dora/timer/secs/3600}
                    outputs: [report, out]
                """);
        Tap report = trial.tap("teller/report");
        for (String question : List.of("names", "directory", "config", "env", "inputs", "outputs", "same")) {
            trial.running().publisher("in").send(question, Trial.DEADLINE);
        }
        assertThat(report.texts(7))
                .containsExactly(
                        "harbour teller '' 0",
                        "absolute true",
                        "{deep={list=[1, two]}, rate=5}",
                        "{PORT=plaka, SEA=aegean}",
                        "0 in teller/in millrace/app/in false, 1 tick teller/tick dora/timer/secs/3600 false",
                        "report teller/report, out teller/out",
                        "same true true");
    }

    @Test
    void shouldTellOperatorWhatItIsWhenItAsksItsContext() throws Exception {
        Trial trial = run("""
                name: harbour
                nodes:
                  - id: desk
                    operators:
                      - {id: teller, class: Teller, config: {rate: 5}, inputs: {in: millrace/app/in}, outputs: [report]}
                      - {id: other, class: Recorder, inputs: {in: desk/teller/report}}
                """);
        Tap report = trial.tap("desk/teller/report");
        for (String question : List.of("names", "config", "inputs", "outputs")) {
            trial.running().publisher("in").send(question, Trial.DEADLINE);
        }
        assertThat(report.texts(4))
                .containsExactly(
                        "harbour desk 'teller' 0",
                        "{rate=5}",
                        "0 in desk/teller/in millrace/app/in false",
                        "report desk/teller/report");
    }

    @ParameterizedTest
    @CsvSource({
        "unknown input, IllegalArgumentException, in",
        "unknown output, IllegalArgumentException, report",
        "poll, IllegalStateException, teller",
        "next, IllegalStateException, teller"
    })
    void shouldRefuseByNameWhenOperatorAsksForWhatThereIsNot(String question, String type, String named)
            throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: teller, class: Teller, inputs: {in: millrace/app/in}, outputs: [report]}
                """);
        Tap report = trial.tap("teller/report");
        trial.running().publisher("in").send(question, Trial.DEADLINE);
        assertThat(report.nextText()).startsWith(type + ": ").contains(named);
    }
}
