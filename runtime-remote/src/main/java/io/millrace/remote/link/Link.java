package io.millrace.remote.link;

import io.millrace.remote.wire.EdgeSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
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
final class Link {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** Then it is flushed: the peer works on it while the next is put together. */
    private static final int BYTES_IN_TURN = 64 * 1024;

    private static final int EDGE_BYTES_IN_TURN = 32 * 1024;
    private static final int ACKNOWLEDGE_AFTER = 32 * 1024;
    private static final int MAX_WAITING_OPENS = 4096;
    private static final int MAX_VIOLATIONS = 3;
    private static final long STABLE_AFTER_NS = 1_000_000_000L;

    private final LinkHub hub;
    private volatile LinkPeer peer; // its address may be learnt later
    private final LinkSettings settings;

    // The edges.
    private final ChannelTable<OutgoingEdge> outgoing = new ChannelTable<>();
    private final ChannelTable<PeerChannel> incoming = new ChannelTable<>();
    private final Map<EdgeSession, Integer> waitingOpens = new HashMap<>();
    private final Map<EdgeSession, IncomingEdge> expected = new HashMap<>();
    private final List<OutgoingEdge> sending = new ArrayList<>();
    private final List<IncomingEdge> receiving = new ArrayList<>();

    private final List<Runnable> whenUp = new ArrayList<>(0);

    // What there is to do.
    private final ArrayDeque<OutgoingEdge> ready = new ArrayDeque<>();
    private final ArrayDeque<IncomingEdge> touched = new ArrayDeque<>();
    private final ArrayDeque<OutgoingEdge> awaitAcknowledgement = new ArrayDeque<>();
    private final IntConsumer onAgain = this::onAgain;
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
    private long violatedAt = -1;
    private int violations;

    // The connection.
    private @Nullable LinkConnection current;
    private long lostConnection;
    private boolean isDialling;
    private long pauseMs;
    private long nextDialNs;
    private long idleSinceNs;

    // Read by any thread.
    private final Count bytesSent = new Count();
    private final Count bytesReceived = new Count();
    private final Count unacknowledged = new Count();
    private final Count connections = new Count();
    private volatile boolean isUp;
    private volatile long changedNs;
    private volatile int sessions;
    private volatile String lastProblem = "";

    /** A channel that the peer has opened: waiting for this end, or with its edge, or refused. */
    private static final class PeerChannel {
        final EdgeSession session;

        @Nullable IncomingEdge edge;

        PeerChannel(EdgeSession session) {
            this.session = session;
        }
    }

