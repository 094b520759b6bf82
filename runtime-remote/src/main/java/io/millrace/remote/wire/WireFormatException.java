package io.millrace.remote.wire;

/** Bytes that are not what they should be, or a value that cannot be written as bytes: too large, too deep, of a kind that does not travel. */
public final class WireFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WireFormatException(String message) {
        super(message);
    }

    private WireFormatException(String message, WireFormatException inner) {
        super(message, inner.getCause());
        setStackTrace(inner.getStackTrace());
    }

    WireFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, one step further out: {@code Submit.submission.graph: text of ...}. */
    WireFormatException within(String step) {
        String inner = String.valueOf(getMessage());
        boolean continues = inner.startsWith(".") || inner.startsWith("[");
        return new WireFormatException(continues ? step + inner : step + ": " + inner, this);
    }
}
