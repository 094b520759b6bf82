package io.millrace.local.run;

import io.millrace.layout.MessageView;
import io.millrace.local.agent.Retention;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.node.RetainedMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The edge that somebody outside the graph reads, and those that take its place when its producer is replaced: what was sent into one is read before the next one is begun. One thread reads at a time; the rest is for any.
 */
final class ReadEdges {
    private final @Nullable Retention retention;
    private final Deque<Edge> ahead = new ArrayDeque<>(); // under this
    private volatile boolean isAnyAhead;
    private volatile Edge current; // changed by the reading thread, under this
    private volatile Edge last;
    private boolean isClosed; // under this
    private MessageView view = new MessageView(this::retain); // the reading thread's

    // Of edges that were left; under this.
    private long receivedBefore;
    private long lostBefore;
    private long goneBefore; // of those that were lost, those that had been in the edge
    private long fullBeforeNs;

    /** @param retention null to retain messages on the heap */
    ReadEdges(Edge first, @Nullable Retention retention) {
        this.retention = retention;
        current = first;
        last = first;
    }

    // The reading thread.

    /** Where the next message comes from. Nothing is in hand. */
    EdgeReader reader() {
        while (isAnyAhead && !current.reader().hasNext()) {
            goOn();
        }
        return current.reader();
    }

    /** Shows the message in hand, which there is. */
    MessageView show() {
        return current.reader().show(view);
    }

    /**
     * The message in hand, if there is one, is no longer needed.
     *
     * @param debug whether its use from now on is to be found out, even if other messages follow
     */
    void release(boolean debug) {
        if (debug) {
            view.invalidate();
            view = new MessageView(this::retain);
            current.reader().scribble();
        }
        current.reader().release();
    }

    /** What was shown last, if anything, is of no use any more. */
    void invalidate() {
        view.invalidate();
    }

    private RetainedMessage retain(MessageView message) {
        return retention == null
                ? message.copyToHeap()
                : retention.retain(message, current.reader().slab());
    }

    private synchronized void goOn() {
        Edge left = current;
        left.reader().close();
        receivedBefore += left.reader().received();
        long lost = lostBy(left) + left.reader().discarded();
        lostBefore += lost;
        goneBefore += lost - left.writer().missed();
        fullBeforeNs += left.writer().fullNs();
        current = ahead.remove();
        isAnyAhead = !ahead.isEmpty();
    }

    // Any thread.

    /** The one over which messages come now. */
    Edge last() {
        return last;
    }

    /** This one takes the place of the last; it is closed at once if the others were. */
    synchronized void add(Edge fresh) {
        last = fresh;
        if (isClosed) {
            fresh.reader().close();
        } else {
            ahead.add(fresh);
            isAnyAhead = true;
        }
    }

    /** Whether something waits. */
    boolean hasNext() {
        return isAnyAhead ? anyHasNext() : current.reader().hasNext();
    }

    private synchronized boolean anyHasNext() {
        return current.reader().hasNext()
                || ahead.stream().anyMatch(edge -> edge.reader().hasNext());
    }

    /** Whether nothing waits, and nothing more comes. */
    boolean isDrained() {
        return last.reader().isDrained() && !hasNext();
    }

    /** Whoever closes while another thread reads is found out by that thread, which closes once more. */
    synchronized void close() {
        isClosed = true;
        current.reader().close();
        ahead.forEach(edge -> edge.reader().close());
    }

    synchronized long received() {
        return receivedBefore + sum(edge -> edge.reader().received());
    }

    /** Messages that gave way to newer ones, or came too late to be read. */
    synchronized long lost() {
        return lostBefore + sum(ReadEdges::lostBy);
    }

    /** Messages that were put into an edge: as many as are {@link #gone} in the end. */
    synchronized long put() {
        return receivedBefore
                + goneBefore
                + sum(edge -> edge.writer().sent() - edge.writer().missed());
    }

    /** Of these, those that were read or lost. */
    synchronized long gone() {
        return receivedBefore
                + goneBefore
                + sum(edge ->
                        edge.reader().received() + lostBy(edge) - edge.writer().missed());
    }

    synchronized long fullNs() {
        return fullBeforeNs + sum(edge -> edge.writer().fullNs());
    }

    private long sum(ToLongFunction<Edge> count) {
        long total = count.applyAsLong(current);
        for (Edge edge : ahead) {
            total += count.applyAsLong(edge);
        }
        return total;
    }

    private static long lostBy(Edge edge) {
        return edge.writer().dropped() + edge.writer().conflated();
    }
}
