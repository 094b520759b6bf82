package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;

/** The text cannot be read any further, so there is nothing more to be said about it. Never leaves this package. */
final class RefusedTextException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    RefusedTextException(Location location, String message) {
        super(message);
        this.problem = Problem.error(location, message);
    }

    Problem problem() {
        return problem;
    }
}
