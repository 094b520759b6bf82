package io.millrace.workdir;

import java.util.List;
import java.util.Optional;

/**
 * Where a node runs and what it runs, on one executor.
 *
 * @param row the row that decided the working directory
 * @param workingDirectory absolute on the executor; empty where the row gives none, or a finding says what is wrong
 * @param createWorkingDirectory whether it has to be made, with what is missing above it, before the node starts
 * @param targets in the order of the node's targets
 */
public record Resolution(
        boolean isLocal,
        Row row,
        Optional<String> workingDirectory,
        boolean createWorkingDirectory,
        List<LocatedTarget> targets,
        List<Finding> findings) {

    public Resolution {
        targets = List.copyOf(targets);
        findings = List.copyOf(findings);
    }

    /** Whether the node must not start. */
    public boolean hasErrors() {
        return findings.stream().anyMatch(Finding::isError);
    }
}
