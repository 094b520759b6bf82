package io.millrace.benchmarks.peers;

/** What a thread does that finds nothing, or no room. */
enum Waiting {
    SPIN,
    YIELD,
    /** A receiver sleeps and is woken; a sender yields. */
    PARK;

    @SuppressWarnings("ThreadPriorityCheck") // that is what it is about
    void forRoom() {
        if (this == SPIN) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
