package io.millrace.local.run;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.pool.Slab;
import io.millrace.local.waiting.Threads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** In the place of a link: moves messages, and what is told between them, from an edge out of one part to an edge into another, on a thread of its own. */
final class Pump implements Runnable, AutoCloseable {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final WakeSignal signal = new WakeSignal();
    private final Thread thread = new Thread(this, "pump");
    private final Deque<Edge> sources = new ArrayDeque<>(); // guarded by itself
    private final Set<Edge> abandoned = ConcurrentHashMap.newKeySet();
    private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Edge target;
    private volatile boolean isEndHeld;
    private volatile boolean isClosed;

    // Its thread.
    private @Nullable Edge from; // written with the lock of sources, for others look at it
    private @Nullable Edge to;

    /** What is told before the messages that are sent from then on. */
    private record Notice(Edge edge, long position, Runnable action) {}

    WakeSignal signal() {
        return signal;
    }

    Pump start() {
        thread.start();
        return this;
    }

    /** When those before are drained, it reads this one. */
    void read(Edge edge) {
        synchronized (sources) {
            sources.add(edge);
        }
        signal.signal();
    }

    /** As {@link #read}, of an edge whose other half does not close the one before: as soon as that is empty. */
    void readInstead(Edge edge) {
        synchronized (sources) {
            Edge last = sources.isEmpty() ? from : sources.getLast();
            if (last != null) {
                abandoned.add(last);
            }
        }
        read(edge);
    }

    /** From now on it writes there. */
    void write(Edge edge) {
        target = edge;
        signal.signal();
    }

    /** Until this is taken back, the end of what it reads is not the end. */
    void holdEnd(boolean holds) {
        isEndHeld = holds;
        signal.signal();
    }

    /** By the thread that sends. */
    void tell(Runnable notice) {
        Edge last;
        synchronized (sources) {
            last = sources.isEmpty() ? from : sources.getLast();
        }
        notices.add(new Notice(last, last == null ? 0 : last.writer().sent(), notice));
        signal.signal();
    }

    /** Waits until all has been moved and closed. */
    void join() throws InterruptedException {
        thread.join(Threads.DEADLINE.toMillis());
        if (thread.isAlive()) {
            throw new AssertionError("the pump has not come to its end");
        }
    }

    @Override
    public void close() {
        isClosed = true;
        signal.signal();
    }

    @Override
    public void run() {
        signal.bind(Thread.currentThread());
        boolean isOver = false;
        while (!isOver && !isClosed) {
            signal.arm();
            follow();
            if (moveOne()) {
                signal.disarm();
            } else if (isDrained()) {
                isOver = true;
            } else {
                signal.park(LOOK_NS);
            }
        }
        follow();
        if (to != null) {
            to.writer().close();
        }
        if (from != null) {
            from.reader().close();
        }
    }

    private void follow() {
        Edge wanted = target;
        if (wanted != to) {
            if (to != null) {
                to.writer().close();
            }
            to = wanted;
        }
        synchronized (sources) {
            if (from == null || isDone(from) && !sources.isEmpty()) {
                from = sources.poll();
            }
        }
    }

    private boolean isDone(Edge source) {
        return source.reader().isDrained()
                || abandoned.contains(source) && !source.reader().hasNext();
    }

    private boolean moveOne() {
        Edge source = from;
        Edge sink = to;
        if (source == null || sink == null) {
            return false;
        }
        Notice notice = notices.peek();
        if (notice != null
                && (notice.edge != source || notice.position <= source.reader().received())) {
            notices.remove();
            notice.action.run();
            return true;
        }
        return sink.writer().hasRoom() && move(source.reader(), sink.writer());
    }

    private static boolean move(EdgeReader reader, EdgeWriter writer) {
        if (!reader.next()) {
            return false;
        }
        int length = RecordLayout.recordLength(reader.buffer(), reader.recordOffset());
        int offset = writer.tryClaim(length);
        if (offset >= 0) {
            writer.buffer().put(offset, reader.buffer(), reader.recordOffset(), length);
            Slab body = reader.slab();
            if (body != null) {
                body.retain();
            }
            writer.commit(body);
        }
        reader.release();
        return true;
    }

    private boolean isDrained() {
        synchronized (sources) {
            return !isEndHeld
                    && sources.isEmpty()
                    && notices.isEmpty()
                    && (from != null && from.reader().isDrained()
                            || to != null && to.writer().isClosed() && target == to);
        }
    }
}
