package io.millrace.remote.link;

import io.millrace.layout.Padding;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of an edge's session: puts the messages of the link into the consumer's ring. The public methods are for any thread and do not block; all else
 * happens on the event loop, which is the ring's writer while the session lasts.
 *
 * <p><b>Backpressure</b>: the producer's end may send as many messages as the ring would take if the consumer took none, so the ring never is full. While less than half of that is
 * left, more is granted whenever the consumer has taken another part of it, by the ring's own count: half of a small ring, a quarter of a large one, so that both ends and the way
 * between them are at work at once. The loop looks at it when messages come, and has the consumer wake it where it waits for that.
 */
public class IncomingEdge extends Padding {
    private static final long FIRST_LOOK_MS = 1;
    private static final long LONGEST_LOOK_MS = 128;

    /** A consumer that sleeps is not left alone with more than this. */
    private static final int MOST_QUIET_BYTES = 8 * 1024;

    private enum State {
        /** No channel yet. */
        EXPECTED,
        OPEN,
        /** CANCEL was sent; what still comes is passed over. */
        CANCELLED
    }

    private final LinkHub hub;
    private final Link link;
    private final EdgeSession session;
    private final EdgeSignal signal;
    private final IncomingListener listener;
    private final CompletableFuture<@Nullable Void> detached = new CompletableFuture<>();
    private final Bodies bodies;
    private final boolean isBackpressure;

    // Read by any thread.
    private final Count messages = new Count.Padded();
    private final Count bytes = new Count.Padded();

    // The event loop's.
    private final long sinceNs;
    private EdgeWriter writer;
    private State state = State.EXPECTED;
    private int channel = -1;
    private boolean isOver; // the listener knows, or need not
    private boolean isTouched; // it is in the link's list
    private int quietBytes; // put into the ring since the consumer was signalled last
    private long sequence; // of the next message
    private final Credit credit;
    private boolean isLookDue;
    private boolean isWatched;
    private long sequenceOfTurn; // at the last turn that it was watched in
    private long lookPauseMs;

    IncomingEdge(
            LinkHub hub,
            Link link,
            EdgeSession session,
            Edge ring,
            EdgeSignal signal,
            OptionalLong payloadBudgetBytes,
            IncomingListener listener) {
        this.hub = hub;
        this.link = link;
        this.session = session;
        this.writer = ring.writer();
        this.credit = new Credit(writer);
        this.signal = signal;
        this.listener = listener;
        this.isBackpressure = writer.depth() != Integer.MAX_VALUE;
        this.bodies = new Bodies(session.toString(), payloadBudgetBytes, isBackpressure, hub.signals());
        this.sinceNs = System.nanoTime();
    }

    public EdgeSession session() {
        return session;
    }

    /** What was received so far. Any thread. */
    public EdgeTraffic traffic() {
        return new EdgeTraffic(messages.get(), bytes.get(), 0, bodies.dropped(), 0);
    }

    /** From now on messages go to another ring, of the same policy and made with the same signal; the one before is closed, and what waits in it is discarded. Any thread. */
    public void replace(Edge fresh) {
        hub.execute(() -> onReplace(fresh));
    }

    /**
     * Lets the session go, without closing this half of the ring. The other end is told. Any thread; idempotent.
     *
     * @return done when the event loop does not use the ring any more
     */
    public CompletionStage<@Nullable Void> close() {
        if (!hub.execute(this::onDetach)) {
            detached.complete(null);
        }
        return detached;
    }

    // On the event loop.

    Link link() {
        return link;
    }

    long sinceNs() {
        return sinceNs;
    }

    boolean isExpected() {
        return state == State.EXPECTED;
    }

    void onRegistered() {
        signal.bind(this::touch);
        bodies.bind(this::touch);
    }

    /** The other end knows the session too. */
    void accept(int newChannel) {
        channel = newChannel;
        state = State.OPEN;
        credit.use(writer, sequence - writer.sent()); // what it holds of a session before
        credit.grantAll();
        grant(Frames.ACCEPT, isBackpressure ? Frames.FLAG_BACKPRESSURE : 0);
        touch(); // the consumer may close before anything comes
        hub.tell(session, listener::onOpened);
    }

    private void grant(int type, int flags) {
        link.writer().grant(type, channel, flags, isBackpressure ? credit.granted() : Long.MAX_VALUE, bodies.grant());
        link.activate();
    }

    private void onReplace(Edge fresh) {
        if (isOver) {
            return;
        }
        writer.abandon();
        quietBytes = 0;
        writer = fresh.writer();
        credit.use(writer, sequence);
        touch();
    }

    private void onDetach() {
        if (!isOver) {
            cancel(Ending.DETACHED, "");
            leave();
        }
        detached.complete(null);
    }

