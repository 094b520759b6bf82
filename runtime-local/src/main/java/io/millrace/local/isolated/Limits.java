package io.millrace.local.isolated;

/** How much goes in one piece. */
final class Limits {
    /** The most bytes of a message or payload in one frame; what is larger goes in pieces. */
    static final int CHUNK_BYTES = 1 << 20;

    /** Up to here a reactive operator's claim needs no memory but its own: it is never refused, so it is not asked for. */
    static final int EAGER_BYTES = 2048;

    /** Memory beyond this is not kept for the next message. */
    static final int KEPT_BYTES = 1 << 20;

    private Limits() {}
}
