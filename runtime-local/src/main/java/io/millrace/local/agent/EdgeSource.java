package io.millrace.local.agent;

import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import org.jspecify.annotations.Nullable;

/** Where the messages of an edge come from. Any thread. */
public interface EdgeSource {
    /** The node; empty where the node's own thread does not send it. */
    String node();

    /** How it learns of room; null if it never parks. */
    @Nullable WakeSignal signal();

    /** Whether it is in this JVM, and so what it sends is counted by the edge's writer. */
    default boolean isHere() {
        return true;
    }

    /** Has another writer take the place of one, some time; if nothing is sent any more, it is closed. */
    void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced);
}
