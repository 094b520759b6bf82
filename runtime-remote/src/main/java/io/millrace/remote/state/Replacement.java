package io.millrace.remote.state;

import io.millrace.graph.Problem;
import io.millrace.remote.state.ExecutorEntry.Presence;
import io.millrace.remote.state.Job.Stage;
import io.millrace.remote.state.Job.Waiting;
import io.millrace.remote.state.Part.Kind;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What becomes of nodes whose executor is lost, leaves, or could not start them: they are placed again, wait, or have failed. */
final class Replacement {
    private final Step step;
    private final LifeCycle lifeCycle;

    Replacement(Step step, LifeCycle lifeCycle) {
        this.step = step;
        this.lifeCycle = lifeCycle;
    }

    /** Its executor is not there any more, for the masters: a part that moves has stopped, one that is pinned may run on. */
    void lost(Part part, String reason) {
        Job job = part.job;
        if (part.isDone()) {
            step.bury(part);
            return;
        }
        switch (job.stage) {
            case PREPARE, OPEN -> lostBeforeItRan(part, reason);
            case RUN -> lostWhileItRan(part, reason);
            case STOP -> lostWhileItStops(part, reason);
            case WAIT, UNDO, OVER, PAST -> step.bury(part);
        }
        lifeCycle.advance(job);
    }

    private void lostBeforeItRan(Part part, String reason) {
        Job job = part.job;
        job.isOpen = false;
        if (part.kind == Kind.PINNED) {
            lifeCycle.undo(
                    job,
                    JobState.FAILED,
                    reason + " while nodes " + Job.shortList(part.nodes) + " were being started there");
        } else if (part.kind == Kind.ONCE && part.mayHaveBegun()) {
            lifeCycle.undo(
                    job,
                    JobState.FAILED,
                    reason + " when nodes " + Job.shortList(part.nodes)
                            + " had begun there, which restart_policy never keeps from being started again");
        } else {
            job.note(step.nowMs, reason + ": its nodes " + Job.shortList(part.nodes) + " are placed again");
            placeAgain(part);
            if (!job.waiting.isEmpty()) {
                lifeCycle.undo(
                        job,
                        JobState.FAILED,
                        job.waiting.firstEntry().getValue().reason());
            }
        }
    }

    private void lostWhileItRan(Part part, String reason) {
        Job job = part.job;
        if (part.kind == Kind.PINNED && part.phase != PartPhase.DROP) {
            if (!part.isMissing()) {
                part.missingSinceMs = step.nowMs;
                job.note(step.nowMs, reason + ": nodes " + Job.shortList(part.nodes) + " wait for it");
                step.touch(job);
            }
        } else {
            placeAgainOrFail(part, reason);
        }
    }

    private void lostWhileItStops(Part part, String reason) {
        if (part.kind == Kind.PINNED && part.phase == PartPhase.STOP && part.executor.presence != Presence.LEFT) {
            if (!part.isMissing()) {
                part.missingSinceMs = step.nowMs;
                part.job.note(
                        step.nowMs,
                        reason + " before it confirmed that nodes " + Job.shortList(part.nodes) + " have stopped");
                step.touch(part.job);
            }
        } else {
            part.wasStopped = true;
            step.bury(part);
        }
    }

    /** Its process is no more: what it ran begins anew, where it may. */
    void vanished(Part part, String reason) {
        if (part.job.stage == Stage.RUN && !part.isDone()) {
            placeAgainOrFail(part, reason);
            lifeCycle.advance(part.job);
        } else if (part.job.stage == Stage.STOP && !part.isDone()) {
            part.wasStopped = true;
            step.bury(part);
            lifeCycle.advance(part.job);
        } else {
            lost(part, reason);
        }
    }

