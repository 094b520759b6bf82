package io.millrace.remote.log;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A member of a log cannot be opened; the message says why in one line, and what to do. */
public final class LogUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what went wrong in one line. */
    public LogUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
