package io.millrace.remote.link;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Names the threads of a network; all are daemons. */
final class Threads implements ThreadFactory {
    private static final long IDLE_S = 5;

    private final String prefix;
    private final AtomicInteger number = new AtomicInteger();

    Threads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, prefix + number.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }

    /** A pool whose threads end when they have nothing to do. What waits is bounded by the connections that ask. */
    static ThreadPoolExecutor pool(String prefix, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new Threads(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