    /** Nodes that may not be started again have failed; the others are placed. */
    private void placeAgainOrFail(Part part, String reason) {
        Job job = part.job;
        List<String> failed = part.mayHaveBegun()
                ? part.nodes.stream()
                        .filter(node -> !job.graph.node(node).isPlacedAgain() && !part.endedNodes.contains(node))
                        .toList()
                : List.of();
        if (failed.isEmpty()) {
            job.note(step.nowMs, reason + ": its nodes " + Job.shortList(part.nodes) + " are placed again");
        } else {
            job.note(step.nowMs, reason + ": nodes " + Job.shortList(failed) + " have failed with it");
            for (String node : failed) {
                job.fail(LifeCycle.failure(node, reason + ", and with it the node, whose restart_policy is never"));
            }
            part.endedNodes = union(part.endedNodes, failed);
            part.state = PartState.FAILED;
        }
        placeAgain(part);
    }

    /** It was told to move, and has ended. */
    void moved(Part part) {
        if (part.wasStopped) {
            placeAgain(part);
        }
    }

    /** It has been stopped, and not by us: its executor has been without word from a leading master for its lease. */
    void givenUp(Part part) {
        if (part.kind != Kind.PINNED) {
            placeAgainOrFail(
                    part,
                    "machine '" + part.executor.machineId + "' has had no word from a leading master for too long");
        }
    }

    /** A part that was placed again could not be started where it was. */
    void failed(Part part) {
        if (part.phase == PartPhase.RUN) {
            return;
        }
        Job job = part.job;
        String machine = part.executor.machineId;
        String why = !LifeCycle.hasError(part.findings)
                ? part.failures.isEmpty()
                        ? "no reason was given"
                        : part.failures.get(0).message()
                : part.findings.stream()
                        .filter(found -> found.severity() == Problem.Severity.ERROR)
                        .findFirst()
                        .map(Finding::text)
                        .orElseThrow();
        boolean isExhausted = part.kind == Kind.PINNED;
        for (String node : part.nodes) {
            job.refusals.computeIfAbsent(node, any -> new TreeSet<>()).add(machine);
            isExhausted |= job.refusals.get(node).size() >= step.limits.placements();
        }
        if (!isExhausted) {
            job.note(
                    step.nowMs,
                    "nodes " + Job.shortList(part.nodes) + " could not be started on '" + machine + "': " + why);
            placeAgain(part);
            return;
        }
        for (String node : part.nodes) {
            job.fail(LifeCycle.failure(
                    node, "was lost with its machine, and could not be started again on '" + machine + "': " + why));
            job.refusals.remove(node);
        }
        step.bury(part);
    }

    /** All nodes of it that have not ended for good are placed anew, and begin with their next incarnation; what cannot be placed waits. */
    private void placeAgain(Part part) {
        Job job = part.job;
        Map<String, Integer> incarnations = new TreeMap<>();
        for (String node : part.nodes) {
            if (!part.endedNodes.contains(node)) {
                incarnations.put(node, part.incarnation(node) + (part.mayHaveBegun() ? 1 : 0));
            }
        }
        release(part, incarnations);
        if (!incarnations.isEmpty()) {
            place(job, incarnations);
        }
    }

    /** The part stays only to say that those of its nodes have ended that have. */
    private void release(Part part, Map<String, Integer> leaving) {
        Job job = part.job;
        if (!part.state.isFinal()) {
            part.state = PartState.ENDED;
        }
        step.bury(part);
        job.forget(part, leaving.keySet());
        part.keep(part.endedNodes);
        if (part.nodes.isEmpty()) {
            job.parts.remove(part.number);
        }
    }

    private void place(Job job, Map<String, Integer> incarnations) {
        NodePlacing placing = new NodePlacing(step, job, incarnations.keySet()).choose();
        placing.makeParts(incarnations);
        placing.keepWaiting(incarnations);
    }

    /** Tries once more to place what waits: something has changed about executors. */
    void retry(Job job) {
        if (job.stage == Stage.RUN && !job.waiting.isEmpty()) {
            Map<String, Integer> incarnations = new TreeMap<>();
            job.waiting.values().forEach(waiting -> incarnations.put(waiting.node(), waiting.incarnation()));
            place(job, incarnations);
        }
    }

    /** Likewise, and the job's history says if it cannot. */
    void leaveIfDrained(Part part) {
        leaveIfItCan(part)
                .ifPresent(why -> part.job.note(
                        step.nowMs,
                        "nodes " + Job.shortList(part.nodes) + " stay on '" + part.executor.machineId
                                + "', though it is drained: " + why));
    }