    private void cancel(Ending ending, String reason) {
        if (state == State.OPEN) {
            link.writer().ending(Frames.CANCEL, channel, ending, reason);
            link.activate();
            state = State.CANCELLED;
        }
    }

    /** The link was down for too long, or lost what it knew. */
    void onLost(Ending ending, String reason) {
        if (ending == Ending.LINK_TIMEOUT) { // else the other end knows the channel no more
            cancel(ending, reason);
        }
        end(ending, reason);
    }

    /** The producer's end has closed. */
    void onClose(Ending ending, String reason) {
        state = State.CANCELLED;
        end(ending, reason);
    }

    private void end(Ending ending, String reason) {
        if (isOver) {
            return;
        }
        if (ending.isLinkLost()) {
            hub.tell(session, () -> listener.onLost(reason)); // first: who reads finds the end at once
        }
        if (ending.closesRings()) {
            writer.close();
        }
        leave();
        if (ending.isLinkLost()) {
            hub.mayBeginAnew(session);
        }
        hub.tell(session, () -> listener.onEnded(ending, reason));
    }

    private void leave() {
        isOver = true;
        signalConsumer();
        signal.wake().disarm();
        signal.bind(null);
        bodies.close();
        hub.forget(this);
    }

    void onNotice(Notice notice) {
        if (state == State.OPEN) {
            hub.tell(session, () -> {
                if (notice instanceof Notice.Failed failed) {
                    listener.onNodeFailed(failed.node(), failed.error(), failed.inputs());
                } else if (notice instanceof Notice.Restarted restarted) {
                    listener.onNodeRestarted(restarted.node());
                } else if (notice instanceof Notice.Counted counted) {
                    listener.onCounted(counted.dropped(), counted.fullNs());
                }
            });
        }
    }

    void onData(int low, ByteBuffer in, int recordsAt, int length) {
        if (state != State.OPEN) {
            return;
        }
        checkNext(low);
        int count = 0;
        int inline = 0;
        int at = recordsAt;
        try {
            while (at < recordsAt + length && state == State.OPEN) {
                checkGranted();
                int recordLength = RecordLayout.recordLength(in, at);
                if (put(in, at, recordLength)) {
                    count++;
                    inline += recordLength;
                }
                at += recordLength;
            }
        } catch (Bodies.NoMemory none) {
            onNoMemory(none);
        } finally {
            delivered(count, inline);
        }
    }

    /** @return whether it is in the ring, and not counted yet */
    private boolean put(ByteBuffer in, int at, int recordLength) {
        if (recordLength > writer.maxRecordLength()) {
            bodies.takeInline(in, at, recordLength, writer);
            deliverBody();
            return false;
        }
        int offset = writer.tryClaim(recordLength);
        if (offset < 0) {
            refused(offset);
            return false;
        }
        writer.buffer().put(offset, in, at, recordLength);
        writer.commitQuietly(null);
        sequence++;
        return true;
    }

    private void checkNext(int low) {
        if (low != (int) sequence) {
            throw new ProtocolViolation(
                    session + ": message " + (low & 0xFFFF_FFFFL) + " where " + (sequence & 0xFFFF_FFFFL) + " is next");
        }
        if (bodies.isInComing()) {
            throw new ProtocolViolation(session + ": a message within the body of another");
        }
    }

    private void checkGranted() {
        if (isBackpressure && sequence >= credit.granted()) {
            throw new ProtocolViolation(
                    session + ": message " + sequence + " though only " + credit.granted() + " are granted");
        }
    }

    /** The consumer is woken by the first messages of a batch, by its end, and where much came between. */
    private void delivered(int count, int length) {
        if (count == 0) {
            return;
        }
        messages.add(count);
        bytes.add(length);
        quietBytes += length;
        if (!isTouched || quietBytes >= MOST_QUIET_BYTES) {
            signalConsumer();
        }
        touch();
    }

    private void signalConsumer() {
        if (quietBytes > 0) {
            quietBytes = 0;
            writer.signalReader();
        }
    }

    /** What is granted always has room. */
    private void refused(int offset) {
        if (offset == EdgeWriter.FULL) {
            throw new ProtocolViolation(session + ": the consumer's ring is full though it was granted");
        }
        onConsumerClosed();
    }

    private void onConsumerClosed() {
        endHere("the consumer has closed");
    }

    /** The other edges of the link have nothing to do with it. */
    private void onNoMemory(Bodies.NoMemory none) {
        endHere(none.reason());
    }

    private void endHere(String reason) {
        cancel(Ending.CONSUMER_CLOSED, reason);
        end(Ending.CONSUMER_CLOSED, reason);
    }

