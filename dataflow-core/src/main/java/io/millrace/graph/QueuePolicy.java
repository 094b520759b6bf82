package io.millrace.graph;

/** What an input does with a message that finds its queue full. */
public enum QueuePolicy {
    /** The oldest waiting message gives way and is counted as dropped: dora's rule, and the default. */
    DROP_OLDEST("drop_oldest"),
    /** The producer waits: nothing is lost. */
    BACKPRESSURE("backpressure"),
    /** A queue of one: a newer message takes the place of the waiting one, which is counted as conflated. */
    LATEST("latest");

    private final String key;

    QueuePolicy(String key) {
        this.key = key;
    }

    /** As written in a dataflow file. */
    public String key() {
        return key;
    }

    /** True where no message is ever lost on an edge of this policy. */
    public boolean isLossless() {
        return this == BACKPRESSURE;
    }
}
