package io.millrace.remote.state;

import io.millrace.remote.state.Job.Checkpoint;
import io.millrace.remote.state.Job.Stage;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.CodeNames;
import io.millrace.remote.wire.ExecutorView;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import io.millrace.remote.wire.WireFormatException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that masters agree on. Entries are applied in the order of the log; the same entries make the same state, and the same answers, on every master.
 *
 * <p>Not thread-safe: one thread applies and asks. Nothing here waits, reads a clock or fails on what an entry says: what cannot be done is refused with a reason. Only the {@link
 * ArtifactStore} may throw.
 */
public final class ClusterState {
    private static final RecordCodec<Snapshot> SNAPSHOTS = Snapshot.codec();
    /** No more than this, beside the time without a leader, does a change of leaders add to what is waited for. */
    private static final long CLOCK_MS = 5_000;

    private final ClusterLimits limits;
    private final Executors executors = new Executors();
    private final Jobs jobs = new Jobs();
    private final Artifacts artifacts;
    private long lastIndex;
    private long nowMs;

    /** Nothing yet. */
    public ClusterState(ArtifactStore store, ClusterLimits limits) {
        this.limits = limits;
        this.artifacts = new Artifacts(store, limits);
    }

    /**
     * What {@link #snapshot} has written.
     *
     * @param store that holds the artifacts of the snapshot
     * @throws WireFormatException if the bytes are no snapshot
     */
    public static ClusterState restore(byte[] snapshot, ArtifactStore store, ClusterLimits limits) {
        Snapshot all = SNAPSHOTS.decode(snapshot);
        ClusterState state = new ClusterState(store, limits);
        state.lastIndex = all.lastIndex();
        state.nowMs = all.nowMs();
        all.restore(state.executors, state.jobs, state.artifacts, limits);
        return state;
    }

    /** The state as bytes, the same for equal states; without the bytes of artifacts. Takes time and memory in proportion to all nodes of all jobs. */
    public byte[] snapshot() {
        return SNAPSHOTS.encode(Snapshot.of(lastIndex, nowMs, executors, jobs, artifacts));
    }

    /**
     * Takes an entry.
     *
     * @param index of the entry in the log, more than that of the one before; what an entry makes is numbered by it
     * @throws IllegalArgumentException if the index does not grow
     */
    public Applied apply(long index, ClusterEntry entry) {
        if (index <= lastIndex) {
            throw new IllegalArgumentException("entry " + index + " comes after " + lastIndex);
        }
        lastIndex = index;
        long passedMs = Math.max(0, entry.timeMs() - nowMs);
        nowMs += passedMs;
        Step step = new Step(index, nowMs, limits, executors);
        LifeCycle lifeCycle = new LifeCycle(step, jobs);
        Membership membership = new Membership(step, jobs, lifeCycle);
        Outcome outcome;
        if (entry instanceof ClusterEntry.RegisterExecutor register) {
            outcome = membership.register(register);
        } else if (entry instanceof ClusterEntry.UnregisterExecutor left) {
            outcome = membership.unregister(left.machineId(), left.instance(), left.reason());
        } else if (entry instanceof ClusterEntry.DrainExecutor drain) {
            outcome = membership.drain(drain.machineId());
        } else if (entry instanceof ClusterEntry.ExecutorLost lost) {
            outcome = membership.lost(lost.machineId(), lost.instance());
        } else if (entry instanceof ClusterEntry.PartsReported reported) {
            outcome = membership.reported(reported.machineId(), reported.instance(), reported.parts());
        } else if (entry instanceof ClusterEntry.SubmitJob submit) {
            outcome = new Submitting(step, jobs, artifacts, lifeCycle).submit(submit.submission());
        } else if (entry instanceof ClusterEntry.SubmitLarge submit) {
            outcome = new Submitting(step, jobs, artifacts, lifeCycle).submitLarge(submit.id(), submit.sha256());
        } else if (entry instanceof ClusterEntry.ReleaseJob release) {
            outcome = ofJob(release.job(), job -> release(step, lifeCycle, job));
        } else if (entry instanceof ClusterEntry.StopJob stop) {
            outcome = ofJob(stop.job(), job -> stop(lifeCycle, job, stop.graceMs()));
        } else if (entry instanceof ClusterEntry.StoreCheckpoint checkpoint) {
            outcome = store(checkpoint);
        } else if (entry instanceof ClusterEntry.PutChunk chunk) {
            outcome = artifacts.put(chunk, nowMs, () -> Artifacts.needed(jobs.all()));
        } else if (entry instanceof ClusterEntry.LeaderBegan) {
            jobs.active().forEach(job -> LifeCycle.putOff(job, passedMs));
            outcome = new Outcome.Done();
        } else {
            outcome = tick(lifeCycle);
        }
        return step.applied(outcome);
    }

    private Outcome ofJob(String name, Function<Job, Outcome> action) {
        return jobs.find(name)
                .map(action)
                .orElseGet(() -> Outcome.refused(Reason.UNKNOWN, "there is no job " + EntryChecks.shown(name)));
    }

