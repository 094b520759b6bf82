package io.millrace.remote.state;

import io.millrace.remote.state.Artifacts.Artifact;
import io.millrace.remote.state.ExecutorEntry.Presence;
import io.millrace.remote.state.Job.Checkpoint;
import io.millrace.remote.state.Job.Stage;
import io.millrace.remote.state.Job.Waiting;
import io.millrace.remote.state.Part.Kind;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The whole state as records. What can be found again from the rest is left out. */
record Snapshot(long lastIndex, long nowMs, List<OfExecutor> executors, List<OfJob> jobs, List<Artifact> artifacts) {
    private static final RecordCodec.Limits LIMITS = new RecordCodec.Limits(1 << 30, 4 << 20, 1 << 24, 64);

    /** Takes some milliseconds: kept by whoever takes and restores snapshots. */
    static RecordCodec<Snapshot> codec() {
        return RecordCodec.of(Snapshot.class, MethodHandles.lookup(), LIMITS);
    }

    record OfExecutor(
            String machineId,
            String instance,
            long incarnation,
            Map<String, String> labels,
            String linkHost,
            int linkPort,
            int cores,
            String system,
            long holdsMs,
            Presence presence,
            boolean isDraining,
            long goneAtMs,
            long revision) {
        static OfExecutor of(ExecutorEntry executor) {
            return new OfExecutor(
                    executor.machineId,
                    executor.instance,
                    executor.incarnation,
                    executor.labels,
                    executor.linkHost,
                    executor.linkPort,
                    executor.cores,
                    executor.system,
                    executor.holdsMs,
                    executor.presence,
                    executor.isDraining,
                    executor.goneAtMs,
                    executor.revision);
        }

        ExecutorEntry restored() {
            ExecutorEntry executor = new ExecutorEntry(machineId);
            executor.instance = instance;
            executor.incarnation = incarnation;
            executor.labels = labels;
            executor.linkHost = linkHost;
            executor.linkPort = linkPort;
            executor.cores = cores;
            executor.system = system;
            executor.holdsMs = holdsMs;
            executor.presence = presence;
            executor.isDraining = isDraining;
            executor.goneAtMs = goneAtMs;
            executor.revision = revision;
            return executor;
        }
    }

    record OfJob(
            long number,
            String id,
            String name,
            long submittedAtMs,
            JobOptions options,
            Optional<Submission> submission,
            JobState state,
            Stage stage,
            long stageSinceMs,
            boolean isOpen,
            boolean isReleased,
            boolean isOnlyByHandTold,
            long revision,
            List<OfPart> parts,
            int nextPart,
            List<Waiting> waiting,
            Map<String, List<String>> refusals,
            JobState outcome,
            long graceMs,
            long endedAtMs,
            List<Finding> findings,
            List<FailureRecord> failures,
            List<JobView.Entry> history,
            List<Checkpoint> checkpoints) {
        static OfJob of(Job job) {
            Map<String, List<String>> refusals = new TreeMap<>();
            job.refusals.forEach((node, machines) -> refusals.put(node, List.copyOf(machines)));
            return new OfJob(
                    job.number,
                    job.id,
                    job.name,
                    job.submittedAtMs,
                    job.options,
                    job.submission,
                    job.state,
                    job.stage,
                    job.stageSinceMs,
                    job.isOpen,
                    job.isReleased,
                    job.isOnlyByHandTold,
                    job.revision,
                    job.parts().stream().map(OfPart::of).toList(),
                    job.nextPart,
                    List.copyOf(job.waiting.values()),
                    refusals,
                    job.outcome,
                    job.graceMs,
                    job.endedAtMs,
                    List.copyOf(job.findings),
                    List.copyOf(job.failures),
                    List.copyOf(job.history),
                    List.copyOf(job.checkpoints.values()));
        }

        Job restored(ClusterLimits limits) {
            Job job = submission
                    .map(handedIn -> new Job(number, handedIn, submittedAtMs, limits))
                    .orElseGet(() -> new Job(number, id, name, submittedAtMs, options, limits));
            job.state = state;
            job.stage = stage;
            job.stageSinceMs = stageSinceMs;
            job.isOpen = isOpen;
            job.isReleased = isReleased;
            job.isOnlyByHandTold = isOnlyByHandTold;
            job.revision = revision;
            job.nextPart = nextPart;
            waiting.forEach(node -> job.waiting.put(node.node(), node));
            refusals.forEach((node, machines) -> job.refusals.put(node, new TreeSet<>(machines)));
            job.outcome = outcome;
            job.graceMs = graceMs;
            job.endedAtMs = endedAtMs;
            findings.forEach(job::find);
            failures.forEach(job::fail);
            job.history.addAll(history);
            return job;
        }
    }