    void onBegin(int low, ByteBuffer in, int headerAt, int bodyLength) {
        if (state != State.OPEN) {
            return;
        }
        checkNext(low);
        checkGranted();
        try {
            if (!bodies.begin(in, headerAt, bodyLength, writer)) {
                touch(); // it waits for room
            } else if (bodyLength == 0) {
                deliverBody();
            }
        } catch (Bodies.NoMemory none) {
            onNoMemory(none);
        }
    }

    /** @return whether its bytes are wanted */
    boolean onFragment(int offset, int length) {
        if (state != State.OPEN) {
            return false;
        }
        bodies.onFragment(session, offset, length);
        return true;
    }

    void onFragmentBytes(ByteBuffer in, int at, int count) {
        if (state == State.OPEN) {
            bodies.put(in, at, count);
        }
    }

    void onFragmentEnd() {
        if (state == State.OPEN && bodies.onFragmentEnd()) {
            deliverBody();
        }
    }

    private void deliverBody() {
        int length = bodies.length();
        int result = bodies.deliver(writer);
        if (result >= 0) {
            sequence++;
            delivered(1, length);
            link.onBody();
        } else if (result == Bodies.DROPPED) {
            sequence++;
            touch();
        } else {
            refused(result);
        }
    }

    /** Something has changed that may allow a grant. */
    private void touch() {
        if (!isTouched) {
            isTouched = true;
            link.onTouched(this);
        }
    }

    /** After a batch of frames, or a signal. */
    void lookForGrant() {
        isTouched = false;
        signalConsumer();
        if (state != State.OPEN || isOver) {
            return;
        }
        if (writer.isClosed()) {
            onConsumerClosed();
            return;
        }
        if (!isBackpressure) {
            signal.wake().arm(); // nobody signals but a consumer that closes
            if (writer.isClosed()) {
                onConsumerClosed();
            }
            return;
        }
        lookSoon();
        boolean isDue = credit.grantIfDue(sequence);
        try {
            if (bodies.lookForRoom() || isDue) {
                grant(Frames.CREDIT, 0);
            }
        } catch (Bodies.NoMemory none) {
            onNoMemory(none);
            return;
        }
        awaitConsumer();
    }

    /** Has the consumer wake the loop when it has taken enough or closes, and not for each message that it takes. */
    private void awaitConsumer() {
        do {
            // While enough is left it closes or takes what has not come yet, and before that this is moved on.
            writer.wakeAt(credit.takenWhenDue(sequence));
            signal.wake().arm();
        } while (grantsAfterAll());
        if (writer.isClosed()) {
            onConsumerClosed();
        }
    }

    private boolean grantsAfterAll() {
        if (!credit.grantIfDue(sequence)) {
            return false;
        }
        signal.wake().disarm();
        grant(Frames.CREDIT, 0);
        return true;
    }

    /** What is too little to be granted at once is granted a little later, so that the producer has all its room again when it is quiet; the consumer need not wake anybody for that. */
    private void lookSoon() {
        if (!isLookDue) {
            isLookDue = true;
            lookPauseMs = FIRST_LOOK_MS;
            hub.later(lookPauseMs, this::onLook);
        }
        if (!isWatched) {
            isWatched = true;
            hub.watch(this);
        }
    }

    /**
     * The loop has something to do anyway, perhaps to send what the consumer has made of a message: that this has been taken is told before. A large ring that messages still come to
     * has no need of it: its producer has room.
     *
     * @return whether to look again in later turns
     */
    boolean onTurn() {
        isWatched = state == State.OPEN && !isOver;
        if (isWatched) {
            if (sequence == sequenceOfTurn || credit.isNearlyWhole(sequence)) {
                grantWhatThereIs();
            }
            sequenceOfTurn = sequence;
            isWatched = !credit.isWhole(sequence);
        }
        return isWatched;
    }

    private void grantWhatThereIs() {
        if (credit.grantable() > 0) {
            credit.grantAll();
            grant(Frames.CREDIT, 0);
        }
    }

    private void onLook() {
        isLookDue = false;
        if (state != State.OPEN || isOver) {
            return;
        }
        grantWhatThereIs();
        if (!credit.isWhole(sequence)) {
            isLookDue = true;
            lookPauseMs = Math.min(2 * lookPauseMs, LONGEST_LOOK_MS);
            hub.later(lookPauseMs, this::onLook);
        }
    }

    /** Now and then, for a consumer that closes while nothing comes. */
    void onTick() {
        if (state == State.OPEN && writer.isClosed()) {
            onConsumerClosed();
        }
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends IncomingEdge {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
                LinkHub hub,
                Link link,
                EdgeSession session,
                Edge ring,
                EdgeSignal signal,
                OptionalLong payloadBudgetBytes,
                IncomingListener listener) {
            super(hub, link, session, ring, signal, payloadBudgetBytes, listener);
        }
    }
}
