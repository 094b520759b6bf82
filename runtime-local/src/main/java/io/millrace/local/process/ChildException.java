package io.millrace.local.process;

/** A program that cannot be started. The message is one line that says what was found and how to mend it, and does not name the node. */
public final class ChildException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChildException(String message) {
        super(message);
    }

    ChildException(String message, Throwable cause) {
        super(message, cause);
    }
}
