package io.millrace.remote.link;

import java.util.List;

/** Told what becomes of an incoming edge's session, on the event loop: must not block. */
public interface IncomingListener {
    /** Both ends know the session: messages flow. */
    default void onOpened() {}

    /** A node at the other end failed; all its messages are in the ring. */
    default void onNodeFailed(String failed, String error, List<String> inputs) {}

    /** Its next incarnation follows; none of its messages is in the ring yet. */
    default void onNodeRestarted(String restarted) {}

    /**
     * What has happened at the other end so far: how many messages gave way in the producer's ring, and for how long that was found full. Only where the other end was asked to tell;
     * the last time before the end.
     */
    default void onCounted(long dropped, long fullNs) {}

    /** The session is over, and the link is at fault: not all that was sent has come. Before the ring is closed; {@link #onEnded} follows. */
    default void onLost(String reason) {}

    /** The session is over; the hub does not use the ring any more. Not told where this end has closed it. Once. */
    void onEnded(Ending ending, String reason);
}
