package io.millrace.remote.state;

import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Shortened;
import io.millrace.remote.wire.Submission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A job: what was handed in, its parts, and how far it has come. Changed by {@link LifeCycle} and its kin alone. */
final class Job {
    private static final int NAMED_TROUBLES = 10;
    private static final int MAX_NOTE = 1024;
    /** Of failures in full, and as many of findings: what is beyond is kept in brief. */
    private static final int DETAIL_BYTES = 256 << 10;

    /** Index of the entry that made it. */
    final long number;

    final String id;
    final String name;
    final long submittedAtMs;
    final JobOptions options;
    final ClusterLimits limits;

    /** Missing, as is all that it says of the graph, once nobody can ask for it any more. */
    Optional<Submission> submission;

    JobGraph graph;

    JobState state = JobState.SUBMITTED;
    Stage stage = Stage.WAIT;
    long stageSinceMs;
    boolean isOpen;
    boolean isReleased;
    /** Whether its executors know that {@link #isOnlyByHandLeft}. */
    boolean isOnlyByHandTold;
    /** Index of the entry that last changed it. */
    long revision;

    // Where its nodes are. Each is in one part, or waits for a place; until it is over.
    final TreeMap<Integer, Part> parts = new TreeMap<>();
    int nextPart;
    final Map<String, Part> partOf = new HashMap<>();
    final TreeMap<String, Waiting> waiting = new TreeMap<>();
    /** Machines that could not start a node that was placed again. */
    final TreeMap<String, Set<String>> refusals = new TreeMap<>();

    // How it ends.
    JobState outcome = JobState.FINISHED;
    long graceMs;
    long endedAtMs;

    final List<Finding> findings = new ArrayList<>();
    final List<FailureRecord> failures = new ArrayList<>();
    final List<JobView.Entry> history = new ArrayList<>();
    final TreeMap<String, Checkpoint> checkpoints = new TreeMap<>();

    Job(long number, Submission submission, long submittedAtMs, ClusterLimits limits) {
        this(number, submission.id(), submission.name(), submittedAtMs, submission.options(), limits);
        this.submission = Optional.of(submission);
        this.graph = new JobGraph(submission.graph());
    }

    /** One of which only the end is known. */
    Job(long number, String id, String name, long submittedAtMs, JobOptions options, ClusterLimits limits) {
        this.number = number;
        this.id = id;
        this.name = name;
        this.submittedAtMs = submittedAtMs;
        this.options = options;
        this.limits = limits;
        this.submission = Optional.empty();
        this.graph = JobGraph.NONE;
    }

    Collection<Part> parts() {
        return parts.values();
    }

    boolean isHeld() {
        return options.isHeldWhenOpen() && !isReleased;
    }

    /** @param isListed whether its executor is to have it */
    void add(Part part, boolean isListed) {
        parts.put(part.number, part);
        if (stage != Stage.PAST) {
            for (String node : part.nodes) {
                partOf.put(node, part);
            }
        }
        if (isListed) {
            part.executor.parts.add(part);
        }
    }

    /** Of its nodes some may be left in it. */
    void forget(Part part, Collection<String> nodes) {
        for (String node : nodes) {
            partOf.remove(node, part);
        }
    }

    void note(long nowMs, String text) {
        history.add(new JobView.Entry(nowMs, state, Shortened.text(text, MAX_NOTE)));
        if (history.size() > limits.historyEntries()) {
            history.remove(0);
        }
    }

    void fail(FailureRecord failure) {
        if (failures.size() < limits.failures()) {
            int leftBytes = DETAIL_BYTES
                    - failures.stream().mapToInt(FailureRecord::sizeBytes).sum();
            failures.addAll(FailureRecord.shortened(List.of(failure), 1, leftBytes));
        }
    }

    void find(Finding finding) {
        if (findings.size() < limits.failures() && !findings.contains(finding)) {
            int leftBytes = DETAIL_BYTES
                    - findings.stream().mapToInt(Finding::sizeBytes).sum();
            Finding.shortened(List.of(finding), 1, leftBytes).stream()
                    .filter(kept -> !findings.contains(kept))
                    .forEach(findings::add);
        }
    }

