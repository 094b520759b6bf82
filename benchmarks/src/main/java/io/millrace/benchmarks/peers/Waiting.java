package io.millrace.benchmarks.peers;

/** What a thread does that finds nothing, or no room. */
enum Waiting {
    SPIN,
    YIELD,
    /** A receiver sleeps and is woken; a sender yields. */
    PARK;

    void forRoom() {
        if (this == SPIN) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
