package io.millrace;

import io.millrace.graph.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What a check found.
 *
 * @param dataflow empty if a problem is an error
 * @param problems errors, warnings and notes in the order of the file
 */
public record CheckResult(Optional<Dataflow> dataflow, List<Problem> problems) {
    public CheckResult {
        problems = List.copyOf(problems);
    }

    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
