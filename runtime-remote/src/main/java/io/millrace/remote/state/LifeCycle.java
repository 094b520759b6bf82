package io.millrace.remote.state;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.remote.state.ExecutorEntry.Presence;
import io.millrace.remote.state.Job.Stage;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a job goes on when its parts have.
 *
 * <pre>
 *   WAIT --- placed ---> PREPARE
 *
 *   PREPARE --- all prepared ---> OPEN --- all open, released ---> RUN --- all ended -----------> OVER ---> PAST
 *      |                            |                               |                              ^
 *      |                            |                               +-- stop, failure, waited --> STOP
 *      +--------- failure, stop ----+--------------------------------------------------------> UNDO
 * </pre>
 *
 * In RUN a part that was placed again goes through PREPARE and OPEN by itself, while the others run.
 */
final class LifeCycle {
    private final Step step;
    private final Jobs jobs;
    private final Replacement replacement;
    private final FirstPlacing firstPlacing;

    LifeCycle(Step step, Jobs jobs) {
        this.step = step;
        this.jobs = jobs;
        this.replacement = new Replacement(step, this);
        this.firstPlacing = new FirstPlacing(step, this);
    }

    Replacement replacement() {
        return replacement;
    }

    FirstPlacing firstPlacing() {
        return firstPlacing;
    }

    /** Takes what an executor says of all its parts. */
    void onReports(ExecutorEntry executor, List<PartReport> reports) {
        Set<Job> affected = new TreeSet<>((one, other) -> Long.compare(one.number, other.number));
        Set<Part> reported = new HashSet<>();
        for (PartReport report : reports) {
            @Nullable Part part = jobs.find(executor, report);
            if (part != null) {
                reported.add(part);
                if (part.isNews(report)) {
                    take(part, report);
                    affected.add(part.job);
                }
            }
        }
        for (Part part : List.copyOf(executor.parts)) {
            if (!reported.contains(part) && isConfirmedByAbsence(part)) {
                confirm(part);
                affected.add(part.job);
            }
        }
        affected.forEach(this::advance);
    }

    private void take(Part part, PartReport report) {
        int known = part.failures.size();
        Optional<String> degraded = part.degraded;
        part.take(report);
        noteLinks(part, degraded);
        if (part.phase == PartPhase.DROP && part.state == PartState.ENDED && part.job.stage == Stage.RUN) {
            notInTime(part);
        }
        part.failures.stream().skip(known).forEach(failure -> fail(part, failure));
        if (part.state == PartState.FAILED && part.phase == PartPhase.RUN && part.failures.isEmpty()) {
            part.job.fail(failure(part.nodes.get(0), "its part has failed on '" + part.executor.machineId + "'"));
        }
        step.touch(part.job);
        step.settle(part);
    }

    /** What a node throws while it is ended to begin elsewhere is no failure of its job, nor is that a part cannot be opened on the first of several machines. */
    private void fail(Part part, FailureRecord failure) {
        if (part.job.stage == Stage.RUN && part.state == PartState.FAILED && part.phase != PartPhase.RUN) {
            return; // it is placed again, or what it says is why it has failed
        }
        if (part.isLeaving() && !part.hasEndedByItself(failure.node())) {
            part.job.note(
                    step.nowMs,
                    "node '" + failure.node() + "' has failed while it was ended on '" + part.executor.machineId
                            + "', to begin elsewhere: " + failure.message());
        } else {
            part.job.fail(failure);
        }
    }

    private void noteLinks(Part part, Optional<String> before) {
        if (part.degraded.isPresent() && before.isEmpty()) {
            part.job.note(step.nowMs, "degraded: machine '" + part.executor.machineId + "': " + part.degraded.get());
        } else if (before.isPresent() && part.degraded.isEmpty() && !part.isDone()) {
            part.job.note(step.nowMs, "machine '" + part.executor.machineId + "': its links are up again");
        }
    }

    /** An executor that was told to end a part, and has it no more, has done so. One that never had it need not. */
    static boolean isConfirmedByAbsence(Part part) {
        boolean isToEnd = part.phase == PartPhase.STOP || part.phase == PartPhase.MOVE;
        return !part.isDone() && (part.phase == PartPhase.DROP || isToEnd && part.isReported);
    }

