package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Submission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    private static final String SOURCE = "id: s, class: x.S, outputs: [o], deploy: {machine: a}";
    private static final String SINK = "id: t, class: x.T, inputs: {i: s/o}, deploy: {machine: b}";

    private static ModelCluster running() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit("flow", SOURCE, SINK);
        return cluster.settle();
    }

    @Test
    void shouldBringEveryPartOnTogetherWhenAllAreReady() {
        ModelCluster cluster = ModelCluster.of("a", "b");

        assertThat(cluster.submit("flow", SOURCE, SINK)).isInstanceOf(Outcome.OfJob.class);
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.PREPARING);
        assertThat(cluster.desired("a")).containsExactly("s PREPARE");
        follow(cluster, "a");
        assertThat(cluster.desired("a")).containsExactly("s PREPARE");
        follow(cluster, "b");
        assertThat(cluster.desired("a")).containsExactly("s OPEN");
        assertThat(cluster.desired("b")).containsExactly("t OPEN");
        follow(cluster, "b");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.PREPARING);
        follow(cluster, "a");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        assertThat(cluster.desired("a")).containsExactly("s RUN");
        assertThat(cluster.desired("b")).containsExactly("t RUN");
    }

    private static void follow(ModelCluster cluster, String machine) {
        cluster.executors.get(machine).follow(cluster.state.desired(machine));
        cluster.report(cluster.executors.get(machine));
    }

    @Test
    void shouldFinishWhenEveryPartHasEnded() {
        ModelCluster cluster = running();
        ModelExecutor a = cluster.executors.get("a");
        ModelExecutor b = cluster.executors.get("b");

        a.end(cluster.part("a", "s").id());
        cluster.settle();
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        b.end(cluster.part("b", "t").id());
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FINISHED);
        assertThat(cluster.job("flow").history())
                .extracting(JobView.Entry::state)
                .containsSequence(JobState.SUBMITTED, JobState.PREPARING)
                .endsWith(JobState.RUNNING, JobState.FINISHED);
    }

    @Test
    void shouldLetNodesStartedByHandGoWhenNothingElseIsLeftOnAnyMachine() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit(
                "flow",
                SOURCE,
                "id: one, path: dynamic, inputs: {i: s/o}, deploy: {machine: a}",
                "id: other, path: dynamic, inputs: {i: s/o}, deploy: {machine: b}");
        cluster.settle();
        assertThat(isOnlyByHandLeft(cluster)).containsExactly(false, false);
        long before = cluster.state.desiredRevision("b");

        cluster.executors.get("a").endNode(cluster.part("a", "s").id(), "s");
        cluster.report(cluster.executors.get("a"));

        assertThat(isOnlyByHandLeft(cluster)).containsExactly(true, true);
        assertThat(cluster.state.desiredRevision("b")).isGreaterThan(before);
    }

    @Test
    void shouldLetNodesStartedByHandGoWhenTheLastOfTheOthersIsLost() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.join("c", Map.of("kind", "source"));
        cluster.submit(
                "flow",
                "id: s, class: x.S, outputs: [o], restart_policy: never, deploy: {labels: {kind: source}}",
                "id: t, class: x.T, inputs: {i: s/o}, outputs: [o], restart_policy: never, deploy: {labels: {kind: source}}",
                "id: one, path: dynamic, inputs: {i: t/o}, outputs: [o], deploy: {machine: a}",
                "id: other, path: dynamic, inputs: {i: one/o}, deploy: {machine: b}");
        cluster.settle();
        long before = cluster.state.desiredRevision("b");

        cluster.cut("c");

        assertThat(isOnlyByHandLeft(cluster)).containsExactly(true, true);
        assertThat(cluster.state.desiredRevision("b")).isGreaterThan(before);
    }

    private static List<Boolean> isOnlyByHandLeft(ModelCluster cluster) {
        return List.of(
                cluster.state.desired("a").get(0).isOnlyByHandLeft(),
                cluster.state.desired("b").get(0).isOnlyByHandLeft());
    }

    @Test
    void shouldStopWhenToldAndWaitForEveryExecutor() {
        ModelCluster cluster = running();

        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 7_000));
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        assertThat(cluster.part("a", "s").stopGraceMs()).isEqualTo(7_000);
        follow(cluster, "a");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        follow(cluster, "b");

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
    }

    @Test
    void shouldCountTheGraceThatEndsFirstWhenToldToStopAgain() {
        ModelCluster cluster = running();

        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 3_600_000));
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 50));
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 3_600_000));

        assertThat(cluster.part("a", "s").stopGraceMs()).isEqualTo(50);
        assertThat(cluster.part("b", "t").stopGraceMs()).isEqualTo(50);
    }

    @Test
    void shouldTellReadersOfLogsWhereThoseRunWhoLog() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit(
                "flow",
                "id: talker, class: app.Talker, deploy: {machine: a}, inputs: {tick: dora/timer/secs/1}",
                "id: reader, class: app.Reader, deploy: {machine: b}, inputs: {logs: dora/logs}");

        for (String machine : List.of("a", "b")) {
            assertThat(cluster.state.desired(machine))
                    .singleElement()
                    .satisfies(job -> assertThat(job.places())
                            .flatExtracting(PartPlace::nodes)
                            .containsExactlyInAnyOrder("talker", "reader"));
        }
    }

    @Test
    void shouldFailWithAllFindingsTogetherWhenSomeCannotPrepare() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.executors.get("a").unprepared.add("s");
        cluster.executors.get("b").unprepared.add("t");
        cluster.submit("flow", SOURCE, SINK);

        follow(cluster, "a");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.PREPARING);
        follow(cluster, "b");

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings())
                .extracting(finding -> finding.machineId() + ": " + finding.text())
                .containsExactly("a: nothing to run [s] with", "b: nothing to run [t] with");
        assertThat(cluster.desired("a")).isEmpty();
    }

    @Test
    void shouldUndoWhatIsPreparedBeforeItFails() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.executors.get("b").unprepared.add("t");
        cluster.submit("flow", SOURCE, SINK);
        follow(cluster, "a");
        follow(cluster, "b");

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        assertThat(cluster.desired("a")).containsExactly("s DROP");
        follow(cluster, "a");

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.executors.get("a").parts).isEmpty();
    }

    @Test
    void shouldUndoEverythingWhenAPartCannotBeOpened() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.executors.get("b").unopened.add("t");
        cluster.submit("flow", SOURCE, SINK);

        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings()).hasSize(1);
        assertThat(cluster.job("flow").findings().get(0).text()).isEqualTo("port is taken");
        assertThat(cluster.executors.get("a").parts).isEmpty();
        assertThat(cluster.executors.get("b").parts).isEmpty();
    }

    /** Both machines are told to open, and then the time is over that this may take. */
    private static ModelCluster openingTooLong() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.executors.get("a").unopened.add("s");
        cluster.executors.get("b").unopened.add("t");
        cluster.submit("flow", SOURCE, SINK);
        follow(cluster, "a");
        follow(cluster, "b");
        assertThat(cluster.desired("a")).containsExactly("s OPEN");
        return cluster.pass(60_000);
    }

    @Test
    void shouldWaitForWhatTheOthersSayWhenNodesTakeTooLongToOpen() {
        ModelCluster cluster = openingTooLong();

        follow(cluster, "a");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.PREPARING);
        follow(cluster, "b");
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").failures())
                .extracting(failure -> failure.node())
                .containsExactly("s", "t");
        assertThat(cluster.job("flow").history())
                .extracting(JobView.Entry::text)
                .contains("could not be opened on [a, b]");
    }

    @Test
    void shouldNameAMachineThatSaysNothingWhenAnotherHasTakenTooLongToOpen() {
        ModelCluster cluster = openingTooLong();

        follow(cluster, "a");
        cluster.executors.get("b").isStuck = true;
        cluster.pass(ClusterLimits.DEFAULT.openMarginMs());

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        assertThat(cluster.job("flow").findings())
                .extracting(finding -> finding.text())
                .contains("port is taken")
                .anySatisfy(text -> assertThat(text).startsWith("machine 'b' has not opened its part"));
    }

    @Test
    void shouldHoldWhenOpenUntilReleased() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit(ModelCluster.submission("flow", ModelCluster.options(true), List.of(), SOURCE, SINK));

        cluster.settle();
        assertThat(cluster.job("flow").isOpen()).isTrue();
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.PREPARING);
        cluster.apply(new ClusterEntry.ReleaseJob(cluster.nowMs, "flow"));

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldFailWhenAHeldJobIsNeverReleased() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit(ModelCluster.submission("flow", ModelCluster.options(true), List.of(), SOURCE, SINK));
        cluster.settle();

        assertThat(cluster.state.nextDueMs()).isEqualTo(cluster.nowMs + 60_000);
        cluster.pass(60_000).settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings().get(0).text())
                .contains("its client has not let it go on within 60000 ms");
    }

    @Test
    void shouldNameTheMachineWhenItDoesNotPrepareInTime() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.executors.get("b").isStuck = true;
        cluster.submit("flow", SOURCE, SINK);
        cluster.settle();

        cluster.pass(ClusterLimits.DEFAULT.prepareTimeoutMs());
        cluster.executors.get("b").isStuck = false;
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings().get(0).text())
                .isEqualTo("machine 'b' has not said whether it can run its part within 300000 ms: nodes [t]");
    }

    @Test
    void shouldNameTheMachineWhenItDoesNotOpenInTime() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit("flow", SOURCE, SINK);
        follow(cluster, "a");
        follow(cluster, "b");
        follow(cluster, "a");

        cluster.pass(75_000).settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings().get(0).text())
                .isEqualTo("machine 'b' has not opened its part within 75000 ms: nodes [t]");
    }

    @Test
    void shouldRunOnWhenANodeFailsAndEndAsFailed() {
        ModelCluster cluster = running();
        ModelExecutor b = cluster.executors.get("b");
        b.failNode(cluster.part("b", "t").id(), "t");
        cluster.settle();
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);

        b.end(cluster.part("b", "t").id());
        cluster.executors.get("a").end(cluster.part("a", "s").id());
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").failures())
                .extracting(failure -> failure.node())
                .containsExactly("t");
    }

    @Test
    void shouldStopAllWhenANodeFailsAndTheDataflowSaysSo() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit(ModelCluster.submission(
                "1",
                "flow",
                ModelCluster.options(false),
                List.of(),
                ModelCluster.form("flow\non_failure: stop", SOURCE, SINK)));
        cluster.settle();
        cluster.executors.get("b").failNode(cluster.part("b", "t").id(), "t");

        cluster.report(cluster.executors.get("b"));
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
    }

    @Test
    void shouldUndoWhenStoppedBeforeItRuns() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit("flow", SOURCE, SINK);
        follow(cluster, "a");

        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 7_000));
        assertThat(cluster.desired("a")).containsExactly("s DROP");
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
        assertThat(cluster.job("flow").findings()).isEmpty();
    }

    @Test
    void shouldGiveTheSameJobWhenHandedInTwice() {
        ModelCluster cluster = running();

        Outcome again = cluster.submit("flow", SOURCE, SINK);

        assertThat(again).isInstanceOf(Outcome.OfJob.class);
        assertThat(cluster.state.jobViews()).hasSize(1);
    }

    @Test
    void shouldRefuseANameThatRunsAndTakeItAgainWhenItHasEnded() {
        ModelCluster cluster = running();
        Submission other = ModelCluster.submission(
                "other", "flow", ModelCluster.options(false), List.of(), ModelCluster.form("flow", SOURCE));

        assertThat(cluster.submit(other)).isInstanceOfSatisfying(Outcome.Refused.class, outcome -> {
            assertThat(outcome.code()).isEqualTo(Reason.CONFLICT);
            assertThat(outcome.reason()).contains("there is a job 'flow' already, which is RUNNING");
        });
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 0));
        cluster.settle();
        assertThat(cluster.submit(other)).isInstanceOf(Outcome.OfJob.class);
        assertThat(cluster.job("flow").jobId()).isEqualTo("other");
        assertThat(cluster.job("id-of-flow").state()).isEqualTo(JobState.STOPPED);
    }

    @Test
    void shouldKeepCountersAtHandUntilTheJobHasBeenOverForAWhile() {
        ModelCluster cluster = running();
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 0));
        cluster.settle();
        assertThat(cluster.desired("a")).containsExactly("s STOP");

        cluster.pass(ClusterLimits.DEFAULT.lingerMs());

        assertThat(cluster.desired("a")).isEmpty();
        assertThat(cluster.job("flow").parts())
                .extracting(JobView.PartView::state)
                .containsOnly(PartState.ENDED);
        assertThat(cluster.state.submission("flow")).isEmpty();
    }

    @Test
    void shouldIgnoreReportsUnderAnotherEpoch() {
        ModelCluster cluster = running();
        PartReport stale = ModelExecutor.ended(cluster.part("a", "s"), false);
        PartReport report = new PartReport(
                stale.id(),
                stale.epoch() - 1,
                stale.state(),
                List.of(),
                List.of(),
                false,
                Map.of(),
                List.of(),
                Optional.empty());

        cluster.apply(new ClusterEntry.PartsReported(cluster.nowMs, "a", "a-1", List.of(report)));

        assertThat(cluster.isIn("a", "s", PartPhase.RUN)).isTrue();
        assertThat(cluster.job("flow").parts().get(0).state()).isEqualTo(PartState.RUNNING);
    }
}