    /**
     * A part of an executor that is drained is told to move, if it may and there is somewhere to go. It ends where it is first: no two incarnations of a node overlap.
     *
     * @return why there is nowhere to go
     */
    Optional<String> leaveIfItCan(Part part) {
        Job job = part.job;
        boolean mayLeave = part.kind == Kind.MOVABLE
                && job.stage == Stage.RUN
                && part.phase == PartPhase.RUN
                && !part.isDone()
                && part.executor.isHere()
                && part.executor.isDraining;
        if (!mayLeave) {
            return Optional.empty();
        }
        NodePlacing trial = new NodePlacing(step, job, part.nodes).choose();
        trial.undo();
        if (!trial.unplaced().isEmpty()) {
            return Optional.of(trial.unplaced().get(0).reason());
        }
        step.bring(part, PartPhase.MOVE, job.options.closeGraceMs());
        job.note(
                step.nowMs,
                "nodes " + Job.shortList(part.nodes) + " leave '" + part.executor.machineId + "', which is drained");
        return Optional.empty();
    }

    /** Fails a job that has waited for too long, and drops parts that take too long to be started. */
    void onTime(Job job) {
        for (Part part : new ArrayList<>(job.parts())) {
            if (startDueMs(part) <= step.nowMs) {
                step.bring(part, PartPhase.DROP, 0);
                job.note(
                        step.nowMs,
                        "nodes " + Job.shortList(part.nodes) + " were not started in time on '"
                                + part.executor.machineId + "'");
            }
        }
        for (Part part : job.parts()) {
            if (waitDueMs(job, part.missingSinceMs) <= step.nowMs) {
                fail(
                        job,
                        "machine '" + part.executor.machineId + "' was lost and has not come back within "
                                + job.options.lostWaitMs() + " ms");
                return;
            }
        }
        for (Waiting waiting : job.waiting.values()) {
            if (waitDueMs(job, waiting.sinceMs()) <= step.nowMs) {
                fail(job, waiting.reason() + "; waited for " + job.options.lostWaitMs() + " ms");
                return;
            }
        }
    }

    private void fail(Job job, String reason) {
        job.find(LifeCycle.finding("", reason));
        lifeCycle.stop(job, JobState.FAILED, job.options.closeGraceMs(), reason);
    }

    /** While a job stops: an executor that has been away for too long is not waited for any more. */
    void giveUpWaiting(Job job) {
        for (Part part : new ArrayList<>(job.parts())) {
            if (waitDueMs(job, part.missingSinceMs) <= step.nowMs) {
                job.note(
                        step.nowMs,
                        "machine '" + part.executor.machineId + "' has not confirmed within " + job.options.lostWaitMs()
                                + " ms that nodes " + Job.shortList(part.nodes) + " have stopped");
                step.bury(part);
            }
        }
    }

    static long dueMs(Job job) {
        long due = Long.MAX_VALUE;
        for (Part part : job.parts()) {
            due = Math.min(due, Math.min(startDueMs(part), waitDueMs(job, part.missingSinceMs)));
        }
        for (Waiting waiting : job.waiting.values()) {
            due = Math.min(due, waitDueMs(job, waiting.sinceMs()));
        }
        return due;
    }

    private static long waitDueMs(Job job, long sinceMs) {
        long waitMs = job.options.lostWaitMs();
        return sinceMs < 0 || waitMs < 0 ? Long.MAX_VALUE : sinceMs + waitMs;
    }

    /** Of a part that was placed again while its job runs. */
    private static long startDueMs(Part part) {
        if (part.job.stage != Stage.RUN || part.isDone() || part.isMissing()) {
            return Long.MAX_VALUE;
        }
        ClusterLimits limits = part.job.limits;
        return switch (part.phase) {
            case PREPARE -> part.phaseSinceMs + limits.prepareTimeoutMs();
            case OPEN -> part.phaseSinceMs + part.job.options.startTimeoutMs() + limits.openMarginMs();
            case RUN, MOVE, STOP, DROP -> Long.MAX_VALUE;
        };
    }

    private static Set<String> union(Collection<String> some, Collection<String> others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }
}
