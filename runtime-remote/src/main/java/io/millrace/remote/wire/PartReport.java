package io.millrace.remote.wire;

import java.util.List;
import java.util.Map;

/**
 * What an executor says of one of its parts.
 *
 * @param findings of its preparation
 * @param failures of its nodes, in their order, or why it could not be opened
 * @param wasStopped whether it ended because it was told to
 * @param incarnations of its nodes, where they are not 0
 */
public record PartReport(
        PartId id,
        long epoch,
        PartState state,
        List<Finding> findings,
        List<FailureRecord> failures,
        boolean wasStopped,
        Map<String, Integer> incarnations) {
    public PartReport {
        findings = List.copyOf(findings);
        failures = List.copyOf(failures);
        incarnations = Map.copyOf(incarnations);
    }
}
