package io.millrace.local.recording;

/** A directory holds no recording, or one that cannot be read: the message says where, what was found, and what was expected. */
public final class InvalidRecordingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidRecordingException(String message) {
        super(message);
    }

    InvalidRecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
