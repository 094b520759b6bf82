package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** A peer made of a plain socket, which says what it is told to. */
public final class RawPeer implements AutoCloseable {
    private final Socket socket = new Socket();

    public RawPeer(InetSocketAddress address) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.connect(address);
        socket.setSoTimeout((int) Patience.PATIENCE.toMillis());
    }

    static byte[] greeting(Greeting greeting) {
        ByteBuf encoded = GreetingCodec.encode(UnpooledByteBufAllocator.DEFAULT, greeting);
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes).release();
        return bytes;
    }

    static byte[] hello(Purpose purpose, String cluster) {
        return greeting(new Greeting.Hello(purpose, Identity.of(cluster, Role.EXECUTOR, "raw"), 50));
    }

    /** What an executor says first to a master. */
    public static byte[] helloToMaster(String cluster) {
        return hello(Purpose.CONTROL, cluster);
    }

    /** Greets a master of cluster {@code ship} as an executor should. */
    public RawPeer greetMaster() throws IOException {
        return greet(Purpose.CONTROL);
    }

    /** Greets an executor of cluster {@code ship} as another one should. */
    public RawPeer greetExecutor() throws IOException {
        return greet(Purpose.LINK);
    }

    /** Greets as it should. */
    RawPeer greet(Purpose purpose) throws IOException {
        send(hello(purpose, "ship"));
        byte[] answer = new byte[13];
        socket.getInputStream().readNBytes(answer, 0, answer.length);
        socket.getInputStream().readNBytes(ByteBuffer.wrap(answer, 11, 2).getShort());
        return send(greeting(new Greeting.Confirmed()));
    }

    public RawPeer send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public RawPeer frame(int length, int type, byte... content) throws IOException {
        return send(ByteBuffer.allocate(5 + content.length)
                .putInt(length)
                .put((byte) type)
                .put(content)
                .array());
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Everything until the end, however it ends. */
    public byte[] rest() throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    /** Until the end; that it refuses is the last thing said. */
    public String refusal() throws IOException {
        return GreetingCodec.decode(Unpooled.wrappedBuffer(rest()), 4096) instanceof Greeting.Refused refused
                ? refused.reason()
                : "something else";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
