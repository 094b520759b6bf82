package io.millrace.local.agent;

import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource;
import io.millrace.layout.MessageView;
import io.millrace.layout.Padding;
import io.millrace.layout.Retainer;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.pool.Slab;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.RetainedMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An input with where its messages come from: the reading half of an edge, a timer, or a queue of the node for what another of its operators sent. Used by
 * the node's thread only, but for the counters.
 */
public class InputPort extends Padding implements Input, Retainer, SlabHolder {
    private static final VarHandle TAKEN;
    private static final VarHandle TAKEN_BYTES;
    private static final VarHandle CALLED;
    private static final VarHandle PUT_ASIDE;
    private static final VarHandle MISSED;
    private static final VarHandle IS_ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAKEN = lookup.findVarHandle(InputPort.class, "taken", long.class);
            TAKEN_BYTES = lookup.findVarHandle(InputPort.class, "takenBytes", long.class);
            CALLED = lookup.findVarHandle(InputPort.class, "called", long.class);
            MISSED = lookup.findVarHandle(InputPort.class, "missed", long.class);
            PUT_ASIDE = lookup.findVarHandle(InputPort.class, "putAside", long.class);
            IS_ENDED = lookup.findVarHandle(InputPort.class, "isEnded", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final GraphInput spec;
    private final int index;
    private final String name;
    private final NodeAgent agent;
    private final boolean debug;
    private final SilenceLimit silence;
    private final boolean hasTimeout;

    private RecordQueue waiting = new RecordQueue();
    private @Nullable EdgeReader reader;
    private @Nullable Successor successor;
    private @Nullable TimerTicks timer;
    private @Nullable Retention retention;
    private MessageView view = new MessageView.Padded(this);
    private @Nullable Slab directBody; // during a direct call
    private @Nullable OutputClaim caller; // as good as final
    private boolean isSourceClosed;
    private boolean isClosed;
    private boolean isReopened; // and the node not told yet
    private boolean countsBytes;
    private @Nullable Retired retired;
    /** Of its edge, for when the message in hand is released. */
    private @Nullable Runnable change;

    // Written by the node's thread, read by any: opaque.
    private long taken;
    private long takenBytes;
    private long called;
    private long putAside;
    private long missed;

    @SuppressWarnings("unused") // through IS_ENDED
    private boolean isEnded;

    /** An edge whose messages come after those of the one before. */
    private record Successor(
            EdgeReader reader, Runnable onTaken, @Nullable Successor next) {
        Successor followedBy(EdgeReader last, Runnable onLast) {
            return new Successor(
                    reader, onTaken, next == null ? new Successor(last, onLast, null) : next.followedBy(last, onLast));
        }

        void close() {
            reader.close();
            if (next != null) {
                next.close();
            }
        }
    }

    /** What a port leaves to that of the next incarnation. */
    private record Retired(
            @Nullable EdgeReader reader,
            @Nullable Successor successor,
            @Nullable TimerTicks timer,
            RecordQueue waiting) {}

    InputPort(GraphInput spec, int index, String name, NodeAgent agent, boolean debug) {
        this.spec = spec;
        this.index = index;
        this.name = name;
        this.agent = agent;
        this.debug = debug;
        this.silence = SilenceLimit.of(spec.timeout());
        this.hasTimeout = silence.isLimited();
    }

    public void connect(EdgeReader half) {
        reader = half;
    }

    /** Where messages stay that the node retains. */
    public void retainIn(Retention kept) {
        retention = kept;
    }

    public void connect(TimerTicks ticks) {
        timer = ticks;
    }

    public @Nullable TimerTicks timer() {
        return timer;
    }

    /** Before the start. */
    public void countBytes() {
        countsBytes = true;
    }

    @Override
    public String id() {
        return spec.id();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String source() {
        return spec.source().toString();
    }

    @Override
    public boolean isClosed() {
        return isClosed || isReopened || silence.isExceeded();
    }

    /** Whether the node knows that no message will come any more: unlike {@link #isClosed}, not because of a silence that may end. */
    boolean isClosedForGood() {
        return isClosed;
    }

    boolean hasTimeout() {
        return hasTimeout;
    }

    public boolean isDataInput() {
        return spec.isDataInput();
    }

    boolean isFedBy(String node) {
        return spec.source() instanceof InputSource.OutputRef ref && ref.node().equals(node);
    }

    // The node's loop.

    void start(long nowNs) {
        if (timer != null) {
            timer.start(nowNs);
        }
        silence.restart(nowNs);
    }

    /** Releases the message in hand and takes the next one; null when none waits. */
    @Nullable Message next(long nowNs) {
        release();
        if (reader != null) {
            if (!reader.next() && !nextOfSuccessor()) {
                return null;
            }
            reader.show(view);
        } else if (timer != null) {
            if (isSourceClosed || !timer.isDue(nowNs)) {
                return null;
            }
            timer.take(nowNs, agent.sending().timestamp(), agent.incarnation(), view);
        } else {
            if (waiting.isEmpty()) {
                return null;
            }
            view.wrap(waiting.region(), waiting.firstOffset(), viewOf(waiting.firstBody()));
            waiting.take();
        }
        count();
        silence.restart(nowNs);
        return view;
    }

    private boolean nextOfSuccessor() {
        return successor != null
                && takeUpSuccessor()
                && Objects.requireNonNull(reader).next();
    }

    /** Whether messages come from the next edge now, as the one before is at its end. */
    private boolean takeUpSuccessor() {
        Successor next = successor;
        if (next == null || reader != null && !reader.isDrained()) {
            return false;
        }
        if (reader != null) {
            reader.close();
        }
        reader = next.reader;
        successor = next.next;
        next.onTaken.run();
        return true;
    }

    private void closeSuccessor() {
        if (successor != null) {
            successor.close();
            successor = null;
        }
    }

    private void count() {
        TAKEN.setOpaque(this, taken + 1);
        if (countsBytes) {
            TAKEN_BYTES.setOpaque(this, takenBytes + view.length());
        }
    }

    /** An operator of the same node has sent a message here that is not handled by a call. */
    void countPutAside() {
        PUT_ASIDE.setOpaque(this, putAside + 1);
    }

    /** A message was taken, and nobody is there to be given it. */
    public void countMissed() {
        MISSED.setOpaque(this, missed + 1);
    }

    /** Shows a record that is being delivered by a direct call, at the begin of {@code record}. */
    Message direct(ByteBuffer record, @Nullable Slab body) {
        if (body != null) { // storing references costs more than looking
            directBody = body;
        }
        view.wrap(record, 0, viewOf(body));
        countCall(view.length());
        if (hasTimeout) {
            silence.restart(agent.update());
        }
        return view;
    }

    private void countCall(int length) {
        CALLED.setOpaque(this, called + 1);
        if (countsBytes) {
            TAKEN_BYTES.setOpaque(this, takenBytes + length);
        }
    }

    /** Before the start: by which claim of an operator of the same node it is called, and who counts what is not counted here. */
    void calledBy(OutputClaim claim) {
        caller = claim;
    }

    /** The call has come back. */
    void endDirect() {
        forgetDirect();
    }

    private void forgetDirect() {
        if (debug) {
            view.invalidate();
            view = new MessageView.Padded(this);
        }
        if (directBody != null) {
            directBody = null;
        }
    }

    public static @Nullable ByteBuffer viewOf(@Nullable Slab body) {
        return body == null ? null : body.view();
    }

    /** The message in hand, kept for its node. */
    @Override
    public RetainedMessage retain(MessageView message) {
        return retention == null ? message.copyToHeap() : retention.retain(message, slabInHand());
    }

    @Override
    public MessageView viewInHand() {
        return view;
    }

    @Override
    public @Nullable Slab slabInHand() {
        if (directBody != null) {
            return directBody;
        }
        return reader != null ? reader.slab() : waiting.bodyInHand();
    }

    /** A message for which a direct call is not possible now. */
    void enqueue(ByteBuffer record, int offset, @Nullable Slab body) {
        waiting.append(record, offset, body);
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    boolean isWithinLimits() {
        return waiting.isWithinLimits();
    }

    /** The message in hand is no longer needed. */
    public void release() {
        forgetDirect();
        if (reader != null) {
            if (debug) {
                reader.scribble();
            }
            reader.release();
        } else {
            waiting.release();
        }
        if (change != null) {
            makeChange();
        }
    }

    /** Whether the node still looks at the message in hand, so that a change of its edge has to wait; once for each. */
    private boolean defer(Runnable later) {
        boolean isDeferred = agent.isLookingAt(this);
        if (isDeferred) {
            Runnable earlier = change;
            change = earlier == null
                    ? later
                    : () -> {
                        earlier.run();
                        later.run();
                    };
        }
        return isDeferred;
    }

    private void makeChange() {
        Runnable due = Objects.requireNonNull(change);
        change = null;
        due.run();
    }

    boolean hasNext(long nowNs) {
        if (reader != null) {
            return reader.hasNext() || successor != null && takeUpSuccessor() && reader.hasNext();
        }
        return timer != null ? !isSourceClosed && timer.isDue(nowNs) : !waiting.isEmpty();
    }

    /** Whether no message will come any more, which the node has not been told yet. */
    boolean isNewlyDrained() {
        return !isClosed && isDrained();
    }

    /** Whether no message has come for so long that the node is to be told that the input is closed. */
    boolean isNewlySilent(long nowNs) {
        return silence.isDue(nowNs) && !isClosed && !hasNext(nowNs);
    }

    /** The node is told that the input is closed. */
    void markSilent() {
        silence.exceed();
    }

    /** Whether the node takes the input for closed, because of a silence or of a link that was lost, and is to be told otherwise before the next message. */
    boolean isSilent() {
        return isReopened || hasTimeout && silence.isExceeded();
    }

    /** The node is told that messages come again. */
    void markRecovered() {
        isReopened = false;
        silence.end();
    }

    /** Whether no message can come any more. */
    boolean isDrained() {
        if (successor != null) {
            takeUpSuccessor();
        }
        return reader != null
                ? successor == null && reader.isDrained() || isSourceClosed && !reader.hasNext()
                : isSourceClosed && waiting.isEmpty();
    }

    /** Whether no message is sent here any more, though some may still wait. */
    public boolean isSourceClosed() {
        return isSourceClosed || reader != null && successor == null && reader.isWriterClosed();
    }

    void markClosed() {
        isClosed = true;
    }

    /** Nanoseconds until this input has something without being signalled; {@link Long#MAX_VALUE} for never. */
    long untilDueNs(long nowNs) {
        long untilTick = timer == null || isSourceClosed ? Long.MAX_VALUE : timer.untilDueNs(nowNs);
        return isClosed ? untilTick : Math.min(untilTick, silence.untilDueNs(nowNs));
    }

    void closeTimer() {
        if (timer != null) {
            isSourceClosed = true;
        }
    }

    /** The operator of this node that feeds this input has closed its output. */
    void onSourceClosed() {
        isSourceClosed = true;
    }

    /** The node has ended: the producer learns of it, and what waits is discarded. */
    public void end() {
        if (change != null) {
            makeChange(); // so that there is one edge to close
        }
        view.invalidate();
        waiting.clear();
        if (reader != null) {
            reader.close();
        }
        closeSuccessor();
        IS_ENDED.setOpaque(this, true);
    }

    /** Empty for who has kept it; its edge stays as it is, for another to {@link #inherit}. Idempotent. */
    void retire() {
        release();
        view.invalidate();
        if (retired == null) {
            retired = new Retired(reader, successor, timer, waiting);
            reader = null;
            successor = null;
            isSourceClosed = true; // a timer ticks no more, but is still asked for what it has counted
            waiting = new RecordQueue();
        }
    }

    /** Takes over the edge of a port that is retired, and what waits there. */
    void inherit(InputPort former) {
        Retired from = Objects.requireNonNull(former.retired, "only what is retired is inherited");
        reader = from.reader;
        successor = from.successor;
        timer = from.timer;
        waiting = from.waiting;
        former.retired = null;
    }

    /** From now on messages come from another edge; what waits in the former one is discarded. If the input has ended, or is closed, so is the edge. */
    public void replace(EdgeReader half) {
        if (reader == null || isClosed || isEnded()) {
            half.close();
            return;
        }
        if (defer(() -> replace(half))) {
            return;
        }
        release();
        reader.close();
        closeSuccessor();
        reader = half;
    }

    /** From now on messages come from this edge, the first or another one. An input that was closed, as its link was lost, is open again; one that has ended closes the edge. */
    public void attach(EdgeReader half) {
        if (isEnded() || retired != null || isSourceClosed) {
            half.close();
            return;
        }
        if (defer(() -> attach(half))) {
            return;
        }
        if (isClosed) {
            isClosed = false;
            isReopened = true;
        }
        release();
        if (reader != null) {
            reader.close();
        }
        closeSuccessor();
        reader = half;
    }

    /**
     * When the edge before is at its end, messages come from this one, and the input stays open. As {@link #attach} where there is none before.
     *
     * @param onTaken run by the node's thread when they do
     */
    public void attachNext(EdgeReader half, Runnable onTaken) {
        if (reader == null || isClosed || isEnded() || retired != null || isSourceClosed) {
            attach(half);
            onTaken.run();
        } else if (successor == null) {
            successor = new Successor(half, onTaken, null);
        } else {
            successor = successor.followedBy(half, onTaken);
        }
    }

    /** Nothing more is to come: what waits is still taken. */
    public void endSource() {
        isSourceClosed = true;
    }

    /** Messages taken. Any thread. */
    public long taken() {
        return (long) TAKEN.getOpaque(this) + called();
    }

    private long called() {
        OutputClaim from = caller;
        return (long) CALLED.getOpaque(this) + (from == null ? 0 : from.calls());
    }

    /** Bytes of their payloads; 0 if they are not counted. Any thread. */
    public long takenBytes() {
        OutputClaim from = caller;
        return (long) TAKEN_BYTES.getOpaque(this) + (from == null ? 0 : from.calledBytes());
    }

    /** Messages that were taken, and given to nobody. Any thread. */
    public long missed() {
        return (long) MISSED.getOpaque(this);
    }

    /** Messages that an operator of the same node has sent here. Any thread. */
    public long offered() {
        return (long) PUT_ASIDE.getOpaque(this) + called();
    }

    /** Whether nothing is taken any more. Any thread. */
    public boolean isEnded() {
        return (boolean) IS_ENDED.getOpaque(this);
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends InputPort {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(GraphInput spec, int index, String name, NodeAgent agent, boolean debug) {
            super(spec, index, name, agent, debug);
        }
    }
}
