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

    void send(Packet message) throws IOException {
        send(new Request.ExtensionRequest(Protocol.NAMESPACE, message.view()));
    }

    private void send(Request request) throws IOException {
        RequestCodec.encode(request, timestamp, frame);
        boolean isSent = frame.writeTo(channel);
        while (!isSent) {
            isSent = frame.writeTo(channel);
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
            if (frames.readFrom(channel) < 0) {
                throw new EOFException("the dataflow's JVM has closed the connection");
            }
            body = frames.next();
        }
        return replies.decode(body);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
