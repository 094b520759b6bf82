package io.millrace.remote.link;

/**
 * One end of one control connection. All calls come one after the other, in order, on the executor that was given with the handler, or else on the connection's event
 * loop, which must not be blocked: other connections and their heartbeats wait meanwhile. An exception from {@code onOpen} or {@code onMessage} is logged and closes
 * the connection.
 */
public interface ControlHandler {
    /** The peer is known, and messages can be sent. Not called where a connection does not come about. */
    void onOpen(ControlConnection connection);

    /** A whole message; the array is the handler's to keep. */
    void onMessage(ControlConnection connection, byte[] message);

    /**
     * The connection has ended, or never came about. Called exactly once, last.
     *
     * @param reason in words, one line, for people: {@code cannot connect to boat:53290: Connection refused}
     */
    void onClosed(String reason);
}
