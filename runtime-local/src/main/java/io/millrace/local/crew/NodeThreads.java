package io.millrace.local.crew;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the threads of a dataflow's nodes, and knows them while they run. Any thread. */
public final class NodeThreads implements ThreadCrew.Threads {
    private final ThreadCrew.Threads maker;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    public NodeThreads(ThreadCrew.Threads maker) {
        this.maker = maker;
    }

    @Override
    public Thread thread(Runnable action, String suffix) {
        return maker.thread(() -> run(action), suffix);
    }

    private void run(Runnable action) {
        Thread own = Thread.currentThread();
        running.add(own);
        try {
            action.run();
        } finally {
            running.remove(own);
        }
    }

    /** Whether one of them calls. */
    public boolean isCalling() {
        return running.contains(Thread.currentThread());
    }
}
