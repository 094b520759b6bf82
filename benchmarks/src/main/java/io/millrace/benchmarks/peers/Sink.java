package io.millrace.benchmarks.peers;

/** Where values end. Used by the receiving thread only. */
@FunctionalInterface
interface Sink {
    void onValue(long value);
}
