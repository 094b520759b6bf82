package io.millrace.local.code;

/** A program has failed, or did what no node may do: one line that says what, and what can be done. It has no stack, for no code of this JVM is at fault. */
public final class ProgramException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProgramException(String message) {
        super(message, null, false, false);
    }
}
