package io.millrace.local.program;

import io.millrace.local.dora.FrameReader;
import io.millrace.local.dora.FrameWriter;
import io.millrace.local.dora.RequestCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a program, without waiting: what it sends is taken frame by frame, one after the other was answered. While its last answer is not written, or what it
 * sent has no room, nothing more is read, and the program's own sending comes to a halt. Used by the node's thread.
 */
final class NodeConnection {
    /** Whoever has sent less has hardly sent more meanwhile, and if so, the socket says it. */
    private static final int CERTAINLY_ALL = 4096;

    /** The longest frame from somebody who has not registered: anybody on this machine can connect. */
    private static final int STRANGERS_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final int peerPort;
    private final FrameReader reader = new FrameReader(STRANGERS_BYTES);
    private final FrameWriter writer = new FrameWriter();
    private final RequestCodec codec = new RequestCodec();
    private boolean mayHaveMore;
    private boolean isClosed;

    // What the protocol makes of it.
    private boolean isRegistered;
    private boolean isAsking;
    private @Nullable HeldMessage held;

    /** A message that found its output full. */
    interface HeldMessage {
        /** Tries again; false if there is still no room. */
        boolean send();

        /** Whether {@link #send} would get anything done. */
        boolean canSend();
    }

    NodeConnection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
        this.peerPort = channel.socket().getPort(); // which it does not tell any more once it is closed
    }

    /** By what a tool that lists sockets knows it. */
    static String describe(int peerPort) {
        return "the connection from port " + peerPort;
    }

    // Bytes.

    /** The socket is ready for one or the other. */
    void onReady() throws IOException {
        if (key.isWritable()) {
            flush();
        }
        if (key.isReadable()) {
            mayHaveMore = true;
        }
        if (!isWanted()
                || key.interestOps()
                        != SelectionKey.OP_READ) { // else it is read at once, and what it says next is wanted too
            key.interestOps(0); // until it is found that nothing can be done
        }
    }

    /** The next frame's body, valid until the next call; null if there is none now, or none is wanted. */
    @Nullable ByteBuffer next() throws IOException {
        while (!isClosed && isWanted()) {
            ByteBuffer body = reader.next();
            if (body != null) {
                return body;
            }
            if (!mayHaveMore) {
                return null;
            }
            int count = reader.readFrom(channel);
            mayHaveMore = count >= CERTAINLY_ALL;
            if (count < 0) {
                close();
            }
        }
        return null;
    }

    /** Reads when it is asked next, whatever the selector has found: its end may be there already. */
    void lookAgain() {
        mayHaveMore = true;
    }

    private boolean isWanted() {
        return held == null && writer.isWritten();
    }

    /** Reads what it has sent. */
    RequestCodec codec() {
        return codec;
    }

    /** For the next answer, which {@link #flush} sends. Only while {@link #isWritten}. */
    FrameWriter writer() {
        return writer;
    }

    boolean isWritten() {
        return writer.isWritten();
    }

    /** Writes what the socket takes of the last answer. */
    void flush() throws IOException {
        if (!isClosed) {
            writer.writeTo(channel);
        }
    }

    /** Nothing can be done now: from here on the socket says when something can. */
    void await() {
        if (!isClosed) {
            int read = isWanted() && !mayHaveMore ? SelectionKey.OP_READ : 0;
            int write = writer.isWritten() ? 0 : SelectionKey.OP_WRITE;
            if (key.interestOps() != (read | write)) {
                key.interestOps(read | write);
            }
        }
    }

    /** Whether it has sent a part of a frame, and the rest is still to come. */
    boolean isInFrame() {
        return !isClosed && reader.hasPartOfFrame();
    }

    /** Nothing follows: the other end has closed it, or this one. */
    boolean isClosed() {
        return isClosed;
    }

    /** Idempotent. */
    void close() throws IOException {
        isClosed = true;
        isAsking = false;
        held = null;
        key.cancel();
        channel.close();
    }

    // What the protocol makes of it.

    boolean isRegistered() {
        return isRegistered;
    }

    void register() {
        isRegistered = true;
        reader.trust();
    }

    /** Whether the program waits here for events. */
    boolean isAsking() {
        return isAsking;
    }

    void setAsking(boolean asks) {
        isAsking = asks;
    }

    @Nullable HeldMessage held() {
        return held;
    }

    void hold(@Nullable HeldMessage message) {
        held = message;
    }

    @Override
    public String toString() {
        return describe(peerPort);
    }
}
