package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.ExecutorView.Condition;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LossTest {
    private static final String PINNED = "id: p, class: x.P, outputs: [o], deploy: {machine: a}";
    private static final String MOVABLE = "id: m, class: x.M, inputs: {i: p/o}, outputs: [o]";
    private static final String ONCE = "id: n, class: x.N, inputs: {i: m/o}, restart_policy: never";

    /** All on a. */
    private static ModelCluster running(String... nodes) {
        ModelCluster cluster = ModelCluster.of("a");
        cluster.submit("flow", nodes);
        cluster.settle();
        cluster.join("b", Map.of());
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        return cluster;
    }

    @Test
    void shouldPlaceMovableNodesAgainAndLetPinnedOnesWaitWhenAnExecutorIsLost() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        PartAssignment before = cluster.part("a", "m");

        cluster.cut("a");

        assertThat(cluster.places("flow")).isEqualTo(Map.of("p", "a", "m", "b"));
        PartAssignment after = cluster.part("b", "m");
        assertThat(after.phase()).isEqualTo(PartPhase.PREPARE);
        assertThat(after.id().number()).isGreaterThan(before.id().number());
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(after.incarnations()).isEqualTo(Map.of("m", 1));
        cluster.settle();
        assertThat(cluster.isIn("b", "m", PartPhase.RUN)).isTrue();
        assertThat(cluster.job("flow").degraded()).contains("machine 'a' is lost, and nodes [p] wait for it");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldAdoptPinnedNodesUnderTheirEpochWhenTheSameProcessComesBack() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        PartAssignment pinned = cluster.part("a", "p");
        ModelExecutor a = cluster.cut("a");
        cluster.settle();

        cluster.executors.put("a", a);
        cluster.comeBack("a");
        cluster.settle();

        assertThat(cluster.part("a", "p")).isEqualTo(pinned);
        assertThat(a.parts.keySet()).containsExactly(pinned.id());
        assertThat(cluster.job("flow").degraded()).isEmpty();
        assertThat(cluster.places("flow")).isEqualTo(Map.of("p", "a", "m", "b"));
    }

    @Test
    void shouldPlaceMovableNodesAgainWhenTheirExecutorHasStoppedThemWithoutBeingTold() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        PartAssignment before = cluster.part("a", "m");
        ModelExecutor a = cluster.executors.get("a");

        a.parts.put(before.id(), ModelExecutor.ended(before, true)); // its lease has ended while no master led
        cluster.comeBack("a");
        cluster.settle();

        String machine = cluster.places("flow").get("m");
        PartAssignment after = cluster.part(machine, "m");
        assertThat(after.phase()).isEqualTo(PartPhase.RUN);
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(after.incarnations()).isEqualTo(Map.of("m", 1));
        assertThat(cluster.isIn("a", "p", PartPhase.RUN)).isTrue();
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldStartPinnedNodesAnewWhenAnotherProcessComesBack() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        PartAssignment before = cluster.part("a", "p");
        cluster.cut("a");
        cluster.settle();

        cluster.join("a", "a-2", Map.of(), 4);

        PartAssignment after = cluster.part("a", "p");
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(after.incarnations()).isEqualTo(Map.of("p", 1));
        assertThat(after.isPinned()).isTrue();
        assertThat(cluster.job("flow").degraded()).contains("nodes [p] are being started on machine 'a'");
        cluster.settle();
        assertThat(cluster.isIn("a", "p", PartPhase.RUN)).isTrue();
        assertThat(cluster.job("flow").degraded()).isEmpty();
        assertThat(cluster.state.executorView("a").orElseThrow().incarnation()).isEqualTo(2);
    }

    @Test
    void shouldCountNodesAsFailedWhenRestartPolicyNeverIsWritten() {
        ModelCluster cluster = running(PINNED, MOVABLE, ONCE);

        cluster.cut("a");
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("p", "a", "m", "b"));
        assertThat(cluster.job("flow").failures())
                .extracting(failure -> failure.node() + ": " + failure.message())
                .containsExactly("n: machine 'a' is lost, and with it the node, whose restart_policy is never");
        assertThat(cluster.state.desired("b").get(0).places())
                .filteredOn(place -> place.nodes().contains("n"))
                .allMatch(place -> place.isEnded())
                .hasSize(1);
    }

    @Test
    void shouldFailTheJobWhenAPinnedNodeHasWaitedForTooLong() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        cluster.cut("a");
        cluster.settle();

        assertThat(cluster.state.nextDueMs()).isEqualTo(cluster.nowMs + ModelCluster.LOST_WAIT_MS);
        cluster.pass(ModelCluster.LOST_WAIT_MS);
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        assertThat(cluster.isIn("b", "m", PartPhase.STOP)).isTrue();
        cluster.settle();
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        cluster.pass(0).settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings().get(0).text())
                .isEqualTo("machine 'a' was lost and has not come back within 60000 ms");
    }

    @Test
    void shouldWaitWithAReasonWhenAMovableNodeCanBePlacedNowhere() {
        ModelCluster cluster = ModelCluster.of();
        cluster.join("a", Map.of("gpu", "yes"));
        cluster.submit("flow", "id: m, class: x.M, deploy: {labels: {gpu: 'yes'}}");
        cluster.settle();
        cluster.join("b", Map.of("gpu", "no"));

        cluster.cut("a");

        assertThat(cluster.job("flow").degraded())
                .contains(
                        "node 'm' can be placed nowhere: machine 'a': is lost; machine 'b': label gpu is 'no', wanted 'yes'");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        cluster.join("c", Map.of("gpu", "yes"));
        cluster.settle();
        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "c"));
        assertThat(cluster.part("c", "m").incarnations()).isEqualTo(Map.of("m", 1));
    }

    @Test
    void shouldGiveTheLastCheckpointToTheNextIncarnation() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        PartAssignment before = cluster.part("a", "m");
        store(cluster, before, "m", "one");
        store(cluster, before, "m", "two");

        cluster.cut("a");
        PartAssignment after = cluster.part("b", "m");

        assertThat(cluster.state.checkpoints(after.id(), after.epoch()).orElseThrow())
                .containsOnlyKeys("m")
                .containsEntry("m", "two".getBytes(StandardCharsets.UTF_8));
        assertThat(store(cluster, before, "m", "late"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        outcome -> assertThat(outcome.reason()).endsWith("is not current"));
        assertThat(cluster.state.checkpoints(before.id(), before.epoch())).isEmpty();
    }

    private static Outcome store(ModelCluster cluster, PartAssignment part, String code, String text) {
        return cluster.apply(new ClusterEntry.StoreCheckpoint(
                cluster.nowMs, "a", "a-1", part.id(), part.epoch(), code, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldPlaceAgainWhenAnExecutorIsLostWhileItPrepares() {
        ModelCluster cluster = ModelCluster.of("a");
        cluster.submit("flow", "id: m, class: x.M");
        cluster.join("b", Map.of());

        cluster.cut("a");

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.PREPARING);
        assertThat(cluster.part("b", "m").incarnations()).isEmpty();
        cluster.settle();
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldFailWhenAnExecutorWithPinnedNodesIsLostWhileItPrepares() {
        ModelCluster cluster = ModelCluster.of("a", "b");
        cluster.submit("flow", PINNED, MOVABLE);

        cluster.cut("a");

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").findings().get(0).text())
                .isEqualTo("machine 'a' is lost while nodes [p] were being started there");
    }

    @Test
    void shouldKeepStoppingWhenAPinnedPartIsLostUntilItConfirms() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        ModelExecutor a = cluster.executors.remove("a");
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 1_000));
        cluster.apply(new ClusterEntry.ExecutorLost(cluster.nowMs, "a", "a-1"));
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        assertThat(cluster.job("flow").degraded())
                .contains("machine 'a' is lost, and has not confirmed that nodes [p] have stopped");

        cluster.executors.put("a", a);
        cluster.comeBack("a");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPING);
        assertThat(cluster.job("flow").degraded()).isEmpty();
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
    }

    @Test
    void shouldStopWithAWordWhenALostExecutorNeverConfirms() {
        ModelCluster cluster = running(PINNED);
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 1_000));
        cluster.cut("a");

        cluster.pass(ModelCluster.LOST_WAIT_MS);

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
        assertThat(cluster.job("flow").history())
                .extracting(JobView.Entry::text)
                .contains("machine 'a' has not confirmed within 60000 ms that nodes [p] have stopped");
    }

    @Test
    void shouldNotStartEndedNodesAgainWhenTheirExecutorIsLost() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        cluster.executors.get("a").failNode(cluster.part("a", "m").id(), "m");
        cluster.settle();

        cluster.cut("a");

        assertThat(cluster.state.desired("b")).isEmpty();
        assertThat(cluster.job("flow").parts())
                .filteredOn(part -> part.place().nodes().contains("m"))
                .hasSize(1)
                .allMatch(part -> part.place().isEnded());
    }

    @Test
    void shouldMoveNodesOnlyWhenTheyHaveEndedWhereTheyWereWhenAnExecutorIsDrained() {
        ModelCluster cluster = running(PINNED, MOVABLE);

        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "a"));
        assertThat(cluster.isIn("a", "m", PartPhase.MOVE)).isTrue();
        assertThat(cluster.isIn("a", "p", PartPhase.RUN)).isTrue();
        assertThat(cluster.state.desired("b")).isEmpty();
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("p", "a", "m", "b"));
        assertThat(cluster.part("b", "m").incarnations()).isEqualTo(Map.of("m", 1));
        assertThat(cluster.state.executorView("a").orElseThrow().condition()).isEqualTo(Condition.DRAINING);
        cluster.submit("more", "id: q, class: x.Q");
        assertThat(cluster.places("more")).isEqualTo(Map.of("q", "b"));
    }

    @Test
    void shouldMoveNodesThatWereStillBeingPlacedAgainWhenTheirExecutorWasDrained() {
        ModelCluster cluster = running("id: m, class: x.M");
        cluster.join("c", Map.of());
        cluster.cut("a");
        assertThat(cluster.isIn("b", "m", PartPhase.PREPARE)).isTrue();

        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "b"));
        assertThat(cluster.isIn("b", "m", PartPhase.PREPARE)).isTrue();
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "c"));
    }

    @Test
    void shouldSayAgainWhyNodesStayWhenAnExecutorIsDrainedOnceMore() {
        ModelCluster cluster = ModelCluster.of("a");
        cluster.submit("flow", "id: m, class: x.M");
        cluster.settle();

        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "a"));
        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "a"));

        assertThat(cluster.job("flow").history())
                .filteredOn(entry -> entry.text().startsWith("nodes [m] stay on 'a', though it is drained: "))
                .hasSize(2);
    }

    @Test
    void shouldStayWhenADrainedExecutorIsTheOnlyOne() {
        ModelCluster cluster = ModelCluster.of("a");
        cluster.submit("flow", "id: m, class: x.M");
        cluster.settle();

        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "a"));
        assertThat(cluster.isIn("a", "m", PartPhase.RUN)).isTrue();
        cluster.join("b", Map.of());
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "b"));
    }

    @Test
    void shouldTryElsewhereWhenANodeThatIsPlacedAgainCannotBeStarted() {
        ModelCluster cluster = running("id: m, class: x.M");
        cluster.executors.get("b").unprepared.add("m");
        cluster.join("c", Map.of());

        cluster.cut("a");
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "c"));
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldFailTheNodeWhenItCouldBeStartedNowhere() {
        ModelCluster cluster = running("id: m, class: x.M");
        for (String machine : List.of("b", "c", "d", "e")) {
            cluster.join(machine, Map.of()).unprepared.add("m");
        }
        cluster.executors.get("b").unprepared.add("m");

        cluster.cut("a");
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.FAILED);
        assertThat(cluster.job("flow").failures().get(0).message())
                .isEqualTo("was lost with its machine, and could not be started again on 'd': nothing to run [m] with");
    }

    @Test
    void shouldRefuseASecondProcessUntilTheFirstIsGone() {
        ModelCluster cluster = ModelCluster.of("a");
        ModelExecutor second = new ModelExecutor("a", "a-2");

        assertThat(cluster.register(second, Map.of(), 4)).isInstanceOfSatisfying(Outcome.Refused.class, outcome -> {
            assertThat(outcome.code()).isEqualTo(Reason.CONFLICT);
            assertThat(outcome.reason())
                    .startsWith("machine id 'a' is taken by an executor with links at a.example:53293");
        });
        cluster.lose("a");
        assertThat(cluster.register(second, Map.of(), 4)).isEqualTo(new Outcome.Registered(2));
    }

    @Test
    void shouldTreatPartsAsLostWhenTheSameProcessComesBackWithoutThem() {
        ModelCluster cluster = running(PINNED);
        PartAssignment before = cluster.part("a", "p");
        cluster.executors.get("a").parts.clear();

        cluster.comeBack("a");

        assertThat(cluster.part("a", "p").epoch()).isGreaterThan(before.epoch());
        cluster.settle();
        assertThat(cluster.isIn("a", "p", PartPhase.RUN)).isTrue();
    }

    @Test
    void shouldMoveNodesAtOnceWhenAnExecutorLeavesInOrder() {
        ModelCluster cluster = running("id: m, class: x.M");

        cluster.apply(new ClusterEntry.UnregisterExecutor(cluster.nowMs, "a", "a-1", "told to"));

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "b"));
        assertThat(cluster.state.executorView("a").orElseThrow().condition()).isEqualTo(Condition.LEFT);
        assertThat(cluster.job("flow").history())
                .extracting(JobView.Entry::text)
                .contains("machine 'a' has left (told to): its nodes [m] are placed again");
    }

    @Test
    void shouldCountNoFailureWhenANodeThrowsWhileItIsMoved() {
        ModelCluster cluster = ModelCluster.of("a");
        cluster.submit(ModelCluster.submission(
                "1",
                "flow",
                ModelCluster.options(false),
                List.of(),
                ModelCluster.form("flow\non_failure: stop", PINNED, MOVABLE)));
        cluster.settle();
        cluster.join("b", Map.of());
        PartAssignment moved = cluster.part("a", "m");

        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "a"));
        cluster.executors.get("a").parts.put(moved.id(), endedWithAFailure(moved));
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        assertThat(cluster.places("flow")).isEqualTo(Map.of("p", "a", "m", "b"));
        assertThat(cluster.job("flow").failures()).isEmpty();
        assertThat(cluster.job("flow").history())
                .extracting(JobView.Entry::text)
                .contains("node 'm' has failed while it was ended on 'a', to begin elsewhere: did not end");
    }

    @Test
    void shouldCountNoFailureWhenANodeThrowsWhileItsLeaseEnds() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        PartAssignment before = cluster.part("a", "m");

        cluster.executors.get("a").parts.put(before.id(), endedWithAFailure(before));
        cluster.comeBack("a");
        cluster.settle();

        assertThat(cluster.places("flow")).containsKey("m");
        assertThat(cluster.job("flow").failures()).isEmpty();
    }

    private static PartReport endedWithAFailure(PartAssignment part) {
        return new PartReport(
                part.id(),
                part.epoch(),
                PartState.ENDED,
                List.of(),
                List.of(new FailureRecord("m", "java.lang.IllegalStateException", "did not end", List.of())),
                true,
                Map.of(),
                List.of(),
                Optional.empty());
    }

    @Test
    void shouldCountNoFailureWhenANodeThatIsPlacedAgainOpensOnAnotherMachineOnly() {
        ModelCluster cluster = running("id: m, class: x.M");
        cluster.executors.get("b").unopened.add("m");
        cluster.join("c", Map.of());

        cluster.cut("a");
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "c"));
        assertThat(cluster.job("flow").failures()).isEmpty();
    }

    @Test
    void shouldPlaceNodesAgainWhenTheLeaseOfTheirExecutorEndsBeforeTheyRun() {
        ModelCluster cluster = running("id: m, class: x.M");
        cluster.cut("a");
        PartAssignment begun = cluster.part("b", "m");

        cluster.executors.get("b").parts.put(begun.id(), ModelExecutor.ended(begun, true));
        cluster.comeBack("b");
        cluster.settle();

        assertThat(cluster.places("flow")).containsOnlyKeys("m");
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldTryElsewhereWhenAnExecutorSaysThatItHasEndedWhatTookTooLong() {
        ModelCluster cluster = running("id: m, class: x.M");
        ModelExecutor b = cluster.executors.get("b");
        b.isStuck = true;
        cluster.cut("a");
        PartAssignment late = cluster.part("b", "m");
        cluster.pass(ClusterLimits.DEFAULT.prepareTimeoutMs());
        assertThat(cluster.isIn("b", "m", PartPhase.DROP)).isTrue();
        cluster.join("c", Map.of());

        b.parts.put(late.id(), ModelExecutor.ended(late, true));
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "c"));
        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldWaitForNoWordWhenAJobStopsWhoseMachineHasLeftInOrder() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        cluster.apply(new ClusterEntry.UnregisterExecutor(cluster.nowMs, "a", "a-1", ""));
        cluster.executors.remove("a");
        cluster.settle();

        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 1_000));
        cluster.settle();

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
    }

    @Test
    void shouldWaitForNoWordWhenAMachineLeavesInOrderWhileTheJobStops() {
        ModelCluster cluster = running(PINNED, MOVABLE);
        cluster.executors.remove("a");
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 1_000));

        cluster.apply(new ClusterEntry.UnregisterExecutor(cluster.nowMs, "a", "a-1", ""));

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.STOPPED);
    }

    @Test
    void shouldTryAMachineOnceMoreWhenItIsStartedAnew() {
        ModelCluster cluster = running("id: m, class: x.M");
        cluster.executors.get("b").unprepared.add("m");
        cluster.cut("a");
        cluster.settle();
        assertThat(cluster.places("flow")).isEmpty();

        cluster.lose("b");
        cluster.join("b", "b-2", Map.of(), 4);
        cluster.settle();

        assertThat(cluster.places("flow")).isEqualTo(Map.of("m", "b"));
    }

    @Test
    void shouldSayOnceWhyNodesStayWhenOthersJoinThatCannotTakeThem() {
        ModelCluster cluster = ModelCluster.of();
        cluster.join("a", Map.of("gpu", "yes"));
        cluster.submit("flow", "id: m, class: x.M, deploy: {labels: {gpu: 'yes'}}");
        cluster.settle();
        cluster.apply(new ClusterEntry.DrainExecutor(cluster.nowMs, "a"));

        cluster.join("b", Map.of());
        cluster.join("c", Map.of());

        assertThat(cluster.job("flow").history())
                .filteredOn(entry -> entry.text().startsWith("nodes [m] stay on 'a'"))
                .hasSize(1);
    }

    @Test
    void shouldWaitAsLongAsBeforeWhenNobodyHasLedMeanwhile() {
        ModelCluster cluster = ModelCluster.of();
        cluster.join("a", Map.of("gpu", "yes"));
        cluster.submit("flow", PINNED, "id: m, class: x.M, deploy: {labels: {gpu: 'yes'}}");
        cluster.settle();
        cluster.cut("a");
        cluster.pass(20_000);

        cluster.nowMs += 3_600_000;
        cluster.apply(new ClusterEntry.LeaderBegan(cluster.nowMs));
        cluster.pass(0);

        assertThat(cluster.jobState("flow")).isEqualTo(JobState.RUNNING);
        assertThat(cluster.state.nextDueMs()).isEqualTo(cluster.nowMs + ModelCluster.LOST_WAIT_MS - 20_000);
    }

    @Test
    void shouldHaveWaitedForLongEnoughHoweverOftenLeadersChange() {
        ModelCluster cluster = ModelCluster.of();
        cluster.join("a", Map.of());
        cluster.submit("flow", PINNED);
        cluster.settle();
        assertThat(cluster.state.clockDueMs()).isEqualTo(Long.MAX_VALUE);
        cluster.cut("a");

        int leaders = 0;
        while (cluster.jobState("flow") == JobState.RUNNING) {
            leaders++;
            assertThat(leaders).isLessThan(100);
            for (int ticks = 0; ticks < 2; ticks++) {
                cluster.pass(cluster.state.clockDueMs() - cluster.nowMs);
            }
            cluster.nowMs += 3_000;
            cluster.apply(new ClusterEntry.LeaderBegan(cluster.nowMs));
        }

        assertThat(leaders).isEqualTo(6); // of ten seconds each
    }

    @Test
    void shouldRememberTheLongestLeaseThatAProcessWasEverTold() {
        ModelCluster cluster = new ModelCluster();
        cluster.apply(registration("a-1", 35_000));
        cluster.apply(registration("a-1", 15_000));
        assertThat(cluster.state.holdsMs("a")).isEqualTo(35_000);

        cluster.apply(new ClusterEntry.ExecutorLost(cluster.nowMs, "a", "a-1"));
        cluster.apply(registration("a-2", 15_000));

        assertThat(cluster.state.holdsMs("a")).isEqualTo(15_000);
    }

    private static ClusterEntry registration(String instance, long holdsMs) {
        return new ClusterEntry.RegisterExecutor(
                1, "a", instance, Map.of(), "a.example", 53_293, 4, "Linux", holdsMs, List.of());
    }
}
