package io.millrace.remote.log;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that run one after the other on an executor's threads. Putting one in and having it run are two steps, so that the first can be
 * taken under a lock and the second outside of it, also where the executor runs tasks at once.
 */
final class Mailbox {
    private final Executor executor;

    // Guarded by this.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Mailbox(Executor executor) {
        this.executor = executor;
    }

    synchronized void put(Runnable task) {
        waiting.add(task);
    }

    /** Has the executor run what is in it, unless it does so already. */
    void wake() {
        synchronized (this) {
            if (running || waiting.isEmpty()) {
                return;
            }
            running = true;
        }
        executor.execute(this::runAll);
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = waiting.poll();
        running = task != null;
        return task;
    }
}
