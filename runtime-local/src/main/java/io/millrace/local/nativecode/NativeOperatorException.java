package io.millrace.local.nativecode;

/** An operator in native code could not be loaded, or has said that it failed. */
public final class NativeOperatorException extends Exception {
    private static final long serialVersionUID = 1;

    NativeOperatorException(String message) {
        super(message);
    }

    NativeOperatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
