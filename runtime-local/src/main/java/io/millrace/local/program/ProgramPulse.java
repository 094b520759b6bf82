package io.millrace.local.program;

/**
 * Whether a program that can expect no more messages still does anything: shown by the thread of its node, looked at by who ends what has been left over. One long, so that
 * no look sees half of a change.
 */
final class ProgramPulse {
    /** Its inputs may bring more, or it waits for others. */
    static final long BUSY = -1;

    private volatile long beats = BUSY;
    private long counted; // the node's thread

    /** It is not to be waited for in vain: it may still be given something, or wait for others. */
    void hide() {
        if (beats != BUSY) {
            beats = BUSY;
        }
    }

    /** It can expect nothing more, and has just said or taken something, or was found so for the first time. */
    void beat() {
        beats = ++counted;
    }

    boolean isShown() {
        return beats != BUSY;
    }

    /** {@link #BUSY}, or a number that changes whenever the program does something. Any thread. */
    long look() {
        return beats;
    }
}
