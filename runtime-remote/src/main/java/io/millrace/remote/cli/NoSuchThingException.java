package io.millrace.remote.cli;

/** What the user named is not there; the message says what there is. */
final class NoSuchThingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchThingException(String message) {
        super(message);
    }
}
