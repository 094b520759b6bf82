package io.millrace.remote.link;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.pool.Slab;
import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of an edge's session: reads a ring and says its messages on the link. The public methods are for any thread and do not block; all else happens on the
 * event loop, which is the ring's reader while the session lasts.
 *
 * <pre>
 *   OPENING   OPEN was sent       --ACCEPT--> OPEN      (messages flow)
 *   OPENING, OPEN --drained, detached, cancelled, timed out: CLOSE was sent--> CLOSING --CLOSED--> the channel is free
 * </pre>
 *
 * What it may send: on a backpressure edge as many messages and bytes of bodies as the consumer's end has granted, both counted from the session's begin; on a lossy one what
 * {@link UnderWay} allows. A body that is not granted yet waits behind its header, and the edge with it.
 */
public final class OutgoingEdge {
    /** {@link #step}: there is nothing to do, and something else will say when there is. */
    private static final int NOTHING = -1;

    private static final int MESSAGES_IN_TURN = 64;
    private static final int COPIED_BODY = 16 * 1024;
    private static final int MAX_NOTICES = 256;
    private static final long COUNTS_PAUSE_NS = 100_000_000;

    private enum State {
        OPENING,
        OPEN,
        CLOSING
    }

    /** What is to be said once so many messages have left the ring. */
    private record Due(Edge ring, long messages, Notice notice) {}

    private final LinkHub hub;
    private final Link link;
    private final EdgeSession session;
    private final EdgeSignal signal;
    private final OutgoingListener listener;
    private final CompletableFuture<@Nullable Void> detached = new CompletableFuture<>();
    private volatile Edge ring; // changed by the loop
    private volatile boolean tellsCounts;

    // Read by any thread.
    private final Count messages = new Count();
    private final Count bytes = new Count();
    private final Count resent = new Count();
    private final Count stalledNs = new Count();

    // The event loop's.
    private final ArrayDeque<Due> notices = new ArrayDeque<>(0);
    private final UnderWay underWay = new UnderWay();
    private final long sinceNs;
    private EdgeReader reader;
    private State state = State.OPENING;
    private int channel;
    private boolean isReady; // it is in the link's queue
    private boolean isOver; // the listener knows, or need not
    private boolean isBackpressure;
    private long sequence; // of the next message
    private long before; // messages that the ring had given to others, less those that others had given to the session
    private long messagesGranted;
    private long bodiesGranted;
    private long bodiesBegun;
    private @Nullable Slab body; // of the message whose header was sent
    private int bodyLength;
    private int bodySent;
    private boolean isStalled;
    private long stalledSinceNs;
    private long droppedBefore; // in rings before this one
    private long fullBeforeNs;
    private Notice.Counted told = new Notice.Counted(0, 0);
    private long toldAtNs;

    OutgoingEdge(LinkHub hub, Link link, EdgeSession session, Edge ring, EdgeSignal signal, OutgoingListener listener) {
        this.hub = hub;
        this.link = link;
        this.session = session;
        this.ring = ring;
        this.reader = ring.reader();
        this.signal = signal;
        this.listener = listener;
        this.sinceNs = System.nanoTime();
    }

    public EdgeSession session() {
        return session;
    }

    /** What was sent so far. Any thread. */
    public EdgeTraffic traffic() {
        return new EdgeTraffic(messages.get(), bytes.get(), resent.get(), 0, stalledNs.get());
    }

    /** A node at this end failed: the consumer's end is told behind all messages that are in the ring now. Any thread. */
    public void nodeFailed(String failed, String error, List<String> inputs) {
        say(new Notice.Failed(failed, error, List.copyOf(inputs)));
    }

    /** Its next incarnation will send: the consumer's end is told behind all messages that are in the ring now. Any thread. */
    public void nodeRestarted(String restarted) {
        say(new Notice.Restarted(restarted));
    }

    /**
     * Has the consumer's end told of what gives way in the ring, and of how long the producer finds it full if the ring measures that: now and then while nothing waits, and before the end.
     * For a consumer that is not told otherwise. Any thread.
     */
    public void tellCounts() {
        tellsCounts = true;
    }

    /** From now on the messages come from another ring, made with the same signal; what waits in the one before is discarded. Any thread. */
    public void replace(Edge fresh) {
        hub.execute(() -> onReplace(fresh));
    }

    /**
     * Lets the session go, without closing this half of the ring: what waits in it stays. The other end is told. Any thread; idempotent.
     *
     * @return done when the event loop does not use the ring any more
     */
    public CompletionStage<@Nullable Void> close() {
        if (!hub.execute(this::onDetach)) {
            detached.complete(null);
        }
        return detached;
    }

