package io.millrace.runtime;

import java.time.Duration;

/** An application's own edge from an output. Used by one thread at a time. */
public interface Subscription extends AutoCloseable {

    /** The output's name. */
    String output();

    /**
     * Hands over the messages that wait, at most as many as its queue holds; never blocks. Returns how many there were. What the handler throws comes out here.
     *
     * @throws IllegalStateException if it is being polled by another thread, or by the handler itself, as far as that is noticed
     */
    int poll(MessageHandler handler);

    /**
     * Waits for at least one message, but not longer than {@code timeout}, and hands over those that wait.
     *
     * @return how many there were; 0 when the time has passed or nothing will come any more
     * @throws InterruptedException if the caller is interrupted while it waits
     * @throws IllegalStateException as {@link #poll(MessageHandler)}
     */
    int poll(MessageHandler handler, Duration timeout) throws InterruptedException;

    /** Messages that gave way to newer ones since the subscription began. Any thread. */
    long dropped();

    /** Whether the output is closed and every message has been taken. Any thread. */
    boolean isClosed();

    /** Ends the subscription; what still waits is lost. Idempotent; does not block; any thread. */
    @Override
    void close();
}
