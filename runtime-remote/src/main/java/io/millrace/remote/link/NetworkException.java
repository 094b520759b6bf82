package io.millrace.remote.link;

/** An address that cannot be listened on or dialled as things are set, or certificates that cannot be used. The message is one line that says how to fix it. */
public final class NetworkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NetworkException(String message) {
        super(message);
    }

    NetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
