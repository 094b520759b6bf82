package io.millrace.remote.link;

/**
 * The state of a link, for people and metrics.
 *
 * @param peer at the other end
 * @param isUp whether there is a connection
 * @param forMs for how long it has been up, or down, in milliseconds
 * @param sessions of edges, both ways, open or waiting for the peer
 * @param bytesSent of the stream, without what was sent again
 * @param bytesReceived the same
 * @param bytesUnacknowledged under way, or to be sent again
 * @param connections how many there were
 * @param lastProblem why the last connection ended, or the last dial failed; empty if nothing ever went wrong
 */
public record LinkStatus(
        LinkPeer peer,
        boolean isUp,
        long forMs,
        int sessions,
        long bytesSent,
        long bytesReceived,
        long bytesUnacknowledged,
        long connections,
        String lastProblem) {}
