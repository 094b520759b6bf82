package io.millrace.remote.client;

/** Whoever waited for the cluster was interrupted; the thread's flag stays. */
final class WaitInterruptedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    WaitInterruptedException(InterruptedException cause) {
        super("interrupted while waiting for the cluster", cause);
    }
}
