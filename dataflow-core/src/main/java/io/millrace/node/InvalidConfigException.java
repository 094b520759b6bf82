package io.millrace.node;

/** A node cannot work with the {@code config} that it was given: says which key, what was found and what was expected. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidConfigException(String message) {
        super(message);
    }
}
