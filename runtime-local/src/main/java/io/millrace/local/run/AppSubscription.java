package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.runtime.MessageHandler;
import io.millrace.runtime.Stall;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The application's own edge from an output. Polled by one thread at a time, closed by any.
 *
 * <p>Only one thread may touch the reader. Who polls says so before it looks whether the end was requested; who closes requests it before it looks whether
 * somebody polls. So one of them sees the other, and if both do, the reader is closed twice, which does no harm.
 */
final class AppSubscription implements Subscription, OutputEnd.Moving {
    private final String output;
    private final ReadEdges edges;
    private final WakeSignal signal;
    private final int queueSize;
    private final BooleanSupplier isDataflowOver;
    private final LongSupplier droppedElsewhere;
    private final boolean debug;
    private volatile boolean isCloseRequested;
    private @Nullable Thread poller; // before isPolled
    private volatile boolean isPolled;
    private volatile boolean isDrained;

    /**
     * @param signal what the reader of each of the edges was made with
     * @param isDataflowOver after which nothing comes any more, even if nobody has closed the edge
     * @param droppedElsewhere how many gave way before they came to the edges
     * @param debug whether the use of a message after its time is found out
     */
    AppSubscription(
            String output,
            ReadEdges edges,
            WakeSignal signal,
            int queueSize,
            BooleanSupplier isDataflowOver,
            LongSupplier droppedElsewhere,
            boolean debug) {
        this.output = output;
        this.edges = edges;
        this.signal = signal;
        this.queueSize = queueSize;
        this.isDataflowOver = isDataflowOver;
        this.droppedElsewhere = droppedElsewhere;
        this.debug = debug;
    }

    @Override
    public String output() {
        return output;
    }

    @Override
    public int poll(MessageHandler handler) {
        beginPoll();
        try {
            return take(handler);
        } finally {
            endPoll();
        }
    }

    @Override
    public int poll(MessageHandler handler, Duration timeout) throws InterruptedException {
        beginPoll();
        try {
            signal.bind(Thread.currentThread());
            return await(handler, Math.max(0, Times.nanos(timeout)));
        } finally {
            endPoll();
        }
    }

    private int await(MessageHandler handler, long timeoutNs) throws InterruptedException {
        long beginNs = System.nanoTime();
        while (true) {
            int count = take(handler);
            long leftNs = timeoutNs - (System.nanoTime() - beginNs);
            if (count > 0 || isClosed() || leftNs <= 0) {
                return count;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for messages of '" + output + "'");
            }
            signal.arm();
            if (edges.hasNext() || isReaderDrained() || isCloseRequested) {
                signal.disarm();
            } else {
                signal.park(leftNs);
            }
        }
    }

    /** As many as can have waited at the begin, for where they keep coming there would be no end. */
    private int take(MessageHandler handler) {
        int count = 0;
        EdgeReader reader = edges.reader();
        try {
            while (count < queueSize && !isCloseRequested && reader.next()) {
                count++;
                handler.onMessage(edges.show());
                edges.release(debug);
            }
        } finally {
            edges.release(debug);
            edges.invalidate();
        }
        isDrained = isReaderDrained();
        return count;
    }

    /** Two threads that begin in the same moment may both go unnoticed. */
    private void beginPoll() {
        Thread other = isPolled ? poller : null;
        if (other != null) {
            throw new IllegalStateException("the subscription to '" + output + "' "
                    + (other == Thread.currentThread()
                            ? "cannot be polled by the handler of its messages"
                            : "is being polled by thread '" + other.getName() + "': one thread polls at a time"));
        }
        poller = Thread.currentThread();
        isPolled = true;
    }

    private void endPoll() {
        isPolled = false;
        if (isCloseRequested) {
            closeReader();
        }
    }

    @Override
    public long dropped() {
        return droppedElsewhere.getAsLong() + edges.lost();
    }

    @Override
    public boolean isClosed() {
        return isCloseRequested || isDrained || !isPolled && drainedNow();
    }

    private synchronized boolean drainedNow() {
        isDrained |= isReaderDrained();
        return isDrained;
    }

    private boolean isReaderDrained() {
        boolean isOver = isDataflowOver.getAsBoolean(); // looked at first: what was sent before is seen after
        return edges.isDrained() || isOver && !edges.hasNext();
    }

    @Override
    public void close() {
        isCloseRequested = true;
        signal.signal();
        if (!isPolled) {
            closeReader();
        }
    }

    /** Has who waits for messages look whether the dataflow is over. Any thread. */
    void wake() {
        signal.signal();
    }

    private void closeReader() {
        edges.close();
    }

    @Override
    public Edge edge() {
        return edges.last();
    }

    /** Whether nobody waits for anything any more. */
    @Override
    public boolean isOver() {
        return isCloseRequested || isDrained;
    }

    @Override
    public Optional<Stall> stall(long nowNs) {
        return isOver()
                ? Optional.empty()
                : Stalls.ofReader(
                        Stall.Holder.SUBSCRIPTION, output, output + " -> application", edges.last(), polling(), nowNs);
    }

    /** Who polls it at this moment; null if nobody does. Any thread. */
    @Nullable Thread polling() {
        return isPolled ? poller : null;
    }

    @Override
    public void changeTo(Edge fresh) {
        edges.add(fresh);
        signal.signal();
    }
}
