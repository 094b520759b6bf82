package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowResult.Failure;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that has ended runs again as its file says, and what it is connected to does not suffer from it. */
public abstract class RestartContract extends DataflowContract {

    /** One node that the application feeds, under the given keys, and one that it feeds. */
    private static String mortal(String type, String keys) {
        return """
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - {id: mortal, class: %s, %s, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: sink, class: Recorder, inputs: {in: mortal/report}, outputs: [report]}
                """.formatted(type, keys);
    }

    private static void send(Trial trial, String... texts) throws InterruptedException {
        Publisher in = trial.running().publisher("in");
        for (String text : texts) {
            in.send(text, Trial.DEADLINE);
        }
    }

    private static void end(Trial trial) {
        trial.running().publisher("in").close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mortal", "MortalLoop"})
    void shouldRunAgainWhenItHasFailed(String type) throws Exception {
        Trial trial = run(mortal(type, "restart_policy: on-failure"));
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        send(trial, "a", "fail", "b", "c");
        end(trial);

        assertThat(report.restTexts())
                .filteredOn(line -> !line.equals("0: open"))
                .as("the message in hand is not delivered again, those that waited are")
                .containsExactly(
                        "0: input in a",
                        "0: input in fail",
                        "1: open",
                        "1: input in b",
                        "1: input in c",
                        "1: closed in",
                        "1: all closed");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.failures()).isEmpty();
        assertThat(result.status().node("mortal").incarnation()).isEqualTo(1);
        assertThat(result.status().node("mortal").state()).isEqualTo(NodeState.FINISHED);
        assertThat(result.status().node("mortal").received())
                .as("by both of them")
                .isEqualTo(4);
        assertThat(result.status().node("mortal").handlingP50Ns()).isPositive();
        EdgeStatus edge = Trial.edge(result.status(), "millrace/app/in -> mortal/in");
        assertThat(edge.received()).isEqualTo(4);
        assertThat(edge.discarded()).isZero();
    }

    @Test
    void shouldBeginSequenceAnewAndKeepClaimToItselfWhenItRunsAgain() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure"));
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        send(trial, "a", "fail claiming", "b");
        end(trial);

        List<Tap.Heard> heard = report.rest();

