package io.millrace.local.code;

/** An operator that may end before its inputs do, as one of dora's says by what its callback returns. Used by the node's thread. */
public interface EndsItself {
    /** Whether it has ended: asked behind each callback; then nothing more is called but {@code close}. */
    boolean hasEnded();
}
