package io.millrace.remote.link;

/** Told what becomes of an outgoing edge's session, on the event loop: must not block. */
public interface OutgoingListener {
    /** Both ends know the session: messages flow. */
    default void onOpened() {}

    /** The session is over; the hub does not use the ring any more. Not told where this end has closed it. Once. */
    void onEnded(Ending ending, String reason);
}
