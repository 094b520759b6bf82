package io.millrace.local.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

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

    /** Blocks until the word is given; false if the start has failed or the thread is interrupted. */
    boolean await() {
        try {
            return word.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("the gate never fails", e);
        }
    }
}
