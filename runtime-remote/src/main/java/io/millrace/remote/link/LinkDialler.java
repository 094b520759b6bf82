package io.millrace.remote.link;

/** Makes connections for links. */
interface LinkDialler {
    /**
     * Dials, and exchanges the hellos. One call of {@code callback} follows, on any event loop.
     *
     * @param peer with an address
     */
    void dial(LinkPeer peer, Callback callback);

    /** How a dial ended. */
    interface Callback extends LinkAcceptor {
        /** There is no connection, in one line. */
        void onFailed(String reason);
    }
}
