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
    private static final int MOST_WAKES = 64;

    private final SocketChannel channel;
    private FrameReader frames = new FrameReader(Protocol.MAX_REGISTER_BYTES);
    private final FrameWriter frame = new FrameWriter();
    private final RequestCodec requests = new RequestCodec();
    private final PacketReader packet = new PacketReader();
    private @Nullable MemoryChannel memory; // once it is used in place of the channel, which then only wakes
    private boolean mayBeWoken;

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

    /** From now on what both say goes over memory. */
    void use(NodeMemory shared) {
        memory = new MemoryChannel(shared, this::wake);
        frames = new FrameReader();
    }

    /** One byte, which says nothing but that the other end is to look. There is room for it: the other end takes all that have come each time that it was asleep. */
    private void wake() throws IOException {
        channel.write(ByteBuffer.allocate(1));
    }

    /** Whether to wait for the channel before the next {@link #poll}. Looks for a moment first whether that is needed. */
    boolean isQuiet() {
        MemoryChannel shared = memory;
        if (shared == null) {
            return true;
        }
        mayBeWoken = shared.sleepsToRead();
        return mayBeWoken;
    }

    /** The next request that has come whole; null if there is none yet. */
    @Nullable Request poll() throws IOException {
        @Nullable ByteBuffer body = frames.next();
        if (body == null) {
            body = read() ? frames.next() : null;
        }
        return body == null ? null : requests.decode(body);
    }

    /** Whether something has come. */
    private boolean read() throws IOException {
        MemoryChannel shared = memory;
        if (shared != null) {
            return readShared(shared);
        }
        int count = frames.readFrom(channel);
        if (count < 0) {
            throw new EOFException("the node's JVM has closed the connection");
        }
        return count > 0;
    }

    private boolean readShared(MemoryChannel shared) throws IOException {
        boolean isOpen = !mayBeWoken || takeWakes(shared);
        mayBeWoken = false;
        int count = frames.readFrom(shared); // what was said before the end is read before that
        if (count == 0 && !isOpen) {
            throw new EOFException("the node's JVM has closed the connection");
        }
        return count > 0;
    }

    /** After a sleep; false if the other end is gone. */
    private boolean takeWakes(MemoryChannel shared) throws IOException {
        shared.awake();
        ByteBuffer wakes = ByteBuffer.allocate(MOST_WAKES);
        int count = channel.read(wakes);
        while (count == MOST_WAKES) {
            count = channel.read(wakes.clear());
        }
        return count >= 0;
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

    /** A message so short that there is room for it in any case but that of an end which never reads. */
    void send(Packet message) throws IOException {
        send(new Reply.ExtensionReply(message.view()));
    }

    void send(Reply reply) throws IOException {
        Interrupts interrupts = new Interrupts();
        try {
            send(reply, interrupts);
        } finally {
            interrupts.restore();
        }
    }

    /**
     * Waits only while the connection is full, until it is closed.
     *
     * @param step run again and again while it waits; has to take note of an interrupt, and to end the other JVM if that must not wait for room any longer
     */
    void send(Packet message, Runnable step) throws IOException {
        send(new Reply.ExtensionReply(message.view()), step);
    }

    private void send(Reply reply, Runnable step) throws IOException {
        ReplyCodec.encode(reply, frame);
        MemoryChannel shared = memory;
        if (shared != null) {
            sendShared(shared, step);
            return;
        }
        if (frame.writeTo(channel)) {
            return;
        }
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (!frame.writeTo(channel)) {
                selector.select(WRITE_STEP_MS);
                step.run();
            }
        }
    }

    private void sendShared(MemoryChannel shared, Runnable step) throws IOException {
        if (frame.writeTo(shared)) {
            return;
        }
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (!frame.writeTo(shared)) {
                if (shared.sleepsToWrite()) {
                    selector.select(WRITE_STEP_MS);
                    selector.selectedKeys().clear();
                    step.run();
                    if (!takeWakes(shared)) {
                        throw new EOFException("the node's JVM has closed the connection");
                    }
                }
            }
        }
    }

    /** Those that come while somebody waits who is not to be disturbed. */
    private static final class Interrupts implements Runnable {
        private boolean hasCome;

        @Override
        public void run() {
            hasCome |= Thread.interrupted();
        }

        void restore() {
            if (hasCome) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
