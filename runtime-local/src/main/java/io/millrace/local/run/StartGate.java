package io.millrace.local.run;

import java.util.concurrent.CompletableFuture;

/** Where opened nodes wait for the others. Any thread. */
final class StartGate {
    private final CompletableFuture<Boolean> word = new CompletableFuture<>();

    /** Every node is open: all go on. */
    void open() {
        word.complete(true);
    }

    /** The start has failed: all end. */
    void abort() {
        word.complete(false);
    }

    /** Whether {@link #await} does not block. */
    boolean isDecided() {
        return word.isDone();
    }

    /** Blocks until the word is given, which it always is; false if the start has failed. An interrupt does not end the wait, and its flag stays. */
    boolean await() {
        return word.join();
    }
}
