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
    public PartReport {
        findings = List.copyOf(findings);
        failures = List.copyOf(failures);
        incarnations = Map.copyOf(incarnations);
        endedNodes = List.copyOf(endedNodes);
    }
}