    private void confirm(Part part) {
        if (part.phase == PartPhase.DROP && part.job.stage != Stage.RUN) {
            step.bury(part);
        } else if (part.phase == PartPhase.DROP) {
            notInTime(part);
            step.settle(part);
        } else {
            part.state = PartState.ENDED;
            part.wasStopped = true;
            step.settle(part);
        }
    }

    private static void notInTime(Part part) {
        part.state = PartState.FAILED;
        part.findings = List.of(finding(part.executor.machineId, "was not started in time"));
    }

    /** Takes every decision that is due after something has changed. */
    void advance(Job job) {
        switch (job.stage) {
            case WAIT -> firstPlacing.retry(job);
            case PREPARE -> prepare(job);
            case OPEN -> open(job);
            case RUN -> run(job);
            case STOP, UNDO -> end(job);
            case OVER, PAST -> {}
        }
        dismissNodesByHand(job);
    }

    /** Once, when nothing else is left, be it that it has ended or was lost: every executor of the job is told. */
    private void dismissNodesByHand(Job job) {
        boolean isTold = job.isOnlyByHandTold;
        job.isOnlyByHandTold = job.isOnlyByHandLeft();
        if (job.isOnlyByHandTold && !isTold) {
            job.parts().forEach(left -> step.touch(left.executor));
        }
    }

    private void prepare(Job job) {
        boolean isReady = true;
        for (Part part : job.parts()) {
            if (part.state == PartState.PREPARING) {
                return;
            }
            isReady &= !part.state.isFinal();
        }
        if (!isReady) {
            undo(job, JobState.FAILED, refusal(job));
            return;
        }
        enter(job, Stage.OPEN);
        job.parts().forEach(part -> part.findings.forEach(job::find)); // warnings and notes
        job.parts().forEach(part -> step.bring(part, PartPhase.OPEN, 0));
        job.note(step.nowMs, "prepared on every machine");
    }

    /** Everything that all executors have found, and who they are. */
    private String refusal(Job job) {
        Set<String> machines = new TreeSet<>();
        for (Part part : job.parts()) {
            if (part.state.isFinal()) {
                machines.add(part.executor.machineId);
                addFindings(job, part);
            }
        }
        return "cannot run on " + Job.shortList(machines);
    }

    private void addFindings(Job job, Part part) {
        part.findings.forEach(job::find);
        if (!hasError(part.findings)) {
            String reason = part.failures.isEmpty()
                    ? "ended before it was started"
                    : part.failures.get(0).message();
            job.find(finding(part.executor.machineId, reason));
        }
    }

    static boolean hasError(List<Finding> findings) {
        return findings.stream().anyMatch(found -> found.severity() == Problem.Severity.ERROR);
    }

    static Finding finding(String machineId, String text) {
        return new Finding(machineId, Problem.Severity.ERROR, Location.NONE, text);
    }

    private void open(Job job) {
        if (job.parts().stream().anyMatch(part -> part.state.isFinal())) {
            failToOpen(job);
            return;
        }
        boolean isOpen = true;
        for (Part part : job.parts()) {
            if (part.phase == PartPhase.PREPARE && part.state == PartState.PREPARED) {
                step.bring(part, PartPhase.OPEN, 0);
            }
            isOpen &= part.state.isAtLeast(PartState.OPENED);
        }
        if (isOpen && !job.isOpen) {
            job.isOpen = true;
            job.stageSinceMs = step.nowMs;
            job.note(step.nowMs, "every node is open");
            step.touch(job);
        }
        if (isOpen && !job.isHeld()) {
            job.state = JobState.RUNNING;
            enter(job, Stage.RUN);
            job.parts().forEach(part -> step.bring(part, PartPhase.RUN, 0));
            job.note(step.nowMs, "started");
            new ArrayList<>(job.parts()).forEach(replacement::leaveIfDrained);
        }
    }

    /** Where a machine has said that its nodes take too long, others say so at the same time: what they say is waited for, as long as for any machine. */
    private void failToOpen(Job job) {
        boolean isLate = step.nowMs - job.stageSinceMs >= job.options.startTimeoutMs();
        if (isLate && job.parts().stream().anyMatch(LifeCycle::isOpening)) {
            return;
        }
        Set<String> machines = new TreeSet<>();
        for (Part part : job.parts()) {
            if (part.state.isFinal()) {
                machines.add(part.executor.machineId);
                addFindings(job, part);
            }
        }
        undo(job, JobState.FAILED, "could not be opened on " + Job.shortList(machines));
    }

