package io.millrace.benchmarks.peers;

/** What carries values from the source to the sink. */
enum Carrier {
    MILLRACE,
    AGRONA_WRITE,
    AGRONA_CLAIM,
    DISRUPTOR,
    JCTOOLS,
    AERON_IPC,
    BLOCKING_QUEUE,
    SLOT_RING,
    JET,
    PEKKO,
    /** Nothing: the time at which a thread looks at the clock that has to look at a certain time. */
    CLOCK
}
