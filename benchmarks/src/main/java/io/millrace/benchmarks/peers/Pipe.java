package io.millrace.benchmarks.peers;

/** A way from a source to a sink, with the threads that it takes. */
interface Pipe {
    /** Sends all of the schedule and blocks until the sink has had it, or something has failed. */
    void run(Schedule schedule, Sink sink) throws Exception;
}
