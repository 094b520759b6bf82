package io.millrace.remote.tls;

/** Certificate files that cannot be used. The message is one line that says which, and how to fix it. */
public final class CredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CredentialsException(String message) {
        super(message);
    }

    CredentialsException(String message, Throwable cause) {
        super(message, cause);
    }
}
