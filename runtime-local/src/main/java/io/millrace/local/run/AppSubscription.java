package io.millrace.local.run;

import io.millrace.layout.MessageView;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.WakeSignal;
import io.millrace.runtime.MessageHandler;
import io.millrace.runtime.Subscription;
import java.time.Duration;

/** The application's own edge from an output. Polled by one thread at a time. */
final class AppSubscription implements Subscription {
    private final String output;
    private final int pollLimit;
    private final Edge edge;
    private final EdgeReader reader;
    private final WakeSignal signal;
    private final MessageView view = new MessageView();
    private volatile boolean isCloseRequested;
    private volatile boolean isPolled;
    private volatile boolean isDrained;

    /** @param queueSize as many may wait, and so are handed over by one poll even if more keep coming */
    AppSubscription(String output, Edge edge, WakeSignal signal, int queueSize) {
        this.pollLimit = queueSize;
        this.output = output;
        this.edge = edge;
        this.reader = edge.reader();
        this.signal = signal;
    }

    @Override
    public String output() {
        return output;
    }

    @Override
    public int poll(MessageHandler handler) {
        isPolled = true;
        try {
            return take(handler);
        } finally {
            endPoll();
        }
    }

    @Override
    public int poll(MessageHandler handler, Duration timeout) throws InterruptedException {
        isPolled = true;
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
            if (reader.hasNext() || reader.isDrained() || isCloseRequested) {
                signal.disarm();
            } else {
                signal.park(leftNs);
            }
        }
    }

    private int take(MessageHandler handler) {
        int count = 0;
        try {
            while (count < pollLimit && !isCloseRequested && reader.next()) {
                count++;
                handler.onMessage(view.wrap(reader.buffer(), reader.recordOffset(), reader.body()));
            }
        } finally {
            view.invalidate();
            reader.release();
        }
        isDrained = reader.isDrained();
        return count;
    }

    private void endPoll() {
        isPolled = false;
        if (isCloseRequested) {
            closeReader();
        }
    }

    @Override
    public long dropped() {
        return edge.writer().dropped() + edge.writer().conflated();
    }

    @Override
    public boolean isClosed() {
        return isCloseRequested || isDrained || !isPolled && drainedNow();
    }

    private synchronized boolean drainedNow() {
        isDrained |= reader.isDrained();
        return isDrained;
    }

    @Override
    public void close() {
        isCloseRequested = true;
        signal.signal();
        if (!isPolled) {
            closeReader();
        }
    }

    private synchronized void closeReader() {
        reader.close();
    }

    Edge edge() {
        return edge;
    }
}
