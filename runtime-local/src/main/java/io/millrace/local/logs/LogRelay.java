package io.millrace.local.logs;

import io.millrace.layout.MessageView;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Takes log records that come from elsewhere to the inputs that read them, on a thread of its own: many edges lead to one queue, which has one writer at a time. */
public final class LogRelay implements Runnable {
    /** Until it is looked again whether a queue has room, whose reader wants every record and stands still. */
    private static final long FULL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final WakeSignal signal = new WakeSignal();
    private final Queue<Lane> fresh = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    // Its thread.
    private final Map<String, Lane> lanes = new LinkedHashMap<>(); // by the edge's name

    /** One edge. */
    private static final class Lane {
        private final String edge;
        private final EdgeReader reader;
        private final LogSink sink;
        private final Runnable whenDrained;
        private final MessageView view = new MessageView();
        private boolean isInHand;

        Lane(String edge, EdgeReader reader, LogSink sink, Runnable whenDrained) {
            this.edge = edge;
            this.reader = reader;
            this.sink = sink;
            this.whenDrained = whenDrained;
        }

        /** Whether it got anything done. */
        boolean work() {
            if (!isInHand && !reader.next()) {
                return false;
            }
            reader.show(view);
            isInHand = sink.offer(
                            view.buffer().slice(view.offset(), view.length()),
                            Parameters.EMPTY,
                            view.format().code())
                    == SendResult.FULL;
            if (!isInHand) {
                reader.release();
            }
            return !isInHand;
        }
    }

    public LogRelay(String dataflow) {
        Thread thread = new Thread(this, "millrace-" + dataflow + "-logs");
        thread.setDaemon(true);
        thread.start();
    }

    /** What edges to it are to signal. */
    public WakeSignal signal() {
        return signal;
    }

    /** An edge, in the place of the one of that name. Any thread. */
    public void add(String edge, EdgeReader reader, LogSink sink, Runnable whenDrained) {
        fresh.add(new Lane(edge, reader, sink, whenDrained));
        signal.signal();
    }

    /** What waits is lost. Any thread; does not wait. */
    public void close() {
        isClosed = true;
        signal.signal();
    }

    @Override
    public void run() {
        signal.bind(Thread.currentThread());
        while (!isClosed) {
            takeFresh();
            if (!work()) {
                idle();
            }
        }
        takeFresh();
        lanes.values().forEach(lane -> lane.reader.close());
    }

    private void takeFresh() {
        for (Lane lane = fresh.poll(); lane != null; lane = fresh.poll()) {
            Lane former = lanes.put(lane.edge, lane);
            if (former != null) {
                former.reader.close();
            }
        }
    }

    private boolean work() {
        boolean anyDone = false;
        List<Lane> drained = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            anyDone |= lane.work();
            if (!lane.isInHand && lane.reader.isDrained()) {
                drained.add(lane);
            }
        }
        for (Lane lane : drained) {
            lanes.remove(lane.edge);
            lane.reader.close();
            lane.whenDrained.run();
        }
        return anyDone;
    }

    private void idle() {
        Thread.interrupted(); // it says nothing here, and would keep the thread from parking
        signal.arm();
        boolean isAnyInHand = false;
        boolean isAnyWaiting = isClosed || !fresh.isEmpty();
        for (Iterator<Lane> each = lanes.values().iterator(); each.hasNext() && !isAnyWaiting; ) {
            Lane lane = each.next();
            isAnyInHand |= lane.isInHand;
            isAnyWaiting = !lane.isInHand && (lane.reader.hasNext() || lane.reader.isDrained());
        }
        if (isAnyWaiting) {
            signal.disarm();
        } else {
            signal.park(isAnyInHand ? FULL_NS : 0);
        }
    }
}
