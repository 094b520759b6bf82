package io.millrace.remote.link;

import io.millrace.remote.wire.EdgeSession;
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
 * The edges between a hub and one peer: the sessions of this end, the channels that either end has opened, and what brings the two together. A session opens when both ends know it, so what the peer opens may
 * wait for this end. On the event loop, but for {@link #sessions}.
 */
final class LinkEdges {
    private static final Logger LOG = LoggerFactory.getLogger(LinkEdges.class);
    private static final int MAX_WAITING_OPENS = 4096;

    private final LinkHub hub;
    private final Link link;
    private final ChannelTable<OutgoingEdge> outgoing = new ChannelTable<>();
    private final ChannelTable<PeerChannel> incoming = new ChannelTable<>();
    private final Map<EdgeSession, Integer> waitingOpens = new HashMap<>();
    private final Map<EdgeSession, IncomingEdge> expected = new HashMap<>();
    private final List<OutgoingEdge> sending = new ArrayList<>();
    private final List<IncomingEdge> receiving = new ArrayList<>();
    private final IntConsumer onAgain = this::onAgain;
    private long usedNs = System.nanoTime();
    private volatile int sessions;

    /** A channel that the peer has opened: waiting for this end, or with its edge, or refused. */
    private static final class PeerChannel {
        final EdgeSession session;

        @Nullable IncomingEdge edge;

        PeerChannel(EdgeSession session) {
            this.session = session;
        }
    }

    LinkEdges(LinkHub hub, Link link) {
        this.hub = hub;
        this.link = link;
    }

    /** Of this end. Any thread. */
    int sessions() {
        return sessions;
    }

    /** Whether the peer has any open, as far as is known: without a connection it may be gone, and nobody says so. */
    boolean areOfPeer() {
        return incoming.count() > 0;
    }

    /** When the last one left, or the link began, by {@link System#nanoTime}. */
    long usedNs() {
        return usedNs;
    }

    void add(OutgoingEdge edge) {
        sending.add(edge);
        count();
        edge.open(outgoing.add(edge));
    }

    void add(IncomingEdge edge) {
        receiving.add(edge);
        count();
        edge.onRegistered();
        Integer channel = waitingOpens.remove(edge.session());
        if (channel == null) {
            expected.put(edge.session(), edge);
        } else {
            accept(channel, edge);
        }
    }

    private void count() {
        sessions = sending.size() + receiving.size();
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
        count();
        usedNs = System.nanoTime();
    }

    /** Opens that wait here and can never be answered by a session any more. */
    void refuseWaiting(EdgeSession newest) {
        for (EdgeSession session : List.copyOf(waitingOpens.keySet())) {
            String reason = NewestSessions.staleness(session, newest);
            if (reason != null) {
                refuse(Objects.requireNonNull(waitingOpens.remove(session)), session + ": " + reason);
            }
        }
    }

    private void refuse(int channel, String reason) {
        LOG.info("refused {}: {}", link.peer(), reason);
        link.writer().ending(Frames.CANCEL, channel, Ending.REFUSED, reason);
        link.activate();
    }

    void onOpen(int channel, EdgeSession session) {
        if (!incoming.put(channel, new PeerChannel(session))) {
            throw new ProtocolViolation("an OPEN of channel " + channel + ", which is open");
        }
        IncomingEdge edge = expected.remove(session);
        String refusal = edge == null ? hub.newest().refusal(session) : null;
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
        link.writer().closed(channel);
        link.activate();
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

    /** Told the channel of each message that is sent once more. */
    IntConsumer onAgain() {
        return onAgain;
    }

    private void onAgain(int channel) {
        OutgoingEdge edge = outgoing.at(channel);
        if (edge != null) {
            edge.onResent();
        }
    }

    /** The streams begin anew: what was open is over, what waits to be opened is opened in the new one. */
    void reset(String reason) {
        waitingOpens.clear();
        incoming.clear();
        outgoing.clear();
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

    /** The link is down for too long: ends those that have waited for as long. */
    void endBefore(long nowNs, long timeoutNs, String reason) {
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

    /** Now and then. */
    void onTick() {
        for (IncomingEdge edge : List.copyOf(receiving)) {
            edge.onTick();
        }
    }

    /** Lets all sessions go. */
    void close() {
        for (OutgoingEdge edge : List.copyOf(sending)) {
            edge.close();
        }
        for (IncomingEdge edge : List.copyOf(receiving)) {
            edge.close();
        }
    }
}