    private void say(Notice notice) {
        Edge now = ring;
        long sent = now.writer().sent(); // before this call
        hub.execute(() -> onNotice(new Due(now, sent, notice)));
    }

    // On the event loop.

    Link link() {
        return link;
    }

    long sinceNs() {
        return sinceNs;
    }

    /** Says that this end knows the session. */
    void open(int newChannel) {
        channel = newChannel;
        signal.bind(this::makeReady);
        byte[] job = Texts.bytes(session.jobId(), Frames.MAX_JOB_BYTES);
        byte[] edge = Texts.bytes(session.edge(), Frames.MAX_EDGE_BYTES);
        link.writer().open(channel, session, job, edge);
    }

    private void onNotice(Due due) {
        if (isOver || state == State.CLOSING) {
            return;
        }
        if (notices.size() == MAX_NOTICES) {
            notices.removeFirst(); // the newer ones say more
        }
        notices.addLast(due);
        makeReady();
    }

    private void onReplace(Edge fresh) {
        if (isOver || state == State.CLOSING) {
            return;
        }
        reader.close();
        droppedBefore += droppedBy(ring);
        fullBeforeNs += ring.writer().fullNs();
        ring = fresh;
        reader = fresh.reader();
        beginRing();
        makeReady();
    }

    private void onDetach() {
        if (!isOver) {
            if (state != State.CLOSING) {
                finish(Ending.DETACHED, "");
            }
            leave();
        }
        detached.complete(null);
    }

    void onGrant(int flags, long grantedMessages, long grantedBodies, boolean isFirst) {
        if (isFirst != (state == State.OPENING) && state != State.CLOSING) {
            throw new ProtocolViolation(isFirst ? "a second ACCEPT of a channel" : "a CREDIT before the ACCEPT");
        }
        if (grantedMessages < messagesGranted || grantedBodies < bodiesGranted) {
            throw new ProtocolViolation("a grant of less than before");
        }
        messagesGranted = grantedMessages;
        bodiesGranted = grantedBodies;
        if (state == State.OPENING) {
            state = State.OPEN;
            isBackpressure = (flags & Frames.FLAG_BACKPRESSURE) != 0;
            beginRing();
            hub.tell(session, listener::onOpened);
        }
        if (isBackpressure) {
            reader.releaseRoom(before + messagesGranted - ring.queueSize());
        }
        makeReady();
    }

    /** The room of a message is the producer's again when its consumer has taken it: the two rings together hold no more than one would. */
    private void beginRing() {
        before = reader.received() - sequence;
        if (isBackpressure) {
            reader.deferRoom(true);
        }
    }

    void onCancel(Ending ending, String reason) {
        if (state != State.CLOSING) {
            finish(Ending.DETACHED, "");
            end(ending, reason);
        }
    }

    /** The other end has forgotten the channel. */
    void onClosed() {
        if (state != State.CLOSING) {
            throw new ProtocolViolation("a CLOSED of a channel that is not closed");
        }
        end(Ending.FINISHED, "");
    }

    /** The link was down for too long, or lost what it knew. */
    void onLost(Ending ending, String reason) {
        if (state != State.CLOSING && ending == Ending.LINK_TIMEOUT) {
            finish(ending, reason);
        }
        end(ending, reason);
    }

    /** Whether a stream that begins anew may take it along. */
    boolean mayOpenAgain() {
        return state == State.OPENING && !isOver;
    }

    /** The last frame of the channel. */
    private void finish(Ending ending, String reason) {
        state = State.CLOSING;
        notices.clear();
        dropBody();
        link.writer().ending(Frames.CLOSE, channel, ending, reason);
        link.activate();
    }

    private void end(Ending ending, String reason) {
        if (isOver) {
            return;
        }
        if (ending.closesRings()) {
            reader.close();
        }
        leave();
        hub.tell(session, () -> listener.onEnded(ending, reason));
    }

    private void leave() {
        isOver = true;
        state = State.CLOSING;
        reader.release();
        reader.deferRoom(false);
        dropBody();
        signal.wake().disarm();
        signal.bind(null);
        hub.forget(this);
    }

    private void dropBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    void onResent() {
        resent.add(1);
    }

    /** It may have something to do. */
    void makeReady() {
        if (!isReady && state == State.OPEN) {
            isReady = true;
            link.onReady(this);
        }
    }

    /**
     * Says a bounded number of messages, or a piece of a large one.
     *
     * @return whether there is more to do at once; else it was made sure that it will be made ready
     */
    boolean pump(int mostBytes) {
        isReady = false;
        long end = link.stream().position() + mostBytes;
        int steps = 0;
        boolean goesOn = state == State.OPEN;
        while (goesOn && steps < MESSAGES_IN_TURN && link.stream().position() < end) {
            goesOn = step() != NOTHING;
            steps++;
        }
        if (!isOver) {
            reader.release();
        }
        return goesOn && state == State.OPEN;
    }

