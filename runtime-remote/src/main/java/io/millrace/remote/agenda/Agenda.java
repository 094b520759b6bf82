package io.millrace.remote.agenda;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that runs actions in the order in which they were posted, and others when their time has come. Any thread posts. */
public final class Agenda implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agenda.class);
    private static final long CLOSE_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(5);

    private final String name;
    /** A delay beyond it is as good as never, and does not overflow. */
    private static final long FAR_NS = Long.MAX_VALUE / 2;

    private final Thread thread;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;

    // The agenda's thread.
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::dueNs));

    /** Something that is done at a time, unless it is cancelled before. */
    public final class Timer {
        private final long dueNs;
        private final Runnable action;

        private Timer(long dueNs, Runnable action) {
            this.dueNs = dueNs;
            this.action = action;
        }

        private long dueNs() {
            return dueNs;
        }

        /** On the agenda's thread. Idempotent. */
        public void cancel() {
            timers.remove(this);
        }
    }

    /** @param name of its thread, a daemon */
    public Agenda(String name) {
        this.name = name;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Once. */
    public Agenda start() {
        thread.start();
        return this;
    }

    /** Has the action run after those that were posted before; not at all once it is closed. Does not block. */
    @Override
    public void execute(Runnable action) {
        if (!isClosed) {
            inbox.add(action);
        }
    }

    /** On the agenda's thread: has the action run there after a while. */
    public Timer after(Duration delay, Runnable action) {
        Timer timer = new Timer(nowNs() + Math.min(FAR_NS, TimeUnit.NANOSECONDS.convert(delay)), action);
        timers.add(timer);
        return timer;
    }

    /** What its timers go by. */
    public long nowNs() {
        return System.nanoTime();
    }

    public boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    private void run() {
        while (!isClosed) {
            try {
                Runnable next = next();
                if (next != null) {
                    next.run();
                }
            } catch (InterruptedException e) {
                LOG.debug("{} was interrupted", name, e); // looks whether it is closed
            } catch (Throwable t) { // one action's failure is not another's
                LOG.error("{}: an action failed", name, t);
            }
        }
    }

    private @Nullable Runnable next() throws InterruptedException {
        Timer first = timers.peek();
        if (first == null) {
            return inbox.take();
        }
        long untilNs = first.dueNs - nowNs();
        return untilNs <= 0 ? timers.remove().action : inbox.poll(untilNs, TimeUnit.NANOSECONDS);
    }

    /** Ends it after what was posted before, and waits for that for some seconds; what has not run by then does not run. Idempotent. */
    @Override
    public void close() {
        execute(() -> isClosed = true);
        if (isOwnThread()) {
            return;
        }
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        isClosed = true;
    }
}
