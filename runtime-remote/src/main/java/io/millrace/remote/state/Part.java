package io.millrace.remote.state;

import io.millrace.remote.wire.CodeNames;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What one executor runs of one job under one epoch: what it is to do, and what it has said. */
final class Part {
    static final Comparator<Part> ORDER =
            Comparator.<Part>comparingLong(part -> part.job.number).thenComparingInt(part -> part.number);

    final Job job;
    final int number;
    final long epoch;
    final Kind kind;
    final ExecutorEntry executor;
    final String instance;
    final String linkHost;
    final int linkPort;
    final Map<String, Integer> firstIncarnations;

    List<String> nodes;

    // What it is to do.
    PartPhase phase = PartPhase.PREPARE;
    long phaseSinceMs;
    long graceMs;

    // What its executor has said.
    boolean isReported;
    PartState state = PartState.PREPARING;
    List<Finding> findings = List.of();
    List<FailureRecord> failures = List.of();
    boolean wasStopped;
    Map<String, Integer> incarnations = Map.of();
    Set<String> endedNodes = Set.of();
    Optional<String> degraded = Optional.empty();

    /** Since when its executor is waited for; negative while it is there. */
    long missingSinceMs = -1;
    /** Whether no executor has it any more, nor ever will: it only says that its nodes have ended. */
    boolean isGone;
    /** Whether its nodes count among those of its executor. */
    boolean isCounted = true;

    Part(Job job, int number, long epoch, Kind kind, ExecutorEntry executor, Origin origin, List<String> nodes) {
        this.job = job;
        this.number = number;
        this.epoch = epoch;
        this.kind = kind;
        this.executor = executor;
        this.instance = origin.instance;
        this.linkHost = origin.linkHost;
        this.linkPort = origin.linkPort;
        this.firstIncarnations = origin.firstIncarnations;
        this.nodes = List.copyOf(nodes);
    }

    PartId id() {
        return new PartId(job.id, number);
    }

    /** Whether nothing of it runs any more. */
    boolean isDone() {
        return isGone || state.isFinal();
    }

    boolean isMissing() {
        return missingSinceMs >= 0;
    }

    /** Whether its executor has been told to go beyond preparing it, so that nodes of it may have begun. */
    boolean mayHaveBegun() {
        return phase != PartPhase.PREPARE && state.isAtLeast(PartState.PREPARED);
    }

    /** Whether it was ended, by the masters or with its executor's lease, for its nodes to begin elsewhere. */
    boolean isLeaving() {
        return kind == Kind.MOVABLE
                && job.stage == Job.Stage.RUN
                && wasStopped
                && state.isFinal()
                && phase != PartPhase.STOP
                && phase != PartPhase.DROP;
    }

    /** @param code a node, or an operator with its node */
    boolean hasEndedByItself(String code) {
        return endedNodes.contains(CodeNames.nodeOf(code));
    }

    /** Whether the report says more than is known: what comes late, or twice, does not. */
    boolean isNews(PartReport report) {
        if (report.epoch() != epoch || isDone()) {
            return false;
        }
        return !isReported
                || report.state().compareTo(state) > 0
                || report.state() == state
                        && (Math.min(report.failures().size(), job.limits.failures()) > failures.size()
                                || !endedNodes.containsAll(report.endedNodes())
                                || !report.degraded().equals(degraded)
                                || isLater(report.incarnations()));
    }

    private boolean isLater(Map<String, Integer> reported) {
        return reported.entrySet().stream()
                .anyMatch(entry -> entry.getValue() > incarnations.getOrDefault(entry.getKey(), 0));
    }

    /** Takes what the report says more. */
    void take(PartReport report) {
        isReported = true;
        state = report.state();
        if (report.findings().size() >= findings.size()) {
            findings = limited(report.findings());
        }
        if (report.failures().size() >= failures.size()) {
            failures = limited(report.failures());
        }
        wasStopped |= report.wasStopped();
        degraded = state.isFinal() ? Optional.empty() : report.degraded();
        Set<String> ended = new LinkedHashSet<>(endedNodes);
        report.endedNodes().stream().filter(nodes::contains).sorted().forEach(ended::add);
        endedNodes = ended;
        Map<String, Integer> latest = new TreeMap<>(incarnations);
        report.incarnations().forEach((node, incarnation) -> {
            if (nodes.contains(node)) {
                latest.merge(node, incarnation, Math::max);
            }
        });
        incarnations = latest;
    }

    private <T> List<T> limited(List<T> list) {
        return List.copyOf(list.subList(0, Math.min(list.size(), job.limits.failures())));
    }

    /** The number of a node's incarnation now, as far as it is known. */
    int incarnation(String node) {
        return Math.max(firstIncarnations.getOrDefault(node, 0), incarnations.getOrDefault(node, 0));
    }

    /** Leaves only nodes that have ended in it. */
    void keep(Collection<String> remaining) {
        nodes = nodes.stream().filter(remaining::contains).toList();
    }

    PartAssignment assignment() {
        return new PartAssignment(id(), epoch, nodes, kind == Kind.PINNED, firstIncarnations, phase, graceMs);
    }

    PartPlace place() {
        return new PartPlace(id(), epoch, nodes, executor.machineId, instance, linkHost, linkPort, isDone());
    }

    JobView.PartView view() {
        return new JobView.PartView(place(), kind == Kind.PINNED, state);
    }

    @Override
    public String toString() {
        return id() + " on '" + executor.machineId + "', " + phase + ", " + state;
    }

    /** What becomes of it when its executor is lost. */
    enum Kind {
        /** Its nodes name the machine, and wait for it. */
        PINNED,
        /** Its nodes are placed again. */
        MOVABLE,
        /** Its nodes have {@code restart_policy: never} written, and so have failed. */
        ONCE
    }

    /**
     * The process that it is for, and where its nodes' count begins.
     *
     * @param firstIncarnations where not 0
     */
    record Origin(String instance, String linkHost, int linkPort, Map<String, Integer> firstIncarnations) {
        static Origin of(ExecutorEntry executor, Map<String, Integer> firstIncarnations) {
            return new Origin(executor.instance, executor.linkHost, executor.linkPort, Map.copyOf(firstIncarnations));
        }
    }
}
