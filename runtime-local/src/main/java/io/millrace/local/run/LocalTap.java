package io.millrace.local.run;

import io.millrace.layout.RecordLayout;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.agent.Retention;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.local.wiring.TappedOutput;
import io.millrace.runtime.Stall;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tap on outputs of this JVM. Its readers belong to its thread; others only set flags and wake it.
 *
 * <p>To end in order, every node says between two messages how many it has put on its edge; when so many were taken, or have given way, the edge is done with. The
 * edge is closed from its reader's end, which its writer may find out at any time.
 */
final class LocalTap implements Tap, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTap.class);
    /** Before the thread parks it gives the core away so often, so that messages gather and one wake-up serves them all. */
    private static final int YIELDS = 3;

    private final String dataflow;
    private final List<String> outputs;
    private final List<TappedEdge> edges;
    private final WakeSignal signal;
    private final TapHandler handler;
    private final BooleanSupplier isDataflowOver;
    private final boolean debug;
    private final AtomicBoolean isEndRequested = new AtomicBoolean();
    private final CompletableFuture<Void> completion = new CompletableFuture<>();
    private volatile boolean isCloseRequested;

    /**
     * @param isDataflowOver after which nothing comes any more, even if nobody has closed the edges
     * @param debug whether the use of a message after its time is found out
     */
    LocalTap(
            String dataflow,
            List<TappedEdge> edges,
            WakeSignal signal,
            TapHandler handler,
            BooleanSupplier isDataflowOver,
            boolean debug) {
        this.dataflow = dataflow;
        this.outputs = edges.stream().map(edge -> edge.output).toList();
        this.edges = edges;
        this.signal = signal;
        this.handler = handler;
        this.isDataflowOver = isDataflowOver;
        this.debug = debug;
    }

    /** One of its edges. */
    static final class TappedEdge implements OutputEnd.Moving {
        private static final long UNLIMITED = Long.MAX_VALUE;

        private final String output;
        private final @Nullable TappedOutput producer;
        private final Runnable end;
        private final ReadEdges edges;
        private volatile long lostElsewhere; // what a producer elsewhere tells
        private volatile long fullElsewhereNs;
        private volatile @Nullable RuntimeException failure; // why not all has come
        /** How many messages are wanted in all: said by the producer's thread. */
        private volatile long limit = UNLIMITED;

        // The tap's thread.
        private boolean isInHand;
        private volatile boolean isDone; // read by any
        private volatile @Nullable Thread thread; // read by any
        private long timestamp;

        TappedEdge(String output, TappedOutput producer, Edge edge, Retention retention) {
            this(output, producer, () -> {}, edge, retention);
        }

        /** One whose messages are retained on the heap. */
        TappedEdge(String output, TappedOutput producer, Edge edge) {
            this(output, producer, () -> {}, edge, null);
        }

        /** One that somebody else feeds, who closes it after the last message that is wanted when {@code end} is run. */
        TappedEdge(String output, Runnable end, Edge edge) {
            this(output, null, end, edge, null);
        }

        private TappedEdge(
                String output,
                @Nullable TappedOutput producer,
                Runnable end,
                Edge edge,
                @Nullable Retention retention) {
            this.output = output;
            this.producer = producer;
            this.end = end;
            this.edges = new ReadEdges(edge, retention);
        }

        @Override
        public Edge edge() {
            return edges.last();
        }

        TappedOutput producer() {
            return Objects.requireNonNull(producer);
        }

        /** Nothing is wanted that is sent from now on. Any thread. */
        private void end(WakeSignal reader) {
            if (producer == null) {
                end.run();
                return;
            }
            // A node that has ended has closed its outputs, and sends nothing more.
            producer.post(() -> {
                limitToNow(producer.port());
                reader.signal();
            });
        }

        @Override
        public boolean isOver() {
            return isDone;
        }

        @Override
        public boolean keepsOpen() {
            return false;
        }

        @Override
        public void changeTo(Edge fresh) {
            long wanted = limit;
            if (wanted != UNLIMITED) { // what was wanted and had not come to the edge is lost with its sender
                limit = Math.min(wanted, edges.put());
            }
            edges.add(fresh);
        }

        /** Whether a message is in hand, taken now if there was none. */
        private boolean takes() {
            if (!isInHand && !isDone && !isLimitReached()) {
                EdgeReader reader = edges.reader();
                if (reader.next()) {
                    isInHand = true;
                    timestamp = reader.buffer().getLong(reader.recordOffset() + RecordLayout.TIMESTAMP_OFFSET);
                }
            }
            return isInHand;
        }

        private boolean isLimitReached() {
            long wanted = limit;
            if (wanted == UNLIMITED) {
                return false;
            }
            // The oldest give way, so whatever is gone by now came before what waits.
            return edges.gone() >= wanted;
        }

        private boolean hasWork() {
            return !isDone && (isLimitReached() || edges.hasNext() || edges.isDrained());
        }

        private void finishIf(boolean isOver) {
            if (!isDone && !isInHand && (isLimitReached() || edges.isDrained() || isOver && !edges.hasNext())) {
                finish();
            }
        }

        /** Nothing is read any more, neither from these edges nor from another that takes their place. */
        void finish() {
            isDone = true;
            edges.invalidate();
            edges.close();
        }

        /** The producer's thread: nothing is wanted that it sends from now on. What it has sent and there is no room for yet is wanted. */
        private void limitToNow(OutputPort port) {
            limit = edges.put() + port.overflowing();
        }

        @Override
        public Optional<Stall> stall(long nowNs) {
            return isDone
                    ? Optional.empty()
                    : Stalls.ofReader(Stall.Holder.TAP, output, output + " -> tap", edges.last(), thread, nowNs);
        }

        private OutputCounts counts() {
            return new OutputCounts(
                    output,
                    edges.received(),
                    lostElsewhere + edges.lost(),
                    Duration.ofNanos(fullElsewhereNs + edges.fullNs()));
        }

        /** In all, where the messages come from: how many gave way, and how long who sends found no room. */
        void countElsewhere(long lost, long fullNs) {
            lostElsewhere = lost;
            fullElsewhereNs = fullNs;
        }

        /** Before the edge is closed. */
        void fail(RuntimeException why) {
            failure = why;
        }

        List<StackTraceElement> stack() {
            Thread reading = thread;
            return reading == null ? List.of() : List.of(reading.getStackTrace());
        }
    }

    @Override
    public void run() {
        signal.bind(Thread.currentThread());
        edges.forEach(edge -> edge.thread = Thread.currentThread());
        Throwable failure = null;
        try {
            handOver();
        } catch (Throwable t) { // the handler is the application's, and its failure nobody else's
            failure = t;
            LOG.error("dataflow '{}': the tap on {} has ended, for its handler failed", dataflow, outputs, t);
        }
        failure = failure == null ? failureOfEdges() : failure;
        edges.forEach(TappedEdge::finish);
        if (failure == null) {
            completion.complete(null);
        } else {
            completion.completeExceptionally(failure);
        }
    }

    private @Nullable Throwable failureOfEdges() {
        return edges.stream()
                .map(edge -> edge.failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private void handOver() throws Exception {
        int idleCycles = 1; // no message came since the handler was last told so
        while (!isCloseRequested) {
            boolean isOver = isDataflowOver.getAsBoolean(); // looked at first: what was sent before is seen after
            if (handOverOldest()) {
                idleCycles = 0;
                continue;
            }
            if (idleCycles == 0) {
                handler.onPause();
            }
            if (isDone(isOver)) {
                return;
            }
            idle(idleCycles++);
        }
        if (idleCycles == 0) {
            handler.onPause();
        }
    }

    private boolean handOverOldest() throws Exception {
        TappedEdge oldest = null;
        for (int i = 0; i < edges.size(); i++) { // without an iterator, which would allocate
            TappedEdge edge = edges.get(i);
            if (edge.takes() && (oldest == null || Long.compareUnsigned(edge.timestamp, oldest.timestamp) < 0)) {
                oldest = edge;
            }
        }
        if (oldest == null) {
            return false;
        }
        oldest.isInHand = false;
        try {
            handler.onMessage(oldest.output, oldest.edges.show());
        } finally {
            oldest.edges.release(debug);
        }
        return true;
    }

    private boolean isDone(boolean isOver) {
        boolean isDone = true;
        for (TappedEdge edge : edges) {
            edge.finishIf(isOver);
            isDone &= edge.isDone;
        }
        return isDone;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is asked for throughput, not for correctness
    private void idle(int cycles) {
        if (cycles <= YIELDS) {
            Thread.yield();
            return;
        }
        Thread.interrupted(); // it says nothing to a tap, and would keep it from parking
        signal.arm();
        if (isCloseRequested || isDataflowOver.getAsBoolean() || hasWork()) {
            signal.disarm();
        } else {
            signal.park(0);
        }
    }

    private boolean hasWork() {
        for (TappedEdge edge : edges) {
            if (edge.hasWork()) {
                return true;
            }
        }
        return false;
    }

    // Any thread.

    /** The dataflow is over: has the thread look. */
    void wake() {
        signal.signal();
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public List<OutputCounts> counts() {
        List<OutputCounts> counts = new ArrayList<>();
        edges.forEach(edge -> counts.add(edge.counts()));
        return counts;
    }

    @Override
    public CompletionStage<Void> end() {
        if (isEndRequested.compareAndSet(false, true)) {
            for (TappedEdge edge : edges) {
                edge.end(signal);
            }
        }
        return completion();
    }

    @Override
    public CompletionStage<Void> completion() {
        return completion.minimalCompletionStage();
    }

    @Override
    public void close() {
        isCloseRequested = true;
        signal.signal();
    }

    @Override
    public String toString() {
        return "tap on " + outputs + " of dataflow '" + dataflow + "'";
    }
}
