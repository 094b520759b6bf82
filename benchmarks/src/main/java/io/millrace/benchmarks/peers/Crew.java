package io.millrace.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Threads that work together: the first failure ends the wait for all. Used by one thread. */
final class Crew {
    private final List<CompletableFuture<Void>> ends = new ArrayList<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final List<Thread> threads = new ArrayList<>();

    void start(String name, Task task) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        ends.add(end);
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        end.complete(null);
                    } catch (Throwable t) { // whatever it was is thrown where the crew is waited for
                        failure.completeExceptionally(t);
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Blocks until all have ended or one has failed; the others are interrupted then. */
    void await() throws InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
        try {
            CompletableFuture.anyOf(all, failure).get();
        } catch (ExecutionException e) {
            threads.forEach(Thread::interrupt);
            throw new IllegalStateException("a measured thread failed", e.getCause());
        }
    }

    interface Task {
        void run() throws Exception;
    }
}
