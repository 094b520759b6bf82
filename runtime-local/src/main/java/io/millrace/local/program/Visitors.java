package io.millrace.local.program;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs of a node that somebody starts by hand, as they come and go: one at a time, and the next one takes the place of one that is gone. Used by the node's
 * thread.
 *
 * <p>A program is gone when all its connections are closed. The next one may come before that was noticed: while it waits for its place, it is not refused, but the
 * connections that were there before it are looked at once more, and then have a moment to close.
 */
final class Visitors {
    private static final Logger LOG = LoggerFactory.getLogger(Visitors.class);

    /** How long the connections of a program that has ended may take to be seen closed, on a busy machine as well. */
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(2);

    private final String nodeId;
    private final NodeSockets sockets;
    private final ProgramSession session;
    private final EventFeed feed;
    private @Nullable NodeConnection waiting;
    private long dueNs; // if somebody waits

    Visitors(String nodeId, NodeSockets sockets, ProgramSession session, EventFeed feed) {
        this.nodeId = nodeId;
        this.sockets = sockets;
        this.session = session;
        this.feed = feed;
    }

    /** After the connections were served; returns how much was done. */
    int attend(long nowNs) throws IOException {
        if (!session.isSubscribed()) {
            return feed.discard();
        }
        NodeConnection newcomer = session.newcomer();
        if (!isPresent(newcomer)) {
            LOG.info("node '{}': the program that was started by hand is gone", nodeId);
            waiting = null;
            session.succeed();
            return 1;
        }
        if (newcomer == null) {
            waiting = null;
            return 0;
        }
        return waiting == newcomer ? refuseIfDue(nowNs) : receive(newcomer, nowNs);
    }

    /** Whether the program that has subscribed is connected: its connections are those that were there before the newcomer's first. */
    private boolean isPresent(@Nullable NodeConnection newcomer) {
        for (NodeConnection connection : sockets.connections()) {
            if (connection == newcomer) {
                return false;
            }
            if (connection.isRegistered() && !connection.isClosed()) {
                return true;
            }
        }
        return false;
    }

    private int receive(NodeConnection newcomer, long nowNs) {
        waiting = newcomer;
        dueNs = nowNs + WAIT_NS;
        for (NodeConnection connection : sockets.connections()) {
            if (connection != newcomer) {
                connection.lookAgain();
            }
        }
        return 1;
    }

    private int refuseIfDue(long nowNs) throws IOException {
        if (nowNs - dueNs < 0) {
            return 0;
        }
        LOG.warn(
                "node '{}': a second program was started by hand and is refused, for the first one is still connected",
                nodeId);
        waiting = null;
        session.refuseNewcomer("node '" + nodeId + "' has a program already that is connected: end that one, then start"
                + " this one again");
        return 1;
    }

    /** Nanoseconds until somebody has waited long enough; {@link Long#MAX_VALUE} if nobody waits. */
    long untilDueNs(long nowNs) {
        return waiting == null ? Long.MAX_VALUE : Math.max(1, dueNs - nowNs);
    }
}
