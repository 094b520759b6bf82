package io.millrace.remote.state;

import io.millrace.Dataflow;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.ShippedFile;
import io.millrace.remote.wire.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A state with executors that follow it, and a clock that stands still unless it is moved. */
final class ModelCluster {
    static final long LOST_WAIT_MS = 60_000;

    final MemoryArtifacts artifacts = new MemoryArtifacts();
    final ClusterState state;
    final TreeMap<String, ModelExecutor> executors = new TreeMap<>();
    final List<ClusterEntry> entries = new ArrayList<>();

    /** Whether entries are kept, to be replayed. */
    boolean isRecorded = true;

    long nowMs = 1_000_000;
    private long index;

    ModelCluster() {
        this(ClusterLimits.DEFAULT);
    }

    ModelCluster(ClusterLimits limits) {
        state = new ClusterState(artifacts, limits);
    }

    Outcome apply(ClusterEntry entry) {
        return applied(entry).outcome();
    }

    Applied applied(ClusterEntry entry) {
        if (isRecorded) {
            entries.add(entry);
        }
        return state.apply(++index, entry);
    }

    /** Executors that have joined, each with four cores. */
    static ModelCluster of(String... machines) {
        ModelCluster cluster = new ModelCluster();
        for (String machine : machines) {
            cluster.join(machine, Map.of());
        }
        return cluster;
    }

    ModelExecutor join(String machine, Map<String, String> labels) {
        return join(machine, machine + "-1", labels, 4);
    }

    ModelExecutor join(String machine, String instance, Map<String, String> labels, int cores) {
        ModelExecutor executor = new ModelExecutor(machine, instance);
        executors.put(machine, executor);
        register(executor, labels, cores);
        return executor;
    }

    Outcome register(ModelExecutor executor, Map<String, String> labels, int cores) {
        return apply(new ClusterEntry.RegisterExecutor(
                nowMs,
                executor.machineId,
                executor.instance,
                labels,
                executor.machineId + ".example",
                53_293,
                cores,
                "Linux",
                15_000,
                executor.reports()));
    }

    /** The same process has a connection again. */
    Outcome comeBack(String machine) {
        return register(executors.get(machine), Map.of(), 4);
    }

    Outcome lose(String machine) {
        return apply(new ClusterEntry.ExecutorLost(nowMs, machine, executors.get(machine).instance));
    }

    /** The executor is lost, and cannot be reached until it comes back. */
    ModelExecutor cut(String machine) {
        lose(machine);
        return executors.remove(machine);
    }

    Outcome submit(String name, String... nodes) {
        return submit(submission(name, options(false), List.of(), nodes));
    }

    Outcome submit(Submission submission) {
        return apply(new ClusterEntry.SubmitJob(nowMs, submission));
    }

    /** @param nodes as in a dataflow file, in flow style, without the braces */
    static Submission submission(String name, JobOptions options, List<ShippedFile> shipped, String... nodes) {
        return submission("id-of-" + name, name, options, shipped, form(name, nodes));
    }

    static Submission submission(
            String id, String name, JobOptions options, List<ShippedFile> shipped, GraphForm graph) {
        return new Submission(id, name, graph, Optional.empty(), "/flows", Optional.empty(), shipped, options);
    }

    /** @param root the name, and more keys of the root in lines of their own */
    static GraphForm form(String root, String... nodes) {
        String yaml = "name: " + root + "\nnodes:\n  - {" + String.join("}\n  - {", nodes) + "}\n";
        return GraphForm.of(Dataflow.parse(yaml).graph());
    }

    static JobOptions options(boolean isHeld) {
        return options(isHeld, LOST_WAIT_MS);
    }

    static JobOptions options(boolean isHeld, long lostWaitMs) {
        return options(isHeld, lostWaitMs, 0);
    }

    static JobOptions options(boolean isHeld, long lostWaitMs, long placeWaitMs) {
        return new JobOptions(
                60_000,
                5_000,
                OptionalLong.empty(),
                "park",
                OptionalInt.empty(),
                false,
                true,
                1_000,
                false,
                isHeld,
                lostWaitMs,
                placeWaitMs);
    }

    /** Lets every executor follow and report until nothing changes any more. */
    ModelCluster settle() {
        boolean isChanging = true;
        while (isChanging) {
            isChanging = false;
            for (ModelExecutor executor : executors.values()) {
                executor.follow(state.desired(executor.machineId));
                isChanging |= report(executor);
            }
        }
        return this;
    }

    boolean report(ModelExecutor executor) {
        if (!state.isNews(executor.machineId, executor.instance, executor.reports())) {
            return false;
        }
        apply(new ClusterEntry.PartsReported(nowMs, executor.machineId, executor.instance, executor.reports()));
        return true;
    }

    ModelCluster pass(long ms) {
        nowMs += ms;
        apply(new ClusterEntry.Tick(nowMs));
        return this;
    }

    JobView job(String name) {
        return state.jobView(name).orElseThrow();
    }

    JobState jobState(String name) {
        return job(name).state();
    }

    /** What an executor is to do: {@code a,b RUN}. */
    List<String> desired(String machine) {
        List<String> parts = new ArrayList<>();
        for (JobAssignment job : state.desired(machine)) {
            for (PartAssignment part : job.parts()) {
                parts.add(String.join(",", part.nodes()) + " " + part.phase());
            }
        }
        return parts;
    }

    PartAssignment part(String machine, String node) {
        return state.desired(machine).stream()
                .flatMap(job -> job.parts().stream())
                .filter(part -> part.nodes().contains(node))
                .findFirst()
                .orElseThrow();
    }

    /** Machine by node, of parts that have not ended. */
    Map<String, String> places(String job) {
        Map<String, String> places = new TreeMap<>();
        for (JobView.PartView part : job(job).parts()) {
            if (!part.place().isEnded()) {
                part.place()
                        .nodes()
                        .forEach(node -> places.put(node, part.place().machineId()));
            }
        }
        return places;
    }

    boolean isIn(String machine, String node, PartPhase phase) {
        return part(machine, node).phase() == phase;
    }
}
