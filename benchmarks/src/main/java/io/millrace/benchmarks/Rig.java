package io.millrace.benchmarks;

/** Two running threads and what carries messages between them. Used by one thread, which blocks while the two work. */
public interface Rig {

    /** Sends so many messages and waits until the last one is where it belongs. */
    void run(int messages) throws InterruptedException;

    /** Ends both threads. */
    void stop() throws InterruptedException;
}
