package io.millrace.remote.link;

/** Gives each accepted control connection its handler. */
@FunctionalInterface
public interface ControlAcceptor {
    /**
     * A peer has said hello and been checked. Called on the connection's event loop; must not block. Who wants to refuse it closes the connection in {@link
     * ControlHandler#onOpen}, with a reason that the peer is told.
     */
    ControlHandler onAccept(Peer peer);
}
