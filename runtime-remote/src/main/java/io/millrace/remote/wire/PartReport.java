package io.millrace.remote.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an executor says of one of its parts.
 *
 * @param findings of its preparation
 * @param failures of its nodes, in their order, or why it could not be opened
 * @param wasStopped whether it ended because it was told to
 * @param incarnations of its nodes, where they are not 0
 * @param endedNodes that have ended for good by themselves, by a failure or on request, and not because the part was told to end: they are not started again elsewhere
 * @param degraded why it does not run as it should, though it runs: a link that is down
 */
public record PartReport(
        PartId id,
        long epoch,
        PartState state,
        List<Finding> findings,
        List<FailureRecord> failures,
        boolean wasStopped,
        Map<String, Integer> incarnations,
        List<String> endedNodes,
        Optional<String> degraded) {
    /** So many failures are told of a part, and so many findings; the masters keep no more. */
    public static final int MAX_DETAILS = 100;

    /** Of its failures in full, and as many of its findings: what is beyond is told in brief. */
    public static final int DETAIL_BYTES = 64 << 10;

    private static final int MAX_TROUBLE = 1024;
    private static final int NUMBERS_BYTES = 32;

    public PartReport {
        findings = Finding.shortened(findings, MAX_DETAILS, DETAIL_BYTES);
        failures = FailureRecord.shortened(failures, MAX_DETAILS, DETAIL_BYTES);
        incarnations = Map.copyOf(incarnations);
        endedNodes = List.copyOf(endedNodes);
        degraded = degraded.map(reason -> Shortened.text(reason, MAX_TROUBLE));
    }

    /** Only that the part is there: never more than is known of it. */
    public PartReport presence() {
        return new PartReport(
                id, epoch, PartState.PREPARING, List.of(), List.of(), false, Map.of(), List.of(), Optional.empty());
    }

    /** The same of some nodes only. */
    public PartReport of(Map<String, Integer> someIncarnations, List<String> someEndedNodes) {
        return new PartReport(
                id, epoch, state, findings, failures, wasStopped, someIncarnations, someEndedNodes, degraded);
    }

    /** Of some nodes, what was so before the part had ended, if it has. */
    public PartReport before(Map<String, Integer> someIncarnations, List<String> someEndedNodes) {
        PartState earlier = state.isFinal() ? PartState.STOPPING : state;
        return new PartReport(
                id, epoch, earlier, List.of(), List.of(), false, someIncarnations, someEndedNodes, degraded);
    }

    /** What it takes on its way at the most. */
    public int sizeBytes() {
        return Shortened.sizeBytes(id.jobId())
                + NUMBERS_BYTES
                + findings.stream().mapToInt(Finding::sizeBytes).sum()
                + failures.stream().mapToInt(FailureRecord::sizeBytes).sum()
                + incarnations.size() * Integer.BYTES
                + Shortened.sizeBytes(incarnations.keySet())
                + Shortened.sizeBytes(endedNodes)
                + degraded.map(Shortened::sizeBytes).orElse(0);
    }
}