    private static boolean isOpening(Part part) {
        return part.phase == PartPhase.OPEN
                && part.executor.isHere()
                && !part.state.isFinal()
                && !part.state.isAtLeast(PartState.OPENED);
    }

    private void run(Job job) {
        for (Part part : new ArrayList<>(job.parts())) {
            if (!part.isGone) {
                bringOn(part);
            }
        }
        if (job.graph.stopsOnFailure() && !job.failures.isEmpty()) {
            stop(job, JobState.FAILED, job.options.closeGraceMs(), "a node has failed, and on_failure is stop");
        } else if (job.waiting.isEmpty() && job.parts().stream().allMatch(Part::isDone)) {
            end(job, job.failures.isEmpty() ? JobState.FINISHED : JobState.FAILED);
        }
    }

    private void bringOn(Part part) {
        if (!part.state.isFinal()) {
            if (part.phase == PartPhase.PREPARE && part.state.isAtLeast(PartState.PREPARED)) {
                part.findings.forEach(part.job::find);
                step.bring(part, PartPhase.OPEN, 0);
            }
            if (part.phase == PartPhase.OPEN && part.state.isAtLeast(PartState.OPENED)) {
                step.bring(part, PartPhase.RUN, 0);
                part.job.note(
                        step.nowMs, "nodes " + Job.shortList(part.nodes) + " run on '" + part.executor.machineId + "'");
                part.nodes.forEach(part.job.refusals::remove);
                replacement.leaveIfDrained(part);
            }
        } else if (part.phase == PartPhase.MOVE) {
            replacement.moved(part);
        } else if (part.state == PartState.FAILED) {
            replacement.failed(part);
        } else if (part.wasStopped) {
            replacement.givenUp(part);
        }
    }

    private void end(Job job) {
        if (job.parts().stream().allMatch(Part::isDone)) {
            boolean hasFailed = job.outcome == JobState.FAILED || job.stage == Stage.STOP && !job.failures.isEmpty();
            end(job, hasFailed ? JobState.FAILED : JobState.STOPPED);
        }
    }

    private void end(Job job, JobState state) {
        job.state = state;
        job.endedAtMs = step.nowMs;
        enter(job, Stage.OVER);
        job.note(step.nowMs, "ended");
    }

    /** Ends a job whatever it does. Before it runs, everything is undone. */
    void stop(Job job, JobState outcome, long graceMs, String reason) {
        switch (job.stage) {
            case WAIT, PREPARE, OPEN -> undo(job, outcome, reason);
            case RUN -> {
                job.outcome = outcome;
                job.state = JobState.STOPPING;
                enter(job, Stage.STOP);
                job.note(step.nowMs, reason);
                job.waiting.clear();
                stopParts(job, graceMs);
                end(job);
            }
            case STOP -> stopSooner(job, graceMs);
            case UNDO, OVER, PAST -> {}
        }
    }

    /** Told again: whichever grace ends first counts, for executors are told the last one only. */
    private void stopSooner(Job job, long graceMs) {
        long leftMs = job.graceMs - (step.nowMs - job.stageSinceMs);
        if (graceMs < leftMs) {
            job.stageSinceMs = step.nowMs;
            stopParts(job, graceMs);
            step.touch(job);
        }
    }

    private void stopParts(Job job, long graceMs) {
        job.graceMs = graceMs;
        for (Part part : job.parts()) {
            if (!part.isDone() && part.executor.presence == Presence.LEFT) { // which it did when nothing ran there
                part.wasStopped = true;
                step.bury(part);
            } else if (!part.isDone()) {
                boolean hasRun =
                        part.phase == PartPhase.RUN || part.phase == PartPhase.MOVE || part.phase == PartPhase.STOP;
                step.bring(part, hasRun ? PartPhase.STOP : PartPhase.DROP, hasRun ? graceMs : 0);
            }
        }
    }

