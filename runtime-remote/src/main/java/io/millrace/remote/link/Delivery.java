package io.millrace.remote.link;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a connection's calls one after the other, in order, on an executor that may have many threads; tells how much waits. From any thread. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Executor executor;
    private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
    private boolean isRunning;

    Delivery(Executor executor) {
        this.executor = executor;
    }

    /** Does not block, unless the executor does; a call that throws is logged and does not hold up the next. */
    void run(Runnable call) {
        synchronized (calls) {
            calls.add(call);
            if (isRunning) {
                return;
            }
            isRunning = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            // Its owner has shut it down, but is still owed the end of each connection.
            drain();
        }
    }

    private void drain() {
        for (Runnable call = next(); call != null; call = next()) {
            try {
                call.run();
            } catch (RuntimeException e) {
                LOG.warn("a handler of a connection failed", e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (calls) {
            Runnable call = calls.poll();
            isRunning = call != null;
            return call;
        }
    }
}
