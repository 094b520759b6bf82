package io.millrace.local.crew;

import io.millrace.local.agent.NodeAgent;

/** What drives a node: a thread of its own, or one that it shares. Called by the coordinator. */
public interface Carrier {

    /** Has the node live: open, and so on. Throws whatever a thread factory may. */
    void start(NodeAgent agent);

    /** The thread that the node is on, or would be. */
    Thread thread(NodeAgent agent);

    /** Ends what the node waits for in its code, and no other node's wait; {@code NodeOrders.requestInterrupt} was called before. */
    void interrupt(NodeAgent agent);

    /** If the node is in its code, which does not return, it must keep no other from going on: from now on it has its thread for itself. */
    void setApart(NodeAgent agent);
}