    /** Nothing of it is to be left anywhere. What nobody can have any more is gone at once. */
    void undo(Job job, JobState outcome, String reason) {
        job.outcome = outcome;
        job.state = JobState.STOPPING;
        enter(job, Stage.UNDO);
        job.note(step.nowMs, reason);
        job.waiting.clear();
        job.isOpen = false;
        if (outcome == JobState.FAILED && !hasError(job.findings)) {
            job.find(finding("", reason));
        }
        for (Part part : new ArrayList<>(job.parts())) {
            if (part.isDone() || !part.executor.isHere()) {
                step.bury(part);
            } else {
                step.bring(part, PartPhase.DROP, 0);
            }
        }
        end(job);
    }

    private void enter(Job job, Stage stage) {
        job.stage = stage;
        job.stageSinceMs = step.nowMs;
        step.touch(job);
    }

    /** What is due at this time. */
    void onTime(Job job) {
        switch (job.stage) {
            case WAIT -> firstPlacing.onTime(job);
            case PREPARE ->
                late(
                        job,
                        PartState.PREPARED,
                        step.limits.prepareTimeoutMs(),
                        "has not said whether it can run its part");
            case OPEN -> onOpenTime(job);
            case RUN -> replacement.onTime(job);
            case STOP -> {
                replacement.giveUpWaiting(job);
                end(job);
            }
            case UNDO -> {}
            case OVER -> {
                if (step.nowMs - job.endedAtMs >= step.limits.lingerMs()) {
                    forget(job);
                }
            }
            case PAST -> {}
        }
    }

    private void onOpenTime(Job job) {
        if (!job.isOpen) {
            late(job, PartState.OPENED, openTimeoutMs(job), "has not opened its part");
        } else if (step.nowMs - job.stageSinceMs >= step.limits.releaseTimeoutMs()) {
            undo(
                    job,
                    JobState.FAILED,
                    "was held when open, and its client has not let it go on within " + step.limits.releaseTimeoutMs()
                            + " ms");
        }
    }

    private long openTimeoutMs(Job job) {
        return job.options.startTimeoutMs() + step.limits.openMarginMs();
    }

    private void late(Job job, PartState wanted, long timeoutMs, String what) {
        if (step.nowMs - job.stageSinceMs < timeoutMs) {
            return;
        }
        for (Part part : job.parts()) {
            if (part.state.isFinal()) {
                addFindings(job, part);
            } else if (!part.state.isAtLeast(wanted)) {
                job.find(finding(
                        part.executor.machineId,
                        "machine '" + part.executor.machineId + "' " + what + " within " + timeoutMs + " ms: nodes "
                                + Job.shortList(part.nodes)));
            }
        }
        undo(job, JobState.FAILED, "not every machine was ready in time");
    }

    /** When it is next to be looked at; {@link Long#MAX_VALUE} for never. */
    static long dueMs(Job job) {
        return switch (job.stage) {
            case WAIT -> FirstPlacing.dueMs(job);
            case PREPARE -> job.stageSinceMs + job.limits.prepareTimeoutMs();
            case OPEN ->
                job.stageSinceMs
                        + (job.isOpen
                                ? job.limits.releaseTimeoutMs()
                                : job.options.startTimeoutMs() + job.limits.openMarginMs());
            case RUN, STOP -> Replacement.dueMs(job);
            case OVER -> job.endedAtMs + job.limits.lingerMs();
            case UNDO, PAST -> Long.MAX_VALUE;
        };
    }

    /** All that is waited for is due so much later. */
    static void putOff(Job job, long byMs) {
        job.stageSinceMs += byMs;
        for (Part part : job.parts()) {
            part.phaseSinceMs += byMs;
            if (part.isMissing()) {
                part.missingSinceMs += byMs;
            }
        }
        job.waiting.replaceAll((node, waiting) ->
                new Job.Waiting(node, waiting.incarnation(), waiting.sinceMs() + byMs, waiting.reason()));
    }

    /** Only what became of it is remembered. */
    void forget(Job job) {
        for (Part part : job.parts()) {
            if (part.executor.parts.remove(part)) {
                part.isGone = true;
                step.touch(part.executor);
            }
            part.findings = List.of();
            part.failures = List.of();
        }
        enter(job, Stage.PAST);
        job.submission = Optional.empty();
        job.graph = JobGraph.NONE;
        jobs.dropCheckpoints(job);
        job.partOf.clear();
        job.refusals.clear();
    }

    /** A failure that no node has thrown. */
    static FailureRecord failure(String node, String text) {
        return new FailureRecord(node, "io.millrace.remote.NodeLost", text, List.of());
    }
}
