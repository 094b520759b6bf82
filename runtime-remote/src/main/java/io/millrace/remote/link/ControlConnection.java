package io.millrace.remote.link;

/** A control connection: whole messages in order, both ways, with heartbeats. All methods may be called from any thread, and none blocks. */
public interface ControlConnection {
    /**
     * Who is at the other end.
     *
     * @throws IllegalStateException before {@link ControlHandler#onOpen}
     */
    Peer peer();

    /**
     * Sends a message, after those sent before. The array belongs to the connection from now on: the caller must not change it.
     *
     * @return false if it will not be sent: the connection is not open yet, or no more. That is also so when the peer does not read and more would wait than {@link
     *     NetworkSettings#sendBytes()}; this call then closes the connection. True promises nothing about arrival.
     * @throws IllegalArgumentException if the message is larger than {@link NetworkSettings#controlFrameBytes()}
     */
    boolean send(byte[] message);

    /** The largest message that it takes: {@link NetworkSettings#controlFrameBytes()}. */
    int maxBytes();

    /** Between {@code onOpen} and the beginning of the end. */
    boolean isOpen();

    /**
     * Ends the connection, or the attempt to make one: what has been sent is still written, for {@link NetworkSettings#closeTimeout()} at most, and the peer is told the
     * reason. {@link ControlHandler#onClosed} follows. Does nothing if it ends already.
     */
    void close(String reason);
}