    JobView view() {
        return view(findings, failures, history);
    }

    /** Without what was found, what has failed, and what became of it. */
    JobView brief() {
        return view(List.of(), List.of(), List.of());
    }

    private JobView view(List<Finding> found, List<FailureRecord> failed, List<JobView.Entry> past) {
        return new JobView(
                id,
                name,
                revision,
                state,
                isOpen,
                degraded(),
                submittedAtMs,
                parts.values().stream().map(Part::view).toList(),
                found,
                failed,
                past);
    }

    /** Whether it runs and has no node left but such as somebody starts by hand. */
    boolean isOnlyByHandLeft() {
        return stage == Stage.RUN
                && graph.hasNodesByHand()
                && waiting.isEmpty()
                && parts.values().stream().allMatch(this::isOnlyByHandLeft);
    }

    private boolean isOnlyByHandLeft(Part part) {
        return part.isDone()
                || part.nodes.stream()
                        .allMatch(node -> part.endedNodes.contains(node)
                                || graph.node(node).isStartedByHand());
    }

    /** Why it does not run as it should, though it runs; or what its end waits for. */
    Optional<String> degraded() {
        if (stage != Stage.RUN && stage != Stage.WAIT && stage != Stage.STOP) {
            return Optional.empty();
        }
        List<String> troubles = new ArrayList<>();
        for (Part part : parts.values()) {
            trouble(part).ifPresent(troubles::add);
        }
        waiting.values().forEach(node -> troubles.add(node.reason()));
        if (troubles.isEmpty()) {
            return Optional.empty();
        }
        int more = troubles.size() - NAMED_TROUBLES;
        String named = String.join("; ", troubles.subList(0, Math.min(NAMED_TROUBLES, troubles.size())));
        return Optional.of(more > 0 ? named + "; and " + more + " more" : named);
    }

    private static Optional<String> trouble(Part part) {
        if (part.isDone()) {
            return Optional.empty();
        }
        String where = "machine '" + part.executor.machineId + "'";
        if (part.job.stage == Stage.STOP) {
            return part.isMissing()
                    ? Optional.of(where + " is lost, and has not confirmed that nodes " + shortList(part.nodes)
                            + " have stopped")
                    : Optional.empty();
        }
        if (part.isMissing()) {
            return Optional.of(where + " is lost, and nodes " + shortList(part.nodes) + " wait for it");
        }
        if (part.phase == PartPhase.PREPARE || part.phase == PartPhase.OPEN || part.phase == PartPhase.DROP) {
            return Optional.of("nodes " + shortList(part.nodes) + " are being started on " + where);
        }
        if (part.phase == PartPhase.MOVE) {
            return Optional.of("nodes " + shortList(part.nodes) + " are leaving " + where);
        }
        return part.state == PartState.RUNNING ? part.degraded.map(text -> where + ": " + text) : Optional.empty();
    }

    /** {@code [a, b, c]}, cut short where there are many. */
    static String shortList(Collection<String> names) {
        List<String> shown = names.stream().limit(NAMED_TROUBLES).toList();
        return names.size() == shown.size()
                ? shown.toString()
                : "[" + String.join(", ", shown) + " and " + (names.size() - shown.size()) + " more]";
    }

    @Override
    public String toString() {
        return "job '" + name + "' (" + id + "), " + state + ", " + stage;
    }

    /** What its parts are brought to now. */
    enum Stage {
        /** For an executor that can take what nobody can take yet. */
        WAIT,
        PREPARE,
        OPEN,
        RUN,
        /** All end in order. */
        STOP,
        /** All are dropped, for it could not be started. */
        UNDO,
        /** It has ended; its counters can still be asked for. */
        OVER,
        /** Only what became of it is remembered. */
        PAST
    }

    /**
     * A node that can be placed nowhere: it was lost with its executor, or the job has not begun.
     *
     * @param incarnation that it begins with
     * @param reason for people
     */
    record Waiting(String node, int incarnation, long sinceMs, String reason) {}

    /** @param epoch of the part whose node stored it */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record Checkpoint(String code, long epoch, byte[] bytes) {}
}
