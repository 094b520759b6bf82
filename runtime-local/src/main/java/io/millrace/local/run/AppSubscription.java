package io.millrace.local.run;

import io.millrace.layout.MessageView;
import io.millrace.local.agent.Retention;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.node.RetainedMessage;
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
    private final WakeSignal signal;
    private final int queueSize;
    private final BooleanSupplier isDataflowOver;
    private final LongSupplier droppedElsewhere;
    private volatile Edge edge;
    private volatile long droppedBefore; // by the edges before; written under this
    private Edge polled; // the polling thread's
    private final @Nullable Retention retention;
    private final MessageView view = new MessageView(this::retain);
    private volatile boolean isCloseRequested;
    private @Nullable Thread poller; // before isPolled
    private volatile boolean isPolled;
    private volatile boolean isDrained;

    /**
     * One whose messages are retained on the heap.
     *
     * @param droppedElsewhere how many gave way before they came to the edge
     */
    AppSubscription(
            String output,
            Edge edge,
            WakeSignal signal,
            int queueSize,
            BooleanSupplier isDataflowOver,
            LongSupplier droppedElsewhere) {
        this(output, edge, signal, queueSize, isDataflowOver, droppedElsewhere, null);
    }

    /**
     * @param isDataflowOver after which nothing comes any more, even if nobody has closed the edge
     * @param retention null to retain on the heap
     */
    AppSubscription(
            String output,
            Edge edge,
            WakeSignal signal,
            int queueSize,
            BooleanSupplier isDataflowOver,
            @Nullable Retention retention) {
        this(output, edge, signal, queueSize, isDataflowOver, () -> 0, retention);
    }

    private AppSubscription(
            String output,
            Edge edge,
            WakeSignal signal,
            int queueSize,
            BooleanSupplier isDataflowOver,
            LongSupplier droppedElsewhere,
            @Nullable Retention retention) {
        this.droppedElsewhere = droppedElsewhere;
        this.retention = retention;
        this.output = output;
        this.edge = edge;
        this.polled = edge;
        this.signal = signal;
        this.queueSize = queueSize;
        this.isDataflowOver = isDataflowOver;
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
            if (reader().hasNext() || isReaderDrained() || isCloseRequested) {
                signal.disarm();
            } else {
                signal.park(leftNs);
            }
        }
    }

    /** As many as can have waited at the begin, for where they keep coming there would be no end. */
    private int take(MessageHandler handler) {
        int count = 0;
        EdgeReader reader = reader();
        try {
            while (count < queueSize && !isCloseRequested && reader.next()) {
                count++;
                handler.onMessage(reader.show(view));
            }
        } finally {
            view.invalidate();
            reader.release();
        }
        isDrained = isReaderDrained();
        return count;
    }

    /** The polling thread: where messages come from now. */
    private EdgeReader reader() {
        Edge now = edge;
        if (now != polled) {
            polled.reader().close();
            polled = now;
        }
        return now.reader();
    }

    private RetainedMessage retain(MessageView message) {
        return retention == null
                ? message.copyToHeap()
                : retention.retain(message, polled.reader().slab());
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
        return droppedElsewhere.getAsLong() + droppedBefore + droppedBy(edge);
    }

    private static long droppedBy(Edge edge) {
        return edge.writer().dropped() + edge.writer().conflated();
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
        EdgeReader reader = edge.reader();
        return reader.isDrained() || isOver && !reader.hasNext();
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

    private synchronized void closeReader() {
        edge.reader().close();
    }

    @Override
    public Edge edge() {
        return edge;
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
                        Stall.Holder.SUBSCRIPTION, output, output + " -> application", edge, polling(), nowNs);
    }

    /** Who polls it at this moment; null if nobody does. Any thread. */
    @Nullable Thread polling() {
        return isPolled ? poller : null;
    }

    /** From now on messages come over {@code fresh}; what still waits is lost. Any thread. */
    @Override
    public synchronized void changeTo(Edge fresh) {
        droppedBefore += droppedBy(edge);
        edge = fresh;
        if (isCloseRequested) {
            fresh.reader().close();
        }
        signal.signal();
    }
}
