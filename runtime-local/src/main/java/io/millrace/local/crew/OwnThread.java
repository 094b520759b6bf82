package io.millrace.local.crew;

import io.millrace.local.agent.NodeAgent;

/** A node with a thread of its own. */
final class OwnThread implements Carrier {
    private final Thread thread;

    /** @param thread runs the node's agent */
    OwnThread(Thread thread) {
        this.thread = thread;
    }

    @Override
    public void start(NodeAgent agent) {
        thread.start();
    }

    @Override
    public Thread thread(NodeAgent agent) {
        return thread;
    }

    @Override
    public void interrupt(NodeAgent agent) {
        thread.interrupt();
    }

    @Override
    public void setApart(NodeAgent agent) {}
}
