package io.millrace.remote.state;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Does at once what an executor takes its time for. */
final class ModelExecutor {
    final String machineId;
    final String instance;
    final TreeMap<PartId, PartReport> parts =
            new TreeMap<>(Comparator.comparing(PartId::jobId).thenComparing(PartId::number));
    final Map<PartId, PartAssignment> assignments = new HashMap<>();

    /** Nodes that it cannot prepare, or cannot open. */
    final Set<String> unprepared = new HashSet<>();

    final Set<String> unopened = new HashSet<>();

    /** Whether it does nothing of what it is told. */
    boolean isStuck;

    ModelExecutor(String machineId, String instance) {
        this.machineId = machineId;
        this.instance = instance;
    }

    /** Follows what is desired. */
    void follow(List<JobAssignment> desired) {
        if (isStuck) {
            return;
        }
        Set<PartId> wanted = new HashSet<>();
        for (JobAssignment job : desired) {
            for (PartAssignment part : job.parts()) {
                if (part.phase() != PartPhase.DROP) {
                    wanted.add(part.id());
                    assignments.put(part.id(), part);
                    bring(part);
                }
            }
        }
        parts.keySet().retainAll(wanted);
        assignments.keySet().retainAll(wanted);
    }

    private void bring(PartAssignment part) {
        PartReport now = parts.get(part.id());
        if (now == null || now.epoch() != part.epoch()) {
            boolean fails = part.nodes().stream().anyMatch(unprepared::contains);
            parts.put(part.id(), fails ? failed(part) : report(part, PartState.PREPARED));
        } else if (!now.state().isFinal()) {
            switch (part.phase()) {
                case PREPARE, DROP -> {}
                case OPEN -> open(part, now);
                case RUN -> {
                    open(part, now);
                    if (parts.get(part.id()).state() == PartState.OPENED) {
                        parts.put(part.id(), report(part, PartState.RUNNING));
                    }
                }
                case STOP, MOVE -> parts.put(part.id(), ended(part, true));
            }
        }
    }

    private void open(PartAssignment part, PartReport now) {
        if (!now.state().isAtLeast(PartState.OPENED)) {
            boolean fails = part.nodes().stream().anyMatch(unopened::contains);
            parts.put(part.id(), fails ? notOpened(part) : report(part, PartState.OPENED));
        }
    }

    static PartReport report(PartAssignment part, PartState state) {
        return new PartReport(
                part.id(), part.epoch(), state, List.of(), List.of(), false, Map.of(), List.of(), Optional.empty());
    }

    static PartReport ended(PartAssignment part, boolean wasStopped) {
        return new PartReport(
                part.id(),
                part.epoch(),
                PartState.ENDED,
                List.of(),
                List.of(),
                wasStopped,
                Map.of(),
                wasStopped ? List.of() : part.nodes(),
                Optional.empty());
    }

    private PartReport failed(PartAssignment part) {
        Finding finding = new Finding(
                machineId, Problem.Severity.ERROR, Location.NONE, "nothing to run " + part.nodes() + " with");
        return new PartReport(
                part.id(),
                part.epoch(),
                PartState.FAILED,
                List.of(finding),
                List.of(),
                false,
                Map.of(),
                List.of(),
                Optional.empty());
    }

    private static PartReport notOpened(PartAssignment part) {
        return new PartReport(
                part.id(),
                part.epoch(),
                PartState.FAILED,
                List.of(),
                List.of(new FailureRecord(part.nodes().get(0), "java.io.IOException", "port is taken", List.of())),
                false,
                Map.of(),
                List.of(),
                Optional.empty());
    }

    /** All nodes of a part end by themselves. */
    void end(PartId part) {
        parts.put(part, ended(assignments.get(part), false));
    }

    /** A node of a part that runs fails for good, and the others run on. */
    void failNode(PartId id, String node) {
        PartReport now = parts.get(id);
        List<FailureRecord> failures = new ArrayList<>(now.failures());
        failures.add(new FailureRecord(node, "java.lang.IllegalStateException", "broken", List.of()));
        List<String> ended = new ArrayList<>(now.endedNodes());
        ended.add(node);
        parts.put(
                id,
                new PartReport(
                        id,
                        now.epoch(),
                        now.state(),
                        List.of(),
                        failures,
                        false,
                        now.incarnations(),
                        ended,
                        Optional.empty()));
    }

    /** A node of a part that runs ends for good, and the others run on. */
    void endNode(PartId id, String node) {
        PartReport now = parts.get(id);
        List<String> ended = new ArrayList<>(now.endedNodes());
        ended.add(node);
        parts.put(
                id,
                new PartReport(
                        id,
                        now.epoch(),
                        now.state(),
                        List.of(),
                        now.failures(),
                        false,
                        now.incarnations(),
                        ended,
                        Optional.empty()));
    }

    List<PartReport> reports() {
        return List.copyOf(parts.values());
    }
}