        assertThat(heard).filteredOn(message -> message.incarnation() == 0).hasSizeGreaterThanOrEqualTo(2);
        assertThat(heard)
                .filteredOn(message -> message.incarnation() == 1)
                .extracting(Tap.Heard::sequence)
                .containsExactly(0L, 1L, 2L, 3L);
        assertThat(heard)
                .extracting(Tap.Heard::text)
                .as("nothing that was not committed")
                .allMatch(line -> line.matches("[01]: .*"));
    }

    @Test
    void shouldTellConsumersOfFailureAndRestartButNotThatInputIsClosed() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure"));
        Tap told = trial.tap("sink/report", SubscribeOptions.backpressure(100));
        send(trial, "fail", "b");
        end(trial);

        List<String> lines = told.restTexts();

        assertThat(lines)
                .containsSubsequence(
                        "failed mortal [in] java.lang.IllegalStateException: told to fail",
                        "restarted mortal",
                        "closed in",
                        "all closed");
        assertThat(lines).containsOnlyOnce("closed in", "restarted mortal");
        assertThat(lines)
                .containsSubsequence("input in 0: input in fail", "input in 1: open", "input in 1: input in b");
    }

    @Test
    void shouldTellLoopOfRestart() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: mortal, class: Mortal, restart_policy: on-failure, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: sink, class: Holder, config: {holds: false}, inputs: {in: mortal/report}, outputs: [report, gate]}
                """);
        Tap told = trial.tap("sink/report", SubscribeOptions.backpressure(100));
        send(trial, "fail", "b");
        end(trial);

        assertThat(told.restTexts())
                .containsSubsequence(
                        "failed mortal [in] java.lang.IllegalStateException: told to fail",
                        "restarted mortal",
                        "all closed");
    }

    @Test
    void shouldTellListenersWhenItRunsAgain() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure"));
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        trial.running().listen(events::add);
        send(trial, "fail");
        DataflowEvent again = new DataflowEvent.NodeRestarted("mortal", 1);
        Trial.await("it runs again", () -> events.contains(again));

        assertThat(events)
                .filteredOn(event -> event instanceof DataflowEvent.NodeFailed failed
                        && failed.node().equals("mortal"))
                .hasSize(1);
        assertThat(events)
                .filteredOn(event -> event instanceof DataflowEvent.NodeStateChanged changed
                        && changed.node().equals("mortal"))
                .extracting(event -> ((DataflowEvent.NodeStateChanged) event).state())
                .endsWith(NodeState.RESTARTING, NodeState.OPENING, NodeState.READY, NodeState.RUNNING);
    }

    @Test
    void shouldEndAsFailedWhenItsRestartsAreUsedUp() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure, max_restarts: 2"));
        Tap told = trial.tap("sink/report", SubscribeOptions.backpressure(100));
        send(trial, "fail", "fail", "fail", "never");

        assertThat(told.restTexts()).containsOnlyOnce("closed in").endsWith("closed in", "all closed");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).extracting(Failure::node).containsExactly("mortal");
        assertThat(result.status().node("mortal").incarnation()).isEqualTo(2);
        assertThat(result.status().node("mortal").state()).isEqualTo(NodeState.FAILED);
        EdgeStatus edge = Trial.edge(result.status(), "millrace/app/in -> mortal/in");
        assertThat(edge.received()).isEqualTo(3);
        assertThat(edge.discarded()).isEqualTo(1);
    }

    @Test
    void shouldCountRestartsAnewWhenTheWindowHasPassed() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure, max_restarts: 1, restart_window: 1ms"));
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        for (int incarnation = 0; incarnation < 4; incarnation++) {
            send(trial, "a");
            String line = incarnation + ": input in a";
            while (!report.nextText().equals(line)) {
                continue;
            }
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(2); // it is the passing of time that counts here
            send(trial, "fail");
        }
        end(trial);
        assertThat(report.restTexts()).endsWith("4: all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldRunAgainWhenItsOpenFailsOnce() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure, config: {fails_in_open: 1}"));
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        send(trial, "fail", "b");
        end(trial);

        assertThat(report.restTexts()).containsSubsequence("2: open", "2: input in b", "2: all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @ParameterizedTest
    @CsvSource({"always, 1", "on-failure, 0", "never, 0"})
    void shouldRunAgainWhenItReturnsEarlyOnlyIfItAlwaysDoes(String policy, int last) throws Exception {
        Trial trial = run(mortal("MortalLoop", "restart_policy: " + policy));
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        send(trial, "return");
        if (last == 1) {
            send(trial, "b");
        }
        end(trial);

        assertThat(report.restTexts()).last().isEqualTo(last == 1 ? "1: all closed" : "0: input in return");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.status().node("mortal").incarnation()).isEqualTo(last);
    }

    @Test
    void shouldNotRunAgainWhenAllItsInputsHaveClosed() throws Exception {
        Trial trial = run(mortal("MortalLoop", "restart_policy: always"));
        end(trial);

        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.status().node("mortal").incarnation()).isZero();
    }

    @Test
    void shouldNotRunAgainWhenTheDataflowIsStopped() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: source, class: Counter, config: {count: 1}, restart_policy: always, restart_delay: 1h, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {in: source/out}, outputs: [report]}
                """);
        Trial.await(
                "it waits for its restart",
                () -> trial.running().status().node("source").state() == NodeState.RESTARTING);
        Trial.await(
                "the sink has taken what there was",
                () -> trial.running().status().node("sink").received() == 1
                        && trial.running().status().node("sink").state() == NodeState.RUNNING);

        trial.running().stop(Duration.ofSeconds(30));

        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(result.failures()).isEmpty();
        assertThat(result.status().node("source").state()).isEqualTo(NodeState.STOPPED);
        assertThat(result.status().node("sink").state()).isIn(endsOfReadersWhenStopped());
    }

    @Test
    void shouldServeSubscriptionsMadeWhileItWaitsForItsRestart() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: on-failure, restart_delay: 100ms"));
        send(trial, "fail");
        Trial.await(
                "it waits for its restart",
                () -> trial.running().status().node("mortal").state() == NodeState.RESTARTING);
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        send(trial, "b");
        end(trial);

        assertThat(report.restTexts()).containsExactly("1: open", "1: input in b", "1: closed in", "1: all closed");
    }

    @Test
    void shouldLetTheOthersRunOnWhileANodeIsRestarted() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: weak, class: Relay, config: {fails_at: 99}, restart_policy: on-failure, inputs: {in: source/out}, outputs: [out]}
                  - {id: source, class: Counter, config: {count: 1000}, outputs: [out]}
                  - {id: bystander, class: Collector, inputs: {in: source/out}, outputs: [report]}
                """);
        Tap relayed = trial.tap("weak/out", SubscribeOptions.backpressure(2000));

        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.status().node("bystander").received()).isEqualTo(1000);
        assertThat(result.status().node("weak").incarnation())
                .as("one message in a hundred")
                .isEqualTo(10);
        assertThat(result.status().node("weak").received()).isEqualTo(1000);
        assertThat(result.status().node("weak").sent()).isEqualTo(990);
        assertThat(relayed.rest().size()).isLessThanOrEqualTo(990);
    }

    // What an incarnation leaves to the next.

    @ParameterizedTest
    @ValueSource(strings = {"Mortal", "MortalLoop"})
    void shouldFindWhatTheOneBeforeHasLeftLast(String type) throws Exception {
        Trial trial = run(mortal(type, "restart_policy: on-failure"));
        Tap report = trial.tap("mortal/report", SubscribeOptions.backpressure(100));
        send(trial, "fail", "keep one", "keep two", "fail", "fail", "keep 0 bytes", "fail");
        end(trial);

        assertThat(report.restTexts())
                .filteredOn(line -> line.contains("open"))
                .endsWith("1: open", "2: open with two", "3: open with two", "4: open with ");
    }

    @Test
    void shouldKeepWhatEachOperatorHasLeftApart() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - id: pair
                    restart_policy: on-failure
                    operators:
                      - {id: first, class: Mortal, inputs: {in: millrace/app/one}, outputs: [report]}
                      - {id: second, class: Mortal, inputs: {in: millrace/app/two}, outputs: [report]}
                """);
        Tap first = trial.tap("pair/first/report", SubscribeOptions.backpressure(100));
        Tap second = trial.tap("pair/second/report", SubscribeOptions.backpressure(100));
        trial.running().publisher("one").send("keep one", Trial.DEADLINE);
        assertThat(first.texts(2)).endsWith("0: input in keep one");
        trial.running().publisher("two").send("keep two", Trial.DEADLINE);
        trial.running().publisher("two").send("fail", Trial.DEADLINE);
        Trial.await(
                "both run again", () -> trial.running().status().node("pair").incarnation() == 1);
        trial.running().publisher("one").close();
        trial.running().publisher("two").close();

        assertThat(first.restTexts()).contains("1: open with one");
        assertThat(second.restTexts()).contains("1: open with two");
    }

    @Test
    void shouldFailWhenItLeavesMoreThanItMay() throws Exception {
        Trial trial = run(mortal("Mortal", "restart_policy: never"));
        send(trial, "keep 65536 bytes", "keep 65537 bytes");

        DataflowResult result = trial.result();
        assertThat(result.status().node("mortal").received()).isEqualTo(2);
        assertThat(Failures.of(result)).contains("'mortal'", "65537", "65536");
    }

    @Test
    void shouldRestartAllOperatorsOfANodeWhenOneFails() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - id: pair
                    restart_policy: on-failure
                    operators:
                      - {id: first, class: Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                      - {id: second, class: Mortal, inputs: {in: pair/first/out}, outputs: [report]}
                """);
        Tap report = trial.tap("pair/second/report", SubscribeOptions.backpressure(100));
        send(trial, "a", "fail", "b");
        end(trial);

        assertThat(report.restTexts())
                .endsWith("0: input in fail", "1: open", "1: input in b", "1: closed in", "1: all closed");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        EdgeStatus within = Trial.edge(result.status(), "pair/first/out -> pair/second/in");
        assertThat(within.received()).isEqualTo(3);
    }

    @Test
    void shouldTellTheNextIncarnationTooWhenAnOperatorBesideItHadEnded() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - id: pair
                    restart_policy: on-failure
                    operators:
                      - {id: first, class: Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                      - {id: second, class: Mortal, inputs: {in: pair/first/out, other: millrace/app/other}, outputs: [report]}
                """);
        Tap report = trial.tap("pair/second/report", SubscribeOptions.backpressure(100));
        end(trial);
        Publisher other = trial.running().publisher("other");
        String line = report.nextText();
        while (!line.equals("0: closed in")) {
            line = report.nextText();
        }
        other.send("fail", Trial.DEADLINE);
        other.close();

        assertThat(report.restTexts())
                .containsSubsequence("0: input other fail", "1: open")
                .contains("1: closed in", "1: closed other")
                .endsWith("1: all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }
}
