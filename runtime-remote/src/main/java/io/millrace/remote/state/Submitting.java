package io.millrace.remote.state;

import io.millrace.graph.InvalidDataflowException;
import io.millrace.remote.state.NodePlacing.Unplaced;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import io.millrace.remote.wire.WireFormatException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a job of a submission, or says why not. */
final class Submitting {
    private static final RecordCodec<Submission> SUBMISSIONS = Submission.codec();

    private final Step step;
    private final Jobs jobs;
    private final Artifacts artifacts;
    private final LifeCycle lifeCycle;

    Submitting(Step step, Jobs jobs, Artifacts artifacts, LifeCycle lifeCycle) {
        this.step = step;
        this.jobs = jobs;
        this.artifacts = artifacts;
        this.lifeCycle = lifeCycle;
    }

    /** The bytes are anybody's, and may be no submission at all. */
    Outcome submitLarge(String id, String sha256) {
        Optional<Job> known = jobs.withId(id);
        if (known.isPresent()) {
            return new Outcome.OfJob(known.get().id);
        }
        Outcome.Held held = artifacts.ask(sha256);
        if (!held.isWhole() || held.heldBytes() > Submission.MAX_BYTES) {
            return Outcome.refused(
                    Reason.INVALID,
                    "a submission of " + held.heldBytes() + " bytes is with the masters"
                            + (held.isWhole() ? ", expected at most " + Submission.MAX_BYTES : ", and not whole"));
        }
        try {
            return submit(SUBMISSIONS.decode(artifacts.readAll(sha256)));
        } catch (WireFormatException e) {
            return Outcome.refused(Reason.INVALID, "what was brought is no submission: " + e.getMessage());
        }
    }

    Outcome submit(Submission submission) {
        Optional<Job> known = jobs.withId(submission.id());
        if (known.isPresent()) {
            return new Outcome.OfJob(known.get().id);
        }
        return refusal(submission).orElseGet(() -> make(submission));
    }

    private Optional<Outcome> refusal(Submission submission) {
        Optional<String> complaint = EntryChecks.complaint(submission);
        if (complaint.isPresent()) {
            return Optional.of(Outcome.refused(Reason.INVALID, complaint.get()));
        }
        Optional<Job> named = jobs.find(submission.name()).filter(job -> !job.state.isFinal());
        if (named.isPresent()) {
            return Optional.of(Outcome.refused(
                    Reason.CONFLICT,
                    "there is a job '" + submission.name() + "' already, which is " + named.get().state
                            + ": stop it first, or give this one another name"));
        }
        List<Job> active = jobs.active();
        if (active.size() >= step.limits.maxJobs()) {
            return Optional.of(Outcome.refused(Reason.LIMIT, "there are " + active.size() + " jobs already"));
        }
        long nodes = submission.graph().nodes().size();
        for (Job job : active) {
            nodes += job.graph.nodes().size();
        }
        if (nodes > step.limits.maxNodes()) {
            return Optional.of(Outcome.refused(
                    Reason.LIMIT,
                    "with this job there were " + nodes + " nodes, expected at most " + step.limits.maxNodes()));
        }
        return artifacts.missing(submission).map(missing -> Outcome.refused(Reason.CONFLICT, missing));
    }

    /** A client checks its dataflow, but nobody has to be one of ours: whatever is wrong with it, masters go on. */
    private Outcome make(Submission submission) {
        Job job;
        try {
            submission.graph().toGraph(Optional.empty(), Path.of(""));
            job = new Job(step.index, submission, step.nowMs, step.limits);
        } catch (InvalidDataflowException e) {
            return invalid(submission, e);
        } catch (RuntimeException e) {
            return Outcome.refused(
                    Reason.INVALID, "what job '" + submission.name() + "' is to run is no dataflow: " + e);
        }
        return place(job);
    }

    private static Outcome invalid(Submission submission, InvalidDataflowException why) {
        List<Finding> findings = why.problems().stream()
                .map(problem -> new Finding("", problem.severity(), problem.location(), problem.message()))
                .toList();
        return new Outcome.Refused(
                Reason.INVALID, "the dataflow of job '" + submission.name() + "' is not valid", findings);
    }

    private Outcome place(Job job) {
        FirstPlacing placing = lifeCycle.firstPlacing();
        NodePlacing chosen = placing.choose(job);
        List<Unplaced> unplaced = chosen.unplaced();
        if (!unplaced.isEmpty() && !placing.mayWait(job, unplaced)) {
            chosen.undo();
            List<Finding> findings = unplaced.stream()
                    .limit(step.limits.failures())
                    .map(one -> LifeCycle.finding("", one.reason()))
                    .toList();
            return new Outcome.Refused(Reason.UNPLACEABLE, FirstPlacing.reason(job, unplaced), findings);
        }
        jobs.add(job);
        job.stageSinceMs = step.nowMs;
        job.note(step.nowMs, "handed in");
        placing.begin(job, chosen);
        step.touch(job);
        return new Outcome.OfJob(job.id);
    }
}