    /** @param isListed whether its executor has it, or is waited for with it */
    record OfPart(
            int number,
            long epoch,
            Kind kind,
            String machineId,
            String instance,
            String linkHost,
            int linkPort,
            Map<String, Integer> firstIncarnations,
            List<String> nodes,
            PartPhase phase,
            long phaseSinceMs,
            long graceMs,
            boolean isReported,
            PartState state,
            List<Finding> findings,
            List<FailureRecord> failures,
            boolean wasStopped,
            Map<String, Integer> incarnations,
            List<String> endedNodes,
            Optional<String> degraded,
            long missingSinceMs,
            boolean isGone,
            boolean isCounted,
            boolean isListed) {
        static OfPart of(Part part) {
            return new OfPart(
                    part.number,
                    part.epoch,
                    part.kind,
                    part.executor.machineId,
                    part.instance,
                    part.linkHost,
                    part.linkPort,
                    part.firstIncarnations,
                    part.nodes,
                    part.phase,
                    part.phaseSinceMs,
                    part.graceMs,
                    part.isReported,
                    part.state,
                    part.findings,
                    part.failures,
                    part.wasStopped,
                    part.incarnations,
                    List.copyOf(part.endedNodes),
                    part.degraded,
                    part.missingSinceMs,
                    part.isGone,
                    part.isCounted,
                    part.executor.parts.contains(part));
        }

        Part restored(Job job, ExecutorEntry executor) {
            Part.Origin origin = new Part.Origin(instance, linkHost, linkPort, firstIncarnations);
            Part part = new Part(job, number, epoch, kind, executor, origin, nodes);
            part.phase = phase;
            part.phaseSinceMs = phaseSinceMs;
            part.graceMs = graceMs;
            part.isReported = isReported;
            part.state = state;
            part.findings = findings;
            part.failures = failures;
            part.wasStopped = wasStopped;
            part.incarnations = incarnations;
            part.endedNodes = new LinkedHashSet<>(endedNodes);
            part.degraded = degraded;
            part.missingSinceMs = missingSinceMs;
            part.isGone = isGone;
            part.isCounted = isCounted;
            return part;
        }
    }

    static Snapshot of(long lastIndex, long nowMs, Executors executors, Jobs jobs, Artifacts artifacts) {
        return new Snapshot(
                lastIndex,
                nowMs,
                executors.all().stream().map(OfExecutor::of).toList(),
                jobs.all().stream().map(OfJob::of).toList(),
                List.copyOf(artifacts.all()));
    }

    void restore(Executors intoExecutors, Jobs intoJobs, Artifacts intoArtifacts, ClusterLimits limits) {
        artifacts.forEach(intoArtifacts::add);
        Map<String, ExecutorEntry> restored = new TreeMap<>();
        executors.forEach(one -> restored.put(one.machineId, one.restored()));
        for (OfJob one : jobs) {
            Job job = one.restored(limits);
            intoJobs.add(job);
            one.checkpoints.forEach(checkpoint -> intoJobs.store(job, checkpoint, limits));
            one.parts.forEach(part -> restore(part, job, restored));
        }
        // Last, for they are kept in the order of their load.
        restored.values().forEach(intoExecutors::add);
    }

    private static void restore(OfPart one, Job job, Map<String, ExecutorEntry> executors) {
        // What is over may have been on a machine that nobody remembers.
        @Nullable ExecutorEntry known = executors.get(one.machineId);
        ExecutorEntry executor = known == null ? new ExecutorEntry(one.machineId) : known;
        Part part = one.restored(job, executor);
        job.add(part, one.isListed);
        if (one.isCounted) {
            executor.nodes += one.nodes.size();
        }
    }
}
