package io.millrace.local.isolated;

import io.millrace.local.process.OutputListener;

/** What a node's context does for its own JVM beyond what it does for the node. */
public interface Surroundings {

    /** Has the node's thread, before it does anything else, run what throws if the node has to fail. Any thread. */
    void failBy(Runnable check);

    /** Is told what the JVM prints. */
    OutputListener prints();
}