    private static Outcome release(Step step, LifeCycle lifeCycle, Job job) {
        if (job.state.isFinal() || job.state == JobState.STOPPING) {
            return Outcome.refused(Reason.CONFLICT, "job '" + job.name + "' is " + job.state);
        }
        if (!job.isReleased) {
            job.isReleased = true;
            step.touch(job);
            lifeCycle.advance(job);
        }
        return new Outcome.OfJob(job.id);
    }

    private static Outcome stop(LifeCycle lifeCycle, Job job, long graceMs) {
        if (!EntryChecks.isWait(graceMs)) {
            return Outcome.refused(Reason.INVALID, "the grace is " + graceMs + " ms, expected 0 to a year");
        }
        lifeCycle.stop(job, JobState.STOPPED, graceMs, "told to stop");
        return new Outcome.OfJob(job.id);
    }

    private Outcome store(ClusterEntry.StoreCheckpoint entry) {
        @Nullable Part part = jobs.withId(entry.part().jobId())
                .map(job -> job.parts.get(entry.part().number()))
                .orElse(null);
        String node = CodeNames.nodeOf(entry.code());
        boolean isCurrent = part != null
                && part.epoch == entry.epoch()
                && part.executor.machineId.equals(entry.machineId())
                && part.instance.equals(entry.instance())
                && !part.isGone
                && part.nodes.contains(node)
                && part.job.graph.hasCode(entry.code());
        if (part == null || !isCurrent) {
            return Outcome.refused(
                    Reason.CONFLICT, "part " + entry.part() + " under epoch " + entry.epoch() + " is not current");
        }
        return jobs.store(part.job, new Checkpoint(entry.code(), entry.epoch(), entry.bytes()), limits);
    }

    private Outcome tick(LifeCycle lifeCycle) {
        for (Job job : List.copyOf(jobs.all())) {
            if (LifeCycle.dueMs(job) <= nowMs) {
                onTime(lifeCycle, job);
            }
        }
        forgetOldJobs();
        artifacts.dropUnneeded(nowMs, Artifacts.needed(jobs.all()));
        for (ExecutorEntry executor : List.copyOf(executors.all())) {
            if (forgetDueMs(executor) <= nowMs) {
                executors.remove(executor);
            }
        }
        return new Outcome.Done();
    }

    private void onTime(LifeCycle lifeCycle, Job job) {
        Optional<Submission> submission = job.submission;
        lifeCycle.onTime(job);
        if (job.stage == Stage.PAST) {
            submission.ifPresent(past -> artifacts.touch(past, nowMs));
        }
    }

    private void forgetOldJobs() {
        List<Job> ended = new ArrayList<>();
        for (Job job : jobs.all()) {
            if (job.stage == Stage.PAST) {
                ended.add(job);
            }
        }
        ended.sort((one, other) -> Long.compare(one.endedAtMs, other.endedAtMs));
        for (Job job : ended.subList(0, Math.max(0, ended.size() - limits.finishedJobs()))) {
            jobs.remove(job);
        }
    }

    private long forgetDueMs(ExecutorEntry executor) {
        return executor.isHere() || !executor.parts.isEmpty() ? Long.MAX_VALUE : executor.goneAtMs + limits.forgetMs();
    }

    /** Index of the entry applied last; 0 before the first. */
    public long lastIndex() {
        return lastIndex;
    }

    /** The time of the cluster: that of the entry applied last, or of one before if that was later. */
    public long nowMs() {
        return nowMs;
    }

    /** When a {@link ClusterEntry.Tick} is due; {@link Long#MAX_VALUE} for never. Looks at every job. */
    public long nextDueMs() {
        long due = artifacts.dueMs(Artifacts.needed(jobs.all()));
        for (Job job : jobs.all()) {
            due = Math.min(due, LifeCycle.dueMs(job));
        }
        for (ExecutorEntry executor : executors.all()) {
            due = Math.min(due, forgetDueMs(executor));
        }
        return due;
    }

    /**
     * When a {@link ClusterEntry.Tick} is due for the sake of the time that it carries; {@link Long#MAX_VALUE} for never. What is waited for has then been waited for until that
     * entry, whoever leads next. Looks at every job.
     */
    public long clockDueMs() {
        boolean isWaiting = jobs.active().stream().anyMatch(job -> LifeCycle.dueMs(job) != Long.MAX_VALUE);
        return isWaiting ? nowMs + CLOCK_MS : Long.MAX_VALUE;
    }

    /** What an executor is to do, job by job; nothing for one that is not known. */
    public List<JobAssignment> desired(String machineId) {
        @Nullable ExecutorEntry executor = executors.find(machineId).orElse(null);
        if (executor == null) {
            return List.of();
        }
        Map<Long, List<Part>> byJob = new TreeMap<>();
        for (Part part : executor.parts) {
            byJob.computeIfAbsent(part.job.number, any -> new ArrayList<>()).add(part);
        }
        return byJob.values().stream().map(ClusterState::assignment).toList();
    }

