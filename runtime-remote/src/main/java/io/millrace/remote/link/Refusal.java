package io.millrace.remote.link;

/** A peer that breaks the protocol, or that is not wanted here; the message says why, and may be told to it. Expected, so without a stack trace. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isOfStranger;

    Refusal(String message) {
        this(message, false);
    }

    private Refusal(String message, boolean isOfStranger) {
        super(message, null, false, false);
        this.isOfStranger = isOfStranger;
    }

    /** Of one who does not speak our language, and so is told nothing. */
    static Refusal ofStranger(String message) {
        return new Refusal(message, true);
    }

    boolean isOfStranger() {
        return isOfStranger;
    }
}
