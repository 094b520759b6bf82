package io.millrace.benchmarks.peers;

/** One hop: messages that begin with a value, from one thread to one other. */
interface Wire extends AutoCloseable {

    /** The sending thread: sends one message, waiting for room. */
    void send(long value);

    /** The receiving thread: hands over what is there, and never waits. Returns how many there were. */
    int receive(Sink sink);

    /** The receiving thread, when nothing was there: waits as the wire's users do. Returns how many it handed over after all. */
    int await(Sink sink) throws InterruptedException;

    @Override
    default void close() {}
}
