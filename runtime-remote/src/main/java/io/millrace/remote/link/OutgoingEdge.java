package io.millrace.remote.link;

import io.millrace.layout.Padding;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.pool.Slab;
import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;
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
public class OutgoingEdge extends Padding {
    /** {@link #step}: there is nothing to do, and something else will say when there is. */
    private static final int NOTHING = -1;

    private static final int STEPS_IN_TURN = 64;

    private enum State {
        OPENING,
        OPEN,
        CLOSING
    }

    private final LinkHub hub;
    private final Link link;
    private final EdgeSession session;
    private final EdgeSignal signal;
    private final OutgoingListener listener;
    private final CompletableFuture<@Nullable Void> detached = new CompletableFuture<>();
    private volatile Edge ring; // changed by the loop
    private volatile boolean tellsCounts;
    private volatile boolean isMoving;

    // Read by any thread.
    private final Count messages = new Count.Padded();
    private final Count bytes = new Count.Padded();
    private final Count resent = new Count.Padded();
    private final Count stalledNs = new Count.Padded();

    // The event loop's.
    private final DueNotices notices = new DueNotices();
    private final UnderWay underWay = new UnderWay();
    private final RingCounts counts = new RingCounts();
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
    private final RecordFrame frame = new RecordFrame();
    private final OutgoingBody body = new OutgoingBody();
    private boolean isStalled;
    private long stalledSinceNs;

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

    /** When its producer closes, and every message of it has been sent, the session is let go as by {@link #close}: the consumer's ring stays open, for whoever goes on elsewhere. Any thread. */
    public void detachBehindLast() {
        isMoving = true;
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

    /** Looks how much of what was sent into the ring before this call is not known to have arrived. Any thread. */
    public CompletionStage<Remainder> remainder() {
        CompletableFuture<Remainder> found = new CompletableFuture<>();
        if (!hub.execute(() -> found.complete(findRemainder()))) {
            found.completeExceptionally(new IllegalStateException("the links are closed"));
        }
        return found;
    }

    /**
     * What is left of an edge's messages at the sending end.
     *
     * @param waiting in the ring
     * @param underWay given to the link, which does not know whether they have arrived
     * @param isOver whether nothing more will be given to the link
     * @param isEnding whether the ring's writer has closed, and the other end has not said that it knows
     */
    public record Remainder(long waiting, long underWay, boolean isOver, boolean isEnding) {
        /** Whether nothing is left to be told. */
        public boolean isNothing() {
            return isOver || waiting == 0 && underWay == 0 && !isEnding;
        }
    }

    private Remainder findRemainder() {
        long underWay = isOver ? 0 : link.stream().unacknowledged(channel);
        return new Remainder(waitingIn(ring), underWay, isOver, !isOver && reader.isWriterClosed());
    }

    /** Messages that were sent into the ring and neither taken nor given up. Any thread. */
    public static long waitingIn(Edge ring) {
        long gone = ring.reader().received()
                + ring.writer().dropped()
                + ring.writer().conflated();
        return Math.max(0, ring.writer().sent() - gone);
    }

    private void say(Notice notice) {
        Edge now = ring;
        long sent = now.writer().sent(); // before this call
        notices.add(now, sent, notice);
        if (!hub.execute(this::onNotice)) {
            notices.clear();
        }
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

    private void onNotice() {
        if (isOver || state == State.CLOSING) {
            notices.clear();
            return;
        }
        notices.trim();
        makeReady();
    }

    private void onReplace(Edge fresh) {
        if (isOver || state == State.CLOSING) {
            return;
        }
        reader.close();
        counts.add(ring);
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
        body.drop();
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
        body.drop();
        signal.wake().disarm();
        signal.bind(null);
        hub.forget(this);
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
        while (goesOn && steps < STEPS_IN_TURN && link.stream().position() < end) {
            goesOn = step(end) != NOTHING;
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

    private int step(long end) {
        if (body.isLeft()) {
            return sendFragment();
        }
        boolean isWaiting = reader.hasNext(); // first: what was said before a message that waits is seen then
        if (!notices.isEmpty()) {
            isWaiting |= reader.hasNext(); // again: what was sent before that was said is seen now
            if (sayNow(notices.next(ring, reader.number(), isWaiting))) {
                return 0;
            }
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
        return sendMessages(end);
    }

    private boolean sayNow(@Nullable Notice notice) {
        if (notice != null) {
            link.writer().notice(channel, notice);
        }
        return notice != null;
    }

    private int idle() {
        reader.release();
        goOn();
        boolean isDrained = reader.isDrained();
        if (tellsCounts) {
            sayNow(counts.news(ring, isDrained));
        }
        if (isDrained && notices.isEmpty()) {
            finish(isMoving ? Ending.DETACHED : Ending.FINISHED, "");
            return NOTHING;
        }
        signal.wake().arm();
        if (reader.hasNext() || reader.isWriterClosed()) {
            signal.wake().disarm();
            return 0;
        }
        return NOTHING;
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

    /** The message in hand, and those behind it that may go with it. */
    private int sendMessages(long end) {
        goOn();
        boolean isInHand = true;
        while (isInHand) {
            sayOvertaken();
            Slab slab = reader.slab();
            if (slab != null) {
                sendHeader(slab);
                return 1;
            }
            isInHand = sendFrame(end);
        }
        return 1;
    }

    /** What the message in hand would overtake. */
    private void sayOvertaken() {
        if (!notices.isEmpty()) {
            while (sayNow(notices.nextBefore(reader.number()))) {
                // until it overtakes none
            }
        }
    }

    private boolean sendFrame(long end) {
        long most = isBackpressure ? messagesGranted - sequence : Long.MAX_VALUE;
        long mostBytes = end - link.stream().position();
        boolean isInHand = frame.fill(link.writer(), channel, sequence, reader, notices, most, mostBytes);
        onSent(frame.count(), frame.bytes());
        return isInHand;
    }

    private void onSent(int count, int length) {
        sequence += count;
        messages.add(count);
        bytes.add(length);
        if (!isBackpressure) {
            underWay.onSent(link.stream().position(), count, length);
        }
    }

    private void sendHeader(Slab slab) {
        ByteBuffer source = reader.buffer();
        int offset = reader.recordOffset();
        int length = RecordLayout.bodyLength(
                source.getInt(offset + RecordLayout.PARAMETERS_LENGTH_OFFSET),
                source.getInt(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET));
        link.writer().header(channel, sequence, source, offset);
        sequence++;
        messages.add(1);
        bytes.add(RecordLayout.HEADER_LENGTH + length);
        bodiesBegun += length;
        body.begin(slab, length);
    }

    private int sendFragment() {
        if (isBackpressure && bodiesBegun > bodiesGranted) {
            return stall();
        }
        goOn();
        body.send(link.writer(), channel);
        if (!body.isLeft() && !isBackpressure) {
            underWay.onSent(link.stream().position(), 1, body.length());
        }
        return 1;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends OutgoingEdge {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(LinkHub hub, Link link, EdgeSession session, Edge ring, EdgeSignal signal, OutgoingListener listener) {
            super(hub, link, session, ring, signal, listener);
        }
    }
}
