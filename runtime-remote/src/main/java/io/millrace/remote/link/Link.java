package io.millrace.remote.link;

import io.millrace.layout.Padding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a hub shares with one peer: the edges between them, a stream each way, and the connection that carries these now. On the event loop, but for {@link #status}.
 *
 * <p><b>Connections come and go, streams stay.</b> Each end says in its RESUME how much of the other's stream it has, and the other goes on from there; that way nothing is lost or
 * repeated on any edge, and everything else that is said keeps its order too. Of two connections at once the one that the smaller name has dialled stays, unless the peer says that it has
 * lost the older one.
 *
 * <p><b>A stream ends</b> only when an end has lost what it knew (it names another stream than before), or when what it sends makes no sense three times at the same place. Then the
 * sessions that were open end as well, and those that wait to be opened are opened in the new one.
 */
class Link extends Padding {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** Then it is flushed: the peer works on it while the next is put together. */
    private static final int BYTES_IN_TURN = 64 * 1024;

    private static final int EDGE_BYTES_IN_TURN = 32 * 1024;
    private static final int ACKNOWLEDGE_AFTER = 32 * 1024;
    private static final long STABLE_AFTER_NS = 1_000_000_000L;

    private final LinkHub hub;
    private volatile LinkPeer peer; // its address may be learnt later
    private final LinkSettings settings;

    private final LinkEdges edges;
    private final List<Runnable> whenUp = new ArrayList<>(0);

    // What there is to do.
    private final ArrayDeque<OutgoingEdge> ready = new ArrayDeque<>();
    private final ArrayDeque<IncomingEdge> touched = new ArrayDeque<>();
    private final ArrayDeque<OutgoingEdge> awaitAcknowledgement = new ArrayDeque<>();
    private boolean isActive; // it is in the hub's queue
    private boolean isReading; // a turn follows anyway
    private boolean isLargeBodyNew;

    // The streams.
    private SendStream stream;
    private StreamWriter writer;
    private long streamId;
    private long formerStreams; // bytes of them
    private long peerStreamId;
    private long received;
    private long acknowledged; // of what was received, to the peer
    private final Violations violations = new Violations();

    // The connection.
    private @Nullable LinkConnection current;
    private long lostConnection;
    private boolean isDialling;
    private boolean isPeerGone; // another one answers at its address
    private long pauseMs;
    private long nextDialNs;

    // Read by any thread.
    private final Count bytesSent = new Count.Padded();
    private final Count bytesReceived = new Count.Padded();
    private final Count unacknowledged = new Count.Padded();
    private final Count connections = new Count.Padded();
    private volatile boolean isUp;
    private volatile long changedNs;
    private volatile String lastProblem = "";

    Link(LinkHub hub, LinkPeer peer, LinkSettings settings) {
        this.hub = hub;
        this.peer = peer;
        this.settings = settings;
        this.edges = new LinkEdges(hub, this);
        this.stream = new SendStream.Padded(hub.allocator());
        this.writer = new StreamWriter(stream);
        this.streamId = hub.newNumber();
        this.changedNs = System.nanoTime();
        this.nextDialNs = changedNs;
    }

    LinkPeer peer() {
        return peer;
    }

    /** Any thread. */
    void learn(LinkPeer known) {
        if (known.address().isPresent()) {
            peer = known;
        }
    }

    /** Any thread. */
    LinkStatus status() {
        long forMs = (System.nanoTime() - changedNs) / 1_000_000;
        long sent = bytesSent.get();
        return new LinkStatus(
                peer,
                isUp,
                forMs,
                edges.sessions(),
                sent,
                bytesReceived.get(),
                unacknowledged.get(),
                connections.get(),
                lastProblem);
    }

    LinkEdges edges() {
        return edges;
    }

    void add(OutgoingEdge edge) {
        edges.add(edge);
        activate();
        dialAtOnce();
    }

    void add(IncomingEdge edge) {
        edges.add(edge);
        dialAtOnce();
    }

    // Work.

    SendStream stream() {
        return stream;
    }

    StreamWriter writer() {
        return writer;
    }

    void onReady(OutgoingEdge edge) {
        ready.add(edge);
        activate();
    }

    void onTouched(IncomingEdge edge) {
        touched.add(edge);
        activate();
    }

    void awaitAcknowledgement(OutgoingEdge edge) {
        awaitAcknowledgement.add(edge);
    }

    /** A body by reference is whole; the other end keeps it until it knows. */
    void onBody() {
        isLargeBodyNew = true;
    }

    /** There may be something to do: its turn comes soon. */
    void activate() {
        if (!isActive && !isReading) {
            isActive = true;
            hub.onActive(this);
        }
    }

    void onInactive() {
        isActive = false;
    }

    /** Frames come: what they give to do waits for the end of the batch. */
    void onReading() {
        if (isReading) { // another part of a batch: what the one before gives to grant need not wait for its end
            LinkConnection connection = current;
            lookForGrants();
            if (connection != null && connection.write(stream)) {
                flush(connection);
            }
        }
        isReading = true;
    }

    /** A batch of frames has been handled. */
    void afterRead() {
        isReading = false;
        if (turn()) {
            activate();
        }
    }

    /**
     * Does what there is to do, within bounds.
     *
     * @return whether there is more that could be done at once
     */
    boolean turn() {
        lookForGrants();
        LinkConnection connection = current;
        if (connection == null) {
            return false;
        }
        boolean isMore = pump(connection);
        boolean isWritten = connection.write(stream);
        if (received - acknowledged >= ACKNOWLEDGE_AFTER || isLargeBodyNew) {
            acknowledge(connection, Frames.ACK);
            isWritten = true;
        }
        if (isWritten) {
            flush(connection);
        }
        return isMore && connection.isWritable();
    }

    private void flush(LinkConnection connection) {
        connection.flush(System.nanoTime());
        bytesSent.add(formerStreams + stream.position() - bytesSent.get());
        unacknowledged.add(stream.unacknowledged() - unacknowledged.get());
    }

    private void lookForGrants() {
        for (int left = touched.size(); left > 0; left--) {
            touched.remove().lookForGrant();
        }
    }

    private boolean pump(LinkConnection connection) {
        long end = stream.position() + BYTES_IN_TURN;
        while (!ready.isEmpty() && hasRoom(connection) && stream.position() < end) {
            OutgoingEdge edge = ready.remove();
            if (edge.pump(EDGE_BYTES_IN_TURN)) {
                edge.onQueued();
                ready.add(edge);
            }
        }
        return !ready.isEmpty() && hasRoom(connection);
    }

    private boolean hasRoom(LinkConnection connection) {
        return stream.unacknowledged() < settings.unacknowledgedBytes() && connection.isWritable();
    }

    private void acknowledge(LinkConnection connection, int type) {
        connection.sayPosition(type, received);
        acknowledged = received;
        isLargeBodyNew = false;
    }

    void onAcknowledged(long arrived) {
        stream.acknowledge(arrived);
        for (int left = awaitAcknowledgement.size(); left > 0; left--) {
            awaitAcknowledgement.remove().makeReady();
        }
        activate();
    }

    long received() {
        return received;
    }

    void onReceived(long position) {
        bytesReceived.add(position > received ? position - received : 0);
        received = Math.max(received, position);
    }

    // Connections.

    boolean isCurrent(LinkConnection connection) {
        return current == connection;
    }

    void sayResume(LinkConnection connection) {
        sayResume(connection, peerStreamId);
    }

    private void sayResume(LinkConnection connection, long knownStream) {
        connection.sayResume(new FrameHandler.Resume(connection.id(), lostConnection, streamId, knownStream, received));
        connection.flush(System.nanoTime());
    }

    void onResume(LinkConnection connection, FrameHandler.Resume resume) {
        if (connection.isDialled() && resume.connection() != connection.id()) {
            throw new ProtocolViolation("a RESUME of another connection");
        }
        connection.identify(resume.connection());
        LinkConnection other = current;
        if (other != null && !replaces(connection, other, resume)) {
            connection.close("another one stays");
            return;
        }
        if (!agrees(connection, resume)) {
            return;
        }
        peerStreamId = resume.stream();
        long from = stream.resume(resume.received(), edges.onAgain());
        if (other != null) {
            current = null;
            other.close("another one took its place");
        }
        if (!connection.isDialled()) {
            sayResume(connection);
        }
        connection.sayPosition(Frames.START, from);
        adopt(connection);
    }

    private boolean replaces(LinkConnection connection, LinkConnection other, FrameHandler.Resume resume) {
        if (resume.lost() == other.id() || connection.isDialled() == other.isDialled()) {
            return true;
        }
        return connection.isDialled() == hub.isSmallerThan(connection.peer());
    }

    /** Whether both ends mean the same streams; else what can be done about it is done. */
    private boolean agrees(LinkConnection connection, FrameHandler.Resume resume) {
        boolean isOther = peerStreamId != 0 && resume.stream() != peerStreamId;
        boolean meansOther = resume.peerStream() != streamId && (resume.peerStream() != 0 || connection.isDialled());
        if (isOther || connection.isDialled() && meansOther) {
            reset("the peer has lost what it knew of the link");
        }
        if (connection.isDialled() && (isOther || meansOther)) {
            connection.close("the peer has lost what it knew of the link");
            return false;
        }
        if (resume.peerStream() != 0 && resume.peerStream() != streamId) {
            received = 0;
            sayResume(connection, 0); // from which the peer will know
            connection.closeAfterWrites("this end has lost what it knew of the link");
            return false;
        }
        return true;
    }

    private void adopt(LinkConnection connection) {
        current = connection;
        isDialling = false;
        isPeerGone = false;
        connections.add(1);
        isUp = true;
        changedNs = System.nanoTime();
        LOG.info("link with {} is up", connection.peer());
        acknowledged = received;
        activate();
        List<Runnable> waiting = List.copyOf(whenUp);
        whenUp.clear();
        waiting.forEach(Runnable::run);
    }

    void onConnectionClosed(LinkConnection connection, String reason) {
        if (connection.isDialled() && isDialling) {
            isDialling = false;
        }
        if (connection == current) {
            current = null;
            lostConnection = connection.id();
            isUp = false;
            changedNs = System.nanoTime();
            lastProblem = reason;
            LOG.info("link with {} is down: {}", connection.peer(), reason);
            dialAfterPause();
        } else if (connection.isDialled() && current == null) {
            dialAfterPause();
        }
    }

    void onViolation(LinkConnection connection, ProtocolViolation violation) {
        String problem = "it does not keep to the protocol: " + violation.getMessage();
        LOG.warn("link with {} is closed: {}", connection.peer(), problem);
        boolean wasCurrent = connection == current;
        connection.close(problem);
        if (violations.note(received, wasCurrent)) {
            reset(problem);
        }
    }

    /** Begins new streams; what was open is over. */
    private void reset(String reason) {
        LOG.warn("link with {} begins anew: {}", peer, reason);
        beginAnew(reason);
    }

    /** As one that has never been connected, but for what waits to be opened. */
    void beginAnew(String reason) {
        stream.close();
        formerStreams += stream.position();
        stream = new SendStream.Padded(hub.allocator());
        writer = new StreamWriter(stream);
        streamId = hub.newNumber();
        peerStreamId = 0;
        received = 0;
        acknowledged = 0;
        violations.forget();
        ready.clear();
        awaitAcknowledgement.clear();
        isPeerGone = false;
        edges.reset(reason);
    }

    private void dialAfterPause() {
        nextDialNs = System.nanoTime() + pauseMs * 1_000_000;
        hub.later(pauseMs, () -> dialIfDue(System.nanoTime()));
        pauseMs = pauseMs == 0
                ? settings.firstRetry().toMillis()
                : Math.min(2 * pauseMs, settings.longestRetry().toMillis());
    }

    /** Has it dialled until it is up; the action is run then, or at once. */
    void whenUp(Runnable action) {
        if (current != null) {
            action.run();
        } else {
            whenUp.add(action);
            dialIfDue(System.nanoTime());
        }
    }

    void forgetWhenUp(Runnable action) {
        whenUp.remove(action);
    }

    /** Who is new does not wait for as long as those have tried who came before. */
    private void dialAtOnce() {
        nextDialNs = System.nanoTime();
        dialIfDue(nextDialNs);
    }

    private void dialIfDue(long nowNs) {
        boolean isWanted = edges.sessions() > 0 || stream.unacknowledged() > 0 || !whenUp.isEmpty();
        if (current == null && !isDialling && isWanted && peer.address().isPresent() && nowNs - nextDialNs >= 0) {
            isDialling = true;
            hub.dial(this);
        }
    }

    void onDialFailed(String reason, boolean isAnother) {
        isDialling = false;
        isPeerGone = isAnother && current == null;
        lastProblem = reason;
        if (current == null) {
            dialAfterPause();
        }
    }

    /** Now and then. */
    void onTick(long nowNs) {
        LinkConnection connection = current;
        if (connection != null) {
            lookAfter(connection, nowNs);
        } else {
            endWhatWaitedTooLong(nowNs);
            dialIfDue(nowNs);
        }
        edges.onTick();
    }

    private void lookAfter(LinkConnection connection, long nowNs) {
        long silentNs = nowNs - connection.heardNs();
        if (silentNs > settings.heartbeatTimeout().toNanos()) {
            connection.close("nothing was heard for " + silentNs / 1_000_000 + " ms");
            return;
        }
        if (nowNs - connection.saidNs() >= settings.heartbeatInterval().toNanos() || received > acknowledged) {
            acknowledge(connection, Frames.HEARTBEAT);
            connection.flush(nowNs);
        }
        if (nowNs - changedNs > STABLE_AFTER_NS) {
            pauseMs = 0;
        }
    }

    private void endWhatWaitedTooLong(long nowNs) {
        long timeoutNs = hub.linkTimeout().toNanos();
        if (nowNs - changedNs <= timeoutNs) {
            return;
        }
        String reason = "the link with " + peer + " was down for "
                + hub.linkTimeout().toMillis() + " ms" + (lastProblem.isEmpty() ? "" : ": " + lastProblem);
        edges.endBefore(nowNs, timeoutNs, reason);
    }

    /** Whether nobody here uses it, and the peer is gone or has had no use for it for a long time either, as far as is known. */
    boolean isIdle(long nowNs) {
        if (edges.sessions() > 0 || !whenUp.isEmpty() || isDialling) {
            return false;
        }
        boolean isUsed = current != null && (edges.areOfPeer() || stream.unacknowledged() > 0);
        return isPeerGone || !isUsed && nowNs - Math.max(edges.usedNs(), changedNs) > hub.idleNs();
    }

    /** Lets all sessions go, and the connection when what was said has gone. */
    void close() {
        edges.close();
        LinkConnection connection = current;
        current = null;
        isUp = false;
        if (connection != null) {
            connection.write(stream);
            connection.closeAfterWrites("this end shuts down");
        }
        stream.close();
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends Link {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(LinkHub hub, LinkPeer peer, LinkSettings settings) {
            super(hub, peer, settings);
        }
    }
}
