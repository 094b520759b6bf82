package io.millrace.local.isolated;

/** A node's context that can be told from outside, by any thread, that the node has failed: its own JVM ends while nobody waits for it. */
public interface Endable {

    /** Has the node's thread, before it does anything else, run what throws if the node has to fail. */
    void failBy(Runnable check);
}
