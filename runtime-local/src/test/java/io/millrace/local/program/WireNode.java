package io.millrace.local.program;

import io.millrace.layout.HybridClock;
import io.millrace.local.dora.ArrowBytes;
import io.millrace.local.dora.ClockId;
import io.millrace.local.dora.FrameReader;
import io.millrace.local.dora.FrameWriter;
import io.millrace.local.dora.Metadata;
import io.millrace.local.dora.Payload;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.Request;
import io.millrace.local.dora.RequestCodec;
import io.millrace.local.dora.TimedEvent;
import io.millrace.local.dora.Timestamp;
import io.millrace.node.Clock;
import io.millrace.node.Parameters;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The program's end of the protocol, as dora's node library has it: three connections, which block. For tests, on one thread. */
final class WireNode implements AutoCloseable {
    static final String VERSION = "1.1.0";

    private final ClockId clockId = ClockId.random();
    private final HybridClock clock = new HybridClock(Clock.system());
    private final UUID dataflow;
    private final String nodeId;
    private final int restartCount;
    final Link events;
    final Link closing;
    final Link control;

    /** One connection. */
    final class Link implements AutoCloseable {
        final SocketChannel channel;
        private final FrameReader reader = new FrameReader();
        private final FrameWriter writer = new FrameWriter();
        private final ReplyCodec codec = new ReplyCodec();

        Link(InetSocketAddress address) throws IOException {
            channel = SocketChannel.open(address);
        }

        void send(Request request) throws IOException {
            RequestCodec.encode(request, now(), writer);
            while (!writer.writeTo(channel)) {}
        }

        Reply reply() throws IOException {
            return codec.decode(body());
        }

        ByteBuffer body() throws IOException {
            ByteBuffer body = reader.next();
            while (body == null) {
                if (reader.readFrom(channel) < 0) {
                    throw new EOFException("the other end has closed the connection");
                }
                body = reader.next();
            }
            return body;
        }

        Reply ask(Request request) throws IOException {
            send(request);
            return reply();
        }

        /** @throws IOException if the answer is a refusal */
        void demand(Request request) throws IOException {
            send(request);
            agreed(request.getClass().getSimpleName());
        }

        /** @throws IOException if the answer to what was sent before is a refusal */
        void agreed(String what) throws IOException {
            Reply reply = reply();
            if (!(reply instanceof Reply.Result result) || result.error() != null) {
                throw new IOException(what + " was refused: " + reply);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private WireNode(UUID dataflow, String nodeId, int restartCount, InetSocketAddress address) throws IOException {
        this.dataflow = dataflow;
        this.nodeId = nodeId;
        this.restartCount = restartCount;
        this.events = new Link(address);
        this.closing = new Link(address);
        this.control = new Link(address);
    }

    /** Connects, and does no more. */
    static WireNode connect(String config) throws IOException {
        int port = Integer.parseInt(find(config, "socket_addr\"?: ?\"127.0.0.1:(\\d+)\""));
        return new WireNode(
                UUID.fromString(field(config, "dataflow_id")),
                field(config, "node_id"),
                Integer.parseInt(find(config, "restart_count\"?: ?(\\d+)")),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Asks at the port for programs that are started by hand; the answer as it came. */
    static String askByHand(int port, String nodeId) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            FrameWriter writer = new FrameWriter();
            RequestCodec.encode(new Request.Configuration(nodeId), new Timestamp(1L << 32, ClockId.random()), writer);
            while (!writer.writeTo(channel)) {}
            FrameReader reader = new FrameReader();
            ByteBuffer body = reader.next();
            while (body == null) {
                if (reader.readFrom(channel) < 0) {
                    throw new EOFException("no answer");
                }
                body = reader.next();
            }
            return StandardCharsets.UTF_8.decode(body).toString();
        }
    }

    private static String field(String config, String key) {
        return find(config, key + "\"?: ?\"([^\"]*)\"");
    }

    private static String find(String config, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(config);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + pattern + " in " + config);
        }
        return matcher.group(1);
    }

    int restartCount() {
        return restartCount;
    }

    Timestamp now() {
        clock.update();
        return new Timestamp(clock.next(), clockId);
    }

    Request.Register registration() {
        return new Request.Register(dataflow, nodeId, VERSION, Metadata.VERSION);
    }

    /** As dora's library begins; blocks until every node is open. */
    WireNode begin() throws IOException {
        events.demand(registration());
        events.demand(new Request.Subscribe());
        closing.demand(registration());
        control.demand(registration());
        return this;
    }

    /** Blocks until there are some; none at all after the last. */
    List<TimedEvent> next() throws IOException {
        return ((Reply.NextEvents) events.ask(new Request.NextEvent())).events();
    }

    void send(String output, @Nullable Payload payload, Parameters parameters) throws IOException {
        Metadata metadata =
                payload == null ? Metadata.ofNothing(now(), parameters) : Metadata.ofData(now(), parameters);
        control.send(new Request.SendMessage(output, metadata, payload));
    }

    void send(String output, byte[] bytes) throws IOException {
        send(output, ArrowBytes.wrap(ByteBuffer.wrap(bytes)), Parameters.EMPTY);
    }

    /** As dora's library ends. */
    void finish() throws IOException {
        closing.demand(new Request.EventStreamDropped());
        control.demand(new Request.CloseOutputs(List.of()));
        control.demand(new Request.OutputsDone());
    }

    /** As a program that is killed. */
    void vanish() throws IOException {
        events.close();
        closing.close();
        control.close();
    }

    @Override
    public void close() throws IOException {
        vanish();
    }
}