    void onQueued() {
        isReady = true;
    }

    private int step() {
        if (body != null) {
            return sendFragment(body);
        }
        boolean isWaiting = reader.hasNext();
        if (!notices.isEmpty() && (!isWaiting || isDue(notices.getFirst()))) {
            link.writer().notice(channel, notices.removeFirst().notice());
            return 0;
        }
        if (!isWaiting) {
            return idle();
        }
        boolean mayGo = isBackpressure
                ? sequence < messagesGranted
                : underWay.hasRoom(link.stream().position() - link.stream().unacknowledged());
        if (!mayGo) {
            return stall();
        }
        if (!reader.next()) {
            return idle();
        }
        return sendMessage();
    }

    /** Whether no message that was sent before it waits any more, as far as the last one taken shows. */
    private boolean isDue(Due due) {
        return due.ring() != ring || reader.number() >= due.messages();
    }

    /** Those that the message in hand would overtake, where all before it were dropped. */
    private void sayNoticesBefore(long number) {
        while (!notices.isEmpty() && notices.getFirst().messages() < number) {
            link.writer().notice(channel, notices.removeFirst().notice());
        }
    }

    private int idle() {
        reader.release();
        goOn();
        boolean isDrained = reader.isDrained();
        if (tellsCounts) {
            tellCounted(isDrained);
        }
        if (isDrained && notices.isEmpty()) {
            finish(Ending.FINISHED, "");
            return NOTHING;
        }
        signal.wake().arm();
        if (reader.hasNext() || reader.isWriterClosed()) {
            signal.wake().disarm();
            return 0;
        }
        return NOTHING;
    }

    /** How long the ring was full changes with each message, where the consumer is slow: that waits a little. */
    private void tellCounted(boolean isLast) {
        Notice.Counted now = new Notice.Counted(
                droppedBefore + droppedBy(ring), fullBeforeNs + ring.writer().fullNs());
        long nowNs = System.nanoTime();
        boolean isWorthIt = isLast || now.dropped() != told.dropped() || nowNs - toldAtNs > COUNTS_PAUSE_NS;
        if (isWorthIt && !now.equals(told)) {
            told = now;
            toldAtNs = nowNs;
            link.writer().notice(channel, now);
        }
    }

    private static long droppedBy(Edge ring) {
        return ring.writer().dropped() + ring.writer().conflated();
    }

    private int stall() {
        if (!isStalled) {
            isStalled = true;
            stalledSinceNs = System.nanoTime();
        }
        if (!isBackpressure) {
            link.awaitAcknowledgement(this);
        }
        return NOTHING;
    }

    private void goOn() {
        if (isStalled) {
            isStalled = false;
            stalledNs.add(System.nanoTime() - stalledSinceNs);
        }
    }

    private int sendMessage() {
        goOn();
        if (!notices.isEmpty()) {
            sayNoticesBefore(reader.number());
        }
        ByteBuffer source = reader.buffer();
        int offset = reader.recordOffset();
        Slab slab = reader.slab();
        int recordLength = RecordLayout.recordLength(source, offset);
        link.writer()
                .record(slab == null ? Frames.DATA : Frames.BEGIN, channel, sequence, source, offset, recordLength);
        sequence++;
        messages.add(1);
        bytes.add(recordLength);
        if (slab != null) {
            begin(slab, source, offset);
        } else if (!isBackpressure) {
            underWay.onSent(link.stream().position(), recordLength);
        }
        return recordLength;
    }

    private void begin(Slab slab, ByteBuffer source, int offset) {
        bodyLength = RecordLayout.bodyLength(
                source.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET),
                source.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET));
        bodySent = 0;
        bodiesBegun += bodyLength;
        bytes.add(bodyLength);
        if (bodyLength > 0) {
            slab.retain();
            body = slab;
        }
    }

    private int sendFragment(Slab slab) {
        if (isBackpressure && bodiesBegun > bodiesGranted) {
            return stall();
        }
        goOn();
        int length = Math.min(Frames.FRAGMENT_BYTES, bodyLength - bodySent);
        link.writer().fragment(channel, slab, bodySent, length, length <= COPIED_BODY);
        bodySent += length;
        if (bodySent == bodyLength) {
            dropBody();
            if (!isBackpressure) {
                underWay.onSent(link.stream().position(), bodyLength);
            }
        }
        return length;
    }
}
