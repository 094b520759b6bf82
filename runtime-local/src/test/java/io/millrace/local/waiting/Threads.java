package io.millrace.local.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test, whose failures come out in it. */
public final class Threads {
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private final List<Task<?>> tasks = new ArrayList<>();

    /** A thread and what comes of it. */
    public static final class Task<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final Thread thread;

        Task(Callable<T> action) {
            thread = new Thread(
                    () -> {
                        try {
                            result.complete(action.call());
                        } catch (Throwable t) { // whatever it is, the test is told
                            result.completeExceptionally(t);
                        }
                    },
                    "test");
            thread.setDaemon(true);
            thread.start();
        }

        public Thread thread() {
            return thread;
        }

        /** Waits until it stands still. */
        public Task<T> awaitWaiting() {
            await().atMost(DEADLINE)
                    .until(() -> thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING);
            return this;
        }

        public T get() throws ExecutionException, InterruptedException {
            try {
                return result.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                AssertionError stuck = new AssertionError("the thread has not ended", e);
                stuck.setStackTrace(thread.getStackTrace());
                throw stuck;
            }
        }
    }

    public <T> Task<T> run(Callable<T> action) {
        Task<T> task = new Task<>(action);
        tasks.add(task);
        return task;
    }

    public void joinAll() throws Exception {
        for (Task<?> task : tasks) {
            task.get();
        }
    }

    /** Waits until no thread of a dataflow is alive whose name begins so. */
    public static void awaitNone(String prefix) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(named(prefix)).isEmpty());
    }

    public static List<String> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
