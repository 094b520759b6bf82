package io.millrace.remote.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** One end of a link made of a plain socket, which greets as it should and then says what it is told to. */
final class RawLink implements AutoCloseable {
    static final String NAME = "raw";

    private final Socket socket;

    /** What the other end has said of the streams. */
    final long peerStream;

    final long received;

    private RawLink(Socket socket, long peerStream, long received) {
        this.socket = socket;
        this.peerStream = peerStream;
        this.received = received;
    }

    /** Dials, greets and says where the streams are; it has got nothing of the other's. */
    static RawLink resume(InetSocketAddress address, Identity identity, int connection, long knownStream)
            throws IOException {
        Socket socket = greet(address, identity);
        write(
                socket,
                frame(Frames.RESUME, 48)
                        .putLong(8, connection)
                        .putLong(16, connection - 1L)
                        .putLong(24, 77)
                        .putLong(32, knownStream));
        ByteBuffer answer =
                ByteBuffer.wrap(socket.getInputStream().readNBytes(48)).order(ByteOrder.LITTLE_ENDIAN);
        return new RawLink(socket, answer.getLong(24), answer.getLong(40));
    }

    static Socket greet(InetSocketAddress address, Identity identity) throws IOException {
        Socket socket = new Socket();
        socket.connect(address);
        socket.setSoTimeout((int) Patience.PATIENCE.toMillis());
        socket.getOutputStream().write(RawPeer.greeting(new Greeting.Hello(Purpose.LINK, identity, 50)));
        byte[] answer = socket.getInputStream().readNBytes(13);
        socket.getInputStream().readNBytes(ByteBuffer.wrap(answer, 11, 2).getShort());
        socket.getOutputStream().write(RawPeer.greeting(new Greeting.Confirmed()));
        return socket;
    }

    static ByteBuffer frame(int type, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        return frame.putInt(0, length).put(4, (byte) type).put(5, (byte) Frames.VERSION);
    }

    static ByteBuffer open(int channel, String job, String edge) {
        byte[] names = (job + edge).getBytes(StandardCharsets.US_ASCII);
        return frame(Frames.OPEN, 32 + names.length)
                .putInt(8, channel)
                .putShort(12, (short) job.length())
                .putShort(14, (short) edge.length())
                .putLong(16, 1)
                .putLong(24, 1)
                .put(32, names);
    }

    RawLink start() throws IOException {
        return say(frame(Frames.START, 16).putLong(8, received));
    }

    RawLink say(ByteBuffer frame) throws IOException {
        write(socket, frame);
        return this;
    }

    static void write(Socket socket, ByteBuffer frame) throws IOException {
        socket.getOutputStream().write(frame.array(), frame.arrayOffset(), frame.capacity());
    }

    /** Blocks until the other end has said something, and takes it. */
    static int nextType(Socket socket) throws IOException {
        int length = ByteBuffer.wrap(socket.getInputStream().readNBytes(4))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        return socket.getInputStream().readNBytes(length - 4)[0];
    }

    /** Blocks until the other end closes. */
    void awaitEnd() throws IOException {
        awaitEnd(socket);
    }

    static void awaitEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // that is an end too
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
