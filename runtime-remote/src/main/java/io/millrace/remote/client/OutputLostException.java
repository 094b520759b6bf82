package io.millrace.remote.client;

/** Of what an output sends nothing comes any more, and some of it may be missing, for the link that it comes over was lost. The message says which and why. */
public final class OutputLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputLostException(String message) {
        super(message);
    }
}
