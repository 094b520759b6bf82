package io.millrace.benchmarks;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How the benchmark's thread has the two measured ones do something, and waits for the end of it without using a core. Called once for tens of thousands of messages
 * and more, so it weighs nothing.
 */
public final class Orders {
    private static final long TIMEOUT_SECONDS = 120;

    private final Semaphore ordered = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private int messages;
    private volatile @Nullable Throwable failure;

    /** The benchmark's thread: orders so many messages and blocks until they are done. */
    void run(int count) throws InterruptedException {
        messages = count;
        ordered.release();
        if (!done.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(count + " messages were not done within " + TIMEOUT_SECONDS + " s");
        }
        if (failure != null) {
            throw new IllegalStateException("the measured threads failed", failure);
        }
    }

    /** The benchmark's thread: there are no more orders. */
    void close() {
        messages = 0;
        ordered.release();
    }

    /** The sending thread: blocks for the next order; 0 when there are no more. */
    int next() {
        ordered.acquireUninterruptibly();
        return messages;
    }

    /** The thread that sees the last message of an order. */
    void done() {
        done.release();
    }

    /** Whoever sees a measured thread fail. */
    void failed(Throwable t) {
        failure = t;
        done.release();
    }
}
