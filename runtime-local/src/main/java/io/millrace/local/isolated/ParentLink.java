package io.millrace.local.isolated;

import io.millrace.local.dora.FrameReader;
import io.millrace.local.dora.FrameWriter;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.Request;
import io.millrace.local.dora.RequestCodec;
import io.millrace.local.dora.Timestamp;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection to the dataflow's JVM, seen from the node's. Blocks. One thread sends at a time, one receives. */
final class ParentLink implements AutoCloseable {
    private final StreamChannel channel;
    private final FrameReader frames = new FrameReader();
    private final FrameWriter frame = new FrameWriter();
    private final ReplyCodec replies = new ReplyCodec();
    private final PacketReader packet = new PacketReader();
    private final Timestamp timestamp = Protocol.timestamp();
    private @Nullable MemoryChannel memory; // once it is used in place of the connection, which then only wakes

    /** Connects and registers. */
    ParentLink(Invitation invitation) throws IOException {
        channel = new StreamChannel(invitation.address());
        send(new Request.Register(
                invitation.secret(), invitation.nodeId(), Protocol.DORA_VERSION, Protocol.METADATA_VERSION));
        if (!(reply() instanceof Reply.Result result)) {
            throw new ProtocolException("expected the result of Register");
        }
        if (result.error() != null) {
            throw new ProtocolException("not registered: " + result.error());
        }
    }

    /** From now on what both say goes over memory. */
    void use(NodeMemory shared) {
        memory = new MemoryChannel(shared, channel::wake);
    }

    void send(Packet message) throws IOException {
        send(new Request.ExtensionRequest(Protocol.NAMESPACE, message.view()));
    }

    private void send(Request request) throws IOException {
        RequestCodec.encode(request, timestamp, frame);
        MemoryChannel shared = memory;
        boolean isSent = frame.writeTo(shared == null ? channel : shared);
        while (!isSent) {
            if (shared != null && shared.sleepsToWrite()) {
                channel.awaitWake();
                shared.awake();
            }
            isSent = frame.writeTo(shared == null ? channel : shared);
        }
    }

    /** The next message; valid until the one after. */
    PacketReader receive() throws IOException {
        if (!(reply() instanceof Reply.ExtensionReply reply)) {
            throw new ProtocolException("expected an extension's reply");
        }
        return packet.wrap(reply.payload());
    }

    private Reply reply() throws IOException {
        @Nullable ByteBuffer body = frames.next();
        while (body == null) {
            read();
            body = frames.next();
        }
        return replies.decode(body);
    }

    private void read() throws IOException {
        MemoryChannel shared = memory;
        if (shared == null) {
            if (frames.readFrom(channel) < 0) {
                throw new EOFException("the dataflow's JVM has closed the connection");
            }
            return;
        }
        while (shared.sleepsToRead()) {
            channel.awaitWake();
            shared.awake();
        }
        frames.readFrom(shared);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
