package io.millrace.benchmarks.peers;

/** What is to be sent, and when. Used by the sending thread only. */
interface Schedule {
    /** No more will come. */
    long END = Long.MIN_VALUE;

    /** The next value is not due yet: ask again. */
    long NOT_YET = Long.MIN_VALUE + 1;

    /** The next value that is due. Never waits. */
    long next();
}
