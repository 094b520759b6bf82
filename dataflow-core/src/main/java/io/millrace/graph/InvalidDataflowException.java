package io.millrace.graph;

import java.util.List;
import java.util.stream.Collectors;

/** A dataflow cannot be used as written. Carries every problem that was found, in the order of the file, not only the first. */
public final class InvalidDataflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Lists the problems in its message, a line each.
     *
     * @param problems at least one of them an error
     */
    public InvalidDataflowException(List<Problem> problems) {
        super(problems.stream()
                .sorted(Problem.BY_LOCATION)
                .map(Problem::toString)
                .collect(Collectors.joining("\n")));
        this.problems = problems.stream().sorted(Problem.BY_LOCATION).toList();
    }

    public List<Problem> problems() {
        return problems;
    }
}
