package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowResult.Failure;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.Stall;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose code does not come back is found out, and what its file says is done about it. */
public abstract class HealthContract extends DataflowContract {

    /** The node that gets stuck has a name by which tests know that it may be left behind. */
    private static String busy(String type, String keys) {
        return """
                queue_policy: backpressure
                queue_size: 100
                nodes:
                  - {id: busy, class: %s, health_check_timeout: 50ms, %s, inputs: {in: millrace/app/in}, outputs: [report]}
                  - {id: sink, class: Recorder, inputs: {in: busy/report}, outputs: [report]}
                """.formatted(type, keys);
    }

    private static void send(Trial trial, String... texts) throws InterruptedException {
        Publisher in = trial.running().publisher("in");
        for (String text : texts) {
            in.send(text, Trial.DEADLINE);
        }
    }

    private static List<DataflowEvent> listen(Trial trial) {
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        trial.running().listen(events::add);
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mortal", "MortalLoop"})
    void shouldTellThatANodeIsStuckAndWhereItStands(String type) throws Exception {
        Trial trial = run(busy(type, "restart_policy: never"));
        List<DataflowEvent> events = listen(trial);
        send(trial, "stick", "waits");
        Trial.await(
                "it is found out", () -> trial.running().status().node("busy").state() == NodeState.STUCK);

        Trial.await(
                "the listener has heard of it",
                () -> events.stream().anyMatch(DataflowEvent.NodeStuck.class::isInstance));
        assertThat(events)
                .filteredOn(DataflowEvent.NodeStuck.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    DataflowEvent.NodeStuck stuck = (DataflowEvent.NodeStuck) event;
                    assertThat(stuck.node()).isEqualTo("busy");
                    assertThat(stuck.stuckFor()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
                    assertThat(stuck.stack())
                            .anyMatch(frame -> frame.getMethodName().equals("befall"));
                });
        assertThat(trial.running().state()).isEqualTo(DataflowState.RUNNING);
    }

    @Test
    void shouldTellThatItIsNoLongerStuckWhenItsCodeComesBack() throws Exception {
        Trial trial = run(busy("Mortal", "restart_policy: never"));
        List<DataflowEvent> events = listen(trial);
        send(trial, "dawdle");

        Trial.await(
                "it has come back",
                () -> events.indexOf(new DataflowEvent.NodeStateChanged("busy", NodeState.STUCK)) >= 0
                        && events.lastIndexOf(new DataflowEvent.NodeStateChanged("busy", NodeState.RUNNING))
                                > events.indexOf(new DataflowEvent.NodeStateChanged("busy", NodeState.STUCK)));
        trial.running().publisher("in").close();
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldExplainWhoHoldsUpTheOthersWhenTheyWait() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 2
                nodes:
                  - {id: source, class: Flood, health_check_timeout: 50ms, outputs: [out]}
                  - {id: busy, class: Busy, config: {heeds: interrupt}, health_check_timeout: 50ms, inputs: {in: source/out}}
                  - {id: idle, class: Recorder, health_check_timeout: 50ms, inputs: {in: millrace/app/in}}
                """);
        List<DataflowEvent> events = listen(trial);
        Trial.await(
                "the source waits for room",
                () -> trial.edge("source/out -> busy/in").sent() == 2
                        && trial.running().status().node("busy").state() == NodeState.STUCK);

        List<Stall> stalls = trial.running().explainStall();

        assertThat(stalls).singleElement().satisfies(stall -> {
            assertThat(stall.holder()).isEqualTo(Stall.Holder.NODE);
            assertThat(stall.name()).isEqualTo("busy");
            assertThat(stall.edges()).containsExactly("source/out -> busy/in");
            assertThat(stall.heldFor()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
            assertThat(stall.stack()).anyMatch(frame -> frame.getMethodName().equals("run"));
            assertThat(stall.toString()).contains("'busy'", "source/out -> busy/in", "at ");
        });
        assertThat(events)
                .filteredOn(DataflowEvent.NodeStuck.class::isInstance)
                .as("who waits for room or for messages is not stuck")
                .allMatch(event -> ((DataflowEvent.NodeStuck) event).node().equals("busy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mortal", "MortalLoop"})
    void shouldInterruptAndRestartItWhenItIsStuck(String type) throws Exception {
        Trial trial = run(busy(type, "restart_policy: on-failure"));
        Tap report = trial.tap("busy/report", SubscribeOptions.backpressure(100));
        send(trial, "stick", "b");
        trial.running().publisher("in").close();

        assertThat(report.restTexts())
                .endsWith("0: input in stick", "1: open", "1: input in b", "1: closed in", "1: all closed");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mortal", "MortalLoop"})
    void shouldReplaceItWhenItDoesNotHeedTheInterrupt(String type) throws Exception {
        Trial trial = run(busy(type, "restart_policy: on-failure"));
        List<DataflowEvent> events = listen(trial);
        Tap report = trial.tap("busy/report", SubscribeOptions.backpressure(100));
        Tap told = trial.tap("sink/report", SubscribeOptions.backpressure(100));
        send(trial, "keep this", "deaf", "lost");
        while (!report.nextText().equals("0: input in deaf")) {
            continue;
        }
        DataflowEvent again = new DataflowEvent.NodeRestarted("busy", 1);
        Trial.await("another has taken its place", () -> events.contains(again));
        send(trial, "b");
        trial.running().publisher("in").close();

        assertThat(report.restTexts())
                .containsExactly("1: open with this", "1: input in b", "1: closed in", "1: all closed");
        assertThat(told.restTexts())
                .containsSubsequence("restarted busy", "input in 1: input in b", "closed in", "all closed")
                .containsOnlyOnce("closed in")
                .anyMatch(line -> line.startsWith("failed busy [in]") && line.contains("is stuck"));
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(result.status().node("busy").incarnation()).isEqualTo(1);
        EdgeStatus edge = Trial.edge(result.status(), "millrace/app/in -> busy/in");
        assertThat(edge.sent()).isEqualTo(4);
        assertThat(edge.received()).isEqualTo(3);
        assertThat(edge.discarded()).as("what waited for it").isEqualTo(1);
    }

    @Test
    void shouldCloseWhatItFedWhenItDoesNotHeedTheInterruptAndItsRestartsAreUsedUp() throws Exception {
        Trial trial = run(busy("Mortal", "restart_policy: on-failure, max_restarts: 1"));
        Tap told = trial.tap("sink/report", SubscribeOptions.backpressure(100));
        send(trial, "fail", "deaf");

        assertThat(told.restTexts())
                .containsSubsequence("restarted busy", "closed in", "all closed")
                .containsOnlyOnce("closed in");
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).extracting(Failure::node).containsExactly("busy");
        assertThat(Failures.of(result)).contains("is stuck");
        assertThat(result.status().node("busy").state()).isEqualTo(NodeState.ABANDONED);
    }
}