    Link(LinkHub hub, LinkPeer peer, LinkSettings settings) {
        this.hub = hub;
        this.peer = peer;
        this.settings = settings;
        this.stream = new SendStream(hub.allocator());
        this.writer = new StreamWriter(stream);
        this.streamId = hub.newNumber();
        this.changedNs = System.nanoTime();
        this.nextDialNs = changedNs;
        this.idleSinceNs = changedNs;
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
                sessions,
                sent,
                bytesReceived.get(),
                unacknowledged.get(),
                connections.get(),
                lastProblem);
    }

    // Edges.

    void add(OutgoingEdge edge) {
        sending.add(edge);
        sessions = sending.size() + receiving.size();
        edge.open(outgoing.add(edge));
        activate();
        dialIfDue(System.nanoTime());
    }

    void add(IncomingEdge edge) {
        receiving.add(edge);
        sessions = sending.size() + receiving.size();
        edge.onRegistered();
        Integer channel = waitingOpens.remove(edge.session());
        if (channel == null) {
            expected.put(edge.session(), edge);
        } else {
            accept(channel, edge);
        }
        dialIfDue(System.nanoTime());
    }

    private void accept(int channel, IncomingEdge edge) {
        Objects.requireNonNull(incoming.at(channel)).edge = edge;
        edge.accept(channel);
    }

    void forget(OutgoingEdge edge) {
        sending.remove(edge);
        onForgotten();
    }

    void forget(IncomingEdge edge) {
        receiving.remove(edge);
        expected.remove(edge.session(), edge);
        onForgotten();
    }

    private void onForgotten() {
        sessions = sending.size() + receiving.size();
        idleSinceNs = System.nanoTime();
    }

    /** Opens that wait here and can never be answered by a session any more. */
    void refuseWaiting(EdgeSession newest) {
        for (EdgeSession session : List.copyOf(waitingOpens.keySet())) {
            String reason = hub.staleness(session, newest);
            if (reason != null) {
                refuse(Objects.requireNonNull(waitingOpens.remove(session)), session + ": " + reason);
            }
        }
    }

    private void refuse(int channel, String reason) {
        LOG.info("refused {}: {}", peer, reason);
        writer.ending(Frames.CANCEL, channel, Ending.REFUSED, reason);
        activate();
    }

    void onOpen(int channel, EdgeSession session) {
        if (!incoming.put(channel, new PeerChannel(session))) {
            throw new ProtocolViolation("an OPEN of channel " + channel + ", which is open");
        }
        IncomingEdge edge = expected.remove(session);
        String refusal = edge == null ? hub.refusal(session) : null;
        if (edge != null) {
            accept(channel, edge);
        } else if (refusal != null) {
            refuse(channel, session + ": " + refusal);
        } else if (waitingOpens.size() >= MAX_WAITING_OPENS) {
            refuse(channel, session + ": " + MAX_WAITING_OPENS + " sessions wait here already");
        } else if (waitingOpens.put(session, channel) != null) {
            throw new ProtocolViolation("a second OPEN of " + session);
        }
    }

    void onClose(int channel, Ending ending, String reason) {
        PeerChannel closed = incoming.remove(channel);
        if (closed == null) {
            throw new ProtocolViolation("a CLOSE of channel " + channel + ", which is not open");
        }
        waitingOpens.remove(closed.session, channel);
        writer.closed(channel);
        activate();
        if (closed.edge != null) {
            closed.edge.onClose(ending, Words.line(reason));
        }
    }

    void onClosed(int channel) {
        outgoing(channel).onClosed();
        outgoing.remove(channel);
    }

    OutgoingEdge outgoing(int channel) {
        OutgoingEdge edge = outgoing.at(channel);
        if (edge == null) {
            throw new ProtocolViolation("a frame about channel " + channel + ", which was not opened");
        }
        return edge;
    }

    /** Null if it was refused, or waits. */
    @Nullable IncomingEdge incoming(int channel) {
        PeerChannel found = incoming.at(channel);
        if (found == null) {
            throw new ProtocolViolation("a frame of channel " + channel + ", which is not open");
        }
        return found.edge;
    }

    private void onAgain(int channel) {
        OutgoingEdge edge = outgoing.at(channel);
        if (edge != null) {
            edge.onResent();
        }
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
            connection.flush(System.nanoTime());
            bytesSent.add(formerStreams + stream.position() - bytesSent.get());
            unacknowledged.add(stream.unacknowledged() - unacknowledged.get());
        }
        return isMore && connection.isWritable();
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
        long from = stream.resume(resume.received(), onAgain);
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
        if (wasCurrent && received == violatedAt && ++violations == MAX_VIOLATIONS) {
            reset(problem);
        } else if (received != violatedAt) {
            violatedAt = received;
            violations = 1;
        }
    }

    /** Begins new streams; what was open is over. */
    private void reset(String reason) {
        LOG.warn("link with {} begins anew: {}", peer, reason);
        stream.close();
        formerStreams += stream.position();
        stream = new SendStream(hub.allocator());
        writer = new StreamWriter(stream);
        streamId = hub.newNumber();
        peerStreamId = 0;
        received = 0;
        acknowledged = 0;
        violations = 0;
        violatedAt = -1;
        waitingOpens.clear();
        incoming.clear();
        outgoing.clear();
        ready.clear();
        awaitAcknowledgement.clear();
        for (OutgoingEdge edge : List.copyOf(sending)) {
            if (edge.mayOpenAgain()) {
                edge.open(outgoing.add(edge));
            } else {
                edge.onLost(Ending.LINK_RESET, reason);
            }
        }
        for (IncomingEdge edge : List.copyOf(receiving)) {
            if (!edge.isExpected()) {
                edge.onLost(Ending.LINK_RESET, reason);
            }
        }
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

    private void dialIfDue(long nowNs) {
        boolean isWanted = sessions > 0 || stream.unacknowledged() > 0 || !whenUp.isEmpty();
        if (current == null && !isDialling && isWanted && peer.address().isPresent() && nowNs - nextDialNs >= 0) {
            isDialling = true;
            hub.dial(this);
        }
    }

    void onDialFailed(String reason) {
        isDialling = false;
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
        for (IncomingEdge edge : List.copyOf(receiving)) {
            edge.onTick();
        }
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
        for (OutgoingEdge edge : List.copyOf(sending)) {
            if (nowNs - edge.sinceNs() > timeoutNs) {
                edge.onLost(Ending.LINK_TIMEOUT, reason);
            }
        }
        for (IncomingEdge edge : List.copyOf(receiving)) {
            if (nowNs - edge.sinceNs() > timeoutNs) {
                edge.onLost(Ending.LINK_TIMEOUT, reason);
            }
        }
    }

    /** Whether neither end has had any use for it for a long time. */
    boolean isIdle(long nowNs) {
        boolean isUsed = sessions > 0
                || !whenUp.isEmpty()
                || incoming.count() > 0
                || stream.unacknowledged() > 0 && current != null;
        return !isUsed && !isDialling && nowNs - Math.max(idleSinceNs, changedNs) > hub.idleNs();
    }

    /** Lets all sessions go, and the connection when what was said has gone. */
    void close() {
        for (OutgoingEdge edge : List.copyOf(sending)) {
            edge.close();
        }
        for (IncomingEdge edge : List.copyOf(receiving)) {
            edge.close();
        }
        LinkConnection connection = current;
        current = null;
        isUp = false;
        if (connection != null) {
            connection.write(stream);
            connection.closeAfterWrites("this end shuts down");
        }
        stream.close();
    }
}
