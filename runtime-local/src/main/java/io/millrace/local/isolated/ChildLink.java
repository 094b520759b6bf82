package io.millrace.local.isolated;

import io.millrace.local.dora.FrameReader;
import io.millrace.local.dora.FrameWriter;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.Request;
import io.millrace.local.dora.RequestCodec;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a node's JVM, seen from the dataflow's. Never blocks on the channel, which an interrupt would close, but on a selector. One thread receives, one at a
 * time sends.
 */
final class ChildLink implements AutoCloseable {
    private static final long WRITE_STEP_MS = 50;

    private final SocketChannel channel;
    private FrameReader frames = new FrameReader(Protocol.MAX_REGISTER_BYTES);
    private final FrameWriter frame = new FrameWriter();
    private final RequestCodec requests = new RequestCodec();
    private final PacketReader packet = new PacketReader();

    /** @param channel that does not block */
    ChildLink(SocketChannel channel) {
        this.channel = channel;
    }

    SocketChannel channel() {
        return channel;
    }

    /** From now on its frames may be large. Only after a frame to which the other end waits for an answer. */
    void trust() {
        frames = new FrameReader();
    }

    /** The next request that has come whole; null if there is none yet. */
    @Nullable Request poll() throws IOException {
        @Nullable ByteBuffer body = frames.next();
        if (body == null) {
            int count = frames.readFrom(channel);
            if (count < 0) {
                throw new EOFException("the node's JVM has closed the connection");
            }
            body = count == 0 ? null : frames.next();
        }
        return body == null ? null : requests.decode(body);
    }

    /** The next message of ours; null if none has come whole. Valid until the next one. */
    @Nullable PacketReader pollPacket() throws IOException {
        @Nullable Request request = poll();
        if (request == null) {
            return null;
        }
        if (request instanceof Request.ExtensionRequest extension
                && extension.namespace().equals(Protocol.NAMESPACE)) {
            return packet.wrap(extension.payload());
        }
        throw new ProtocolException("expected an extension request in '" + Protocol.NAMESPACE + "', found " + request);
    }

    void send(Packet message) throws IOException {
        send(new Reply.ExtensionReply(message.view()));
    }

    /** Waits only while the connection is full, and then for {@code WRITE_STEP_MS} at a time, until it is closed. */
    void send(Reply reply) throws IOException {
        ReplyCodec.encode(reply, frame);
        if (frame.writeTo(channel)) {
            return;
        }
        boolean wasInterrupted = false;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (!frame.writeTo(channel)) {
                selector.select(WRITE_STEP_MS);
                wasInterrupted |= Thread.interrupted();
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
