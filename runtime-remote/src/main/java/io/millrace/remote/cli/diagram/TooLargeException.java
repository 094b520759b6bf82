package io.millrace.remote.cli.diagram;

/** A graph is too large to be laid out with care in reasonable time and memory. The message says by what measure. */
public final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
        super(message);
    }
}
