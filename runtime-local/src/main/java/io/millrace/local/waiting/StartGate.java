package io.millrace.local.waiting;

import java.util.concurrent.CompletableFuture;

/** Where opened nodes wait for the others. Any thread. */
public final class StartGate {
    private final CompletableFuture<Boolean> word = new CompletableFuture<>();

    /** Every node is open: all go on. */
    public void open() {
        word.complete(true);
    }

    /** The start has failed: all end. */
    public void abort() {
        word.complete(false);
    }

    /** Whether {@link #await} does not block. */
    public boolean isDecided() {
        return word.isDone();
    }

    /** Blocks until the word is given, which it always is; false if the start has failed. An interrupt does not end the wait, and its flag stays. */
    public boolean await() {
        return word.join();
    }
}