    private static JobAssignment assignment(List<Part> own) {
        Job job = own.get(0).job;
        TreeMap<Integer, PartPlace> places = new TreeMap<>();
        List<PartAssignment> assignments = new ArrayList<>();
        for (Part part : own) {
            assignments.add(part.assignment());
            places.put(part.number, part.place());
            for (String node : part.nodes) {
                for (String neighbour : job.graph.node(node).acquaintances()) {
                    @Nullable Part other = job.partOf.get(neighbour);
                    if (other != null && !places.containsKey(other.number)) {
                        places.put(other.number, other.place());
                    }
                }
            }
        }
        return new JobAssignment(job.id, job.name, assignments, List.copyOf(places.values()), job.isOnlyByHandLeft());
    }

    /** Grows whenever {@link #desired} of this executor changes; 0 for one that is not known. */
    public long desiredRevision(String machineId) {
        return executors.find(machineId).map(executor -> executor.revision).orElse(0L);
    }

    /** Whether these reports change anything: if not they are no entry. */
    public boolean isNews(String machineId, String instance, List<PartReport> reports) {
        @Nullable ExecutorEntry executor = executors.find(machineId).orElse(null);
        if (executor == null || !executor.isHere() || !executor.instance.equals(instance)) {
            return false;
        }
        Set<Part> reported = new HashSet<>();
        for (PartReport report : reports) {
            @Nullable Part part = jobs.find(executor, report);
            if (part != null) {
                reported.add(part);
                if (part.isNews(report)) {
                    return true;
                }
            }
        }
        return executor.parts.stream()
                .anyMatch(part -> !reported.contains(part) && LifeCycle.isConfirmedByAbsence(part));
    }

    /** Whether this one does, of a process that is registered. */
    public boolean isNews(String machineId, PartReport report) {
        return executors
                .find(machineId)
                .map(executor -> jobs.find(executor, report))
                .filter(part -> part.isNews(report))
                .isPresent();
    }

    /** @param job an id, or a name: the last job of it */
    public Optional<JobView> jobView(String job) {
        return jobs.find(job).map(Job::view);
    }

    /** In the order in which they were handed in. */
    public List<JobView> jobViews() {
        return jobs.all().stream().map(Job::view).toList();
    }

    /**
     * Some of all jobs, in the order in which they were handed in, without findings, failures and history.
     *
     * @param after the {@code next} of the page before; 0 for the first
     * @param maxBytes that they take on their way; one is there however many it takes
     */
    public JobPage jobPage(long after, int maxBytes) {
        List<JobView> page = new ArrayList<>();
        long last = after;
        long bytes = 0;
        for (Job job : jobs.after(after)) {
            JobView brief = job.brief();
            bytes += brief.sizeBytes();
            if (bytes > maxBytes && !page.isEmpty()) {
                return new JobPage(page, OptionalLong.of(last));
            }
            page.add(brief);
            last = job.number;
        }
        return new JobPage(page, OptionalLong.empty());
    }

    /** @param next missing with the last */
    public record JobPage(List<JobView> jobs, OptionalLong next) {
        public JobPage {
            jobs = List.copyOf(jobs);
        }
    }

    /** How many jobs there are of each state of which there is one. */
    public Map<JobState, Long> jobCounts() {
        return jobs.all().stream().collect(Collectors.groupingBy(job -> job.state, Collectors.counting()));
    }

    /** What was handed in, as long as the job has not been over for long. */
    public Optional<Submission> submission(String job) {
        return jobs.find(job).flatMap(found -> found.submission);
    }

    public Optional<ExecutorView> executorView(String machineId) {
        return executors.find(machineId).map(ExecutorEntry::view);
    }

    /** In the order of their machine ids. */
    public List<ExecutorView> executorViews() {
        return executors.all().stream().map(ExecutorEntry::view).toList();
    }

    /** For how long after the last renewal of an executor movable nodes of it may run, by all that it was ever told; 0 for one that is not known. */
    public long holdsMs(String machineId) {
        return executors.find(machineId).map(executor -> executor.holdsMs).orElse(0L);
    }

    /** Where a part is, if it is current under this epoch and somewhere. */
    public Optional<PartPlace> place(PartId id, long epoch) {
        return current(id, epoch).map(Part::place);
    }

    /** Checkpoints for a part to begin with, by node, or node and operator; nothing if it is not current under this epoch. */
    public Optional<SortedMap<String, byte[]>> checkpoints(PartId id, long epoch) {
        return current(id, epoch).map(part -> {
            SortedMap<String, byte[]> stored = new TreeMap<>();
            part.job.checkpoints.forEach((code, checkpoint) -> {
                if (part.nodes.contains(CodeNames.nodeOf(code))) {
                    stored.put(code, checkpoint.bytes());
                }
            });
            return stored;
        });
    }

    private Optional<Part> current(PartId id, long epoch) {
        return jobs.withId(id.jobId())
                .map(job -> job.parts.get(id.number()))
                .filter(part -> part.epoch == epoch && !part.isGone);
    }

    /** Of all artifacts that are held, or are on their way. */
    public long artifactsBytes() {
        return artifacts.reservedBytes();
    }

    /** How much of an artifact is held. */
    public Outcome.Held artifact(String sha256) {
        return artifacts.ask(sha256);
    }
}
