package io.millrace.local.nativecode;

/** An array that cannot go between here and an operator. */
final class UnsupportedArrayException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnsupportedArrayException(String message) {
        super(message);
    }

    UnsupportedArrayException(String message, Throwable cause) {
        super(message, cause);
    }

    static UnsupportedArrayException of(String what) {
        return new UnsupportedArrayException(what
                + " is not supported: numbers, booleans, text, bytes, dates and times, and lists and structs of these go to and from operators that are"
                + " shared libraries");
    }
}
