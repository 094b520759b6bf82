package io.millrace.local.isolated;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;

/**
 * A connection that blocks, and that an interrupt of the thread which reads or writes leaves alone: what the node's thread is interrupted for is no reason to lose
 * the dataflow. A channel of the JDK would be closed by it. One thread reads, one writes.
 */
final class StreamChannel implements ReadableByteChannel, GatheringByteChannel {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] incoming = new byte[BUFFER_BYTES];
    private final byte[] outgoing = new byte[BUFFER_BYTES];

    @SuppressWarnings("AddressSelection") // the address is one of this host, written in digits
    StreamChannel(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** One byte, which says nothing but that the other end is to look. */
    void wake() throws IOException {
        out.write(0);
    }

    /** Until at least one such byte has come. */
    void awaitWake() throws IOException {
        if (in.read(incoming) < 0) {
            throw new EOFException("the dataflow's JVM has closed the connection");
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = in.read(incoming, 0, Math.min(incoming.length, target.remaining()));
        if (count > 0) {
            target.put(incoming, 0, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = source.remaining();
        while (source.hasRemaining()) {
            int count = Math.min(outgoing.length, source.remaining());
            source.get(outgoing, 0, count);
            out.write(outgoing, 0, count);
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int count) throws IOException {
        long total = 0;
        for (int i = from; i < from + count; i++) {
            total += write(sources[i]);
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
