package io.millrace.local.nativecode;

/** Java's foreign function API cannot be used, or not as we do. */
final class ForeignAccessException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignAccessException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
