package io.millrace.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Threads of an application, whose failures come out where they are joined. */
final class Threads {
    private final List<FutureTask<?>> tasks = new ArrayList<>();

    /** What a thread does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    Thread start(Work work) {
        Callable<Void> callable = () -> {
            work.run();
            return null;
        };
        FutureTask<?> task = new FutureTask<>(callable);
        tasks.add(task);
        Thread thread = new Thread(task, "application-" + tasks.size());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    void join() throws Exception {
        for (FutureTask<?> task : tasks) {
            task.get(Trial.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
