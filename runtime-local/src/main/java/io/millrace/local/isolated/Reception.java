package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the two connections of a node's JVM arrive: on this host only, and only who knows the secret is let in. Used by the node's thread. */
final class Reception implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    private static final int MOST_WAITING = 8;

    private final String nodeId;
    private final UUID secret = UUID.randomUUID();
    private final Selector selector;
    private final ServerSocketChannel server;
    private final List<Newcomer> newcomers = new ArrayList<>();
    private @Nullable ChildLink calls;
    private @Nullable ChildLink records;
    private boolean isMemoryUsed;
    private boolean areHandedOver;

    /** Who has connected, and whether it has said the secret. */
    private static final class Newcomer {
        private final ChildLink link;
        private boolean isRegistered;

        Newcomer(ChildLink link) {
            this.link = link;
        }
    }

    Reception(String nodeId, Selector selector) throws IOException {
        this.nodeId = nodeId;
        this.selector = selector;
        server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(Invitation.loopback(), 0));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    Invitation invitation() {
        return new Invitation(nodeId, server.socket().getLocalPort(), secret);
    }

    /** Does what there is to do without waiting; whether both have arrived. */
    boolean admit() throws IOException {
        for (@Nullable SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            if (newcomers.size() < MOST_WAITING) {
                channel.configureBlocking(false);
                channel.socket().setTcpNoDelay(true);
                channel.register(selector, SelectionKey.OP_READ);
                newcomers.add(new Newcomer(new ChildLink(channel)));
            } else {
                channel.close();
            }
        }
        for (Newcomer newcomer : List.copyOf(newcomers)) {
            if (!isWelcome(newcomer)) {
                newcomers.remove(newcomer);
                newcomer.link.close();
            }
        }
        return calls != null && records != null;
    }

    private boolean isWelcome(Newcomer newcomer) throws IOException {
        try {
            return hear(newcomer);
        } catch (IOException | ProtocolException e) {
            LOG.warn("node '{}': a connection to the port of its JVM is refused", nodeId, e);
            return false;
        }
    }

    private boolean hear(Newcomer newcomer) throws IOException {
        if (!newcomer.isRegistered) {
            @Nullable Request request = newcomer.link.poll();
            if (request == null) {
                return true;
            }
            if (!(request instanceof Request.Register register)
                    || !register.dataflowId().equals(secret)) {
                newcomer.link.send(new Reply.Result("this port is for the JVM of node '" + nodeId + "' only"));
                return false;
            }
            newcomer.isRegistered = true;
            newcomer.link.trust();
            newcomer.link.send(Reply.Result.OK);
        }
        @Nullable PacketReader first = newcomer.link.pollPacket();
        if (first == null) {
            return true;
        }
        newcomers.remove(newcomer);
        Ask ask = Ask.of(first.u8());
        if (ask == Ask.DONE && calls == null) {
            first.u16(); // no operator
            isMemoryUsed = first.flag();
            calls = newcomer.link;
            return true;
        }
        if (ask == Ask.RECORDS && records == null) {
            records = newcomer.link;
            forget(newcomer.link);
            return true;
        }
        throw new ProtocolException("expected one connection for calls and one for log records, found " + ask);
    }

    /** Another thread is going to read it. */
    private void forget(ChildLink link) throws IOException {
        SelectionKey key = link.channel().keyFor(selector);
        if (key != null) {
            key.cancel();
            selector.selectNow();
        }
    }

    /** Once both are there: whether the node's JVM has found the memory that it was told of, and talks over it. */
    boolean isMemoryUsed() {
        return isMemoryUsed;
    }

    /** Once both are there. */
    ChildLink calls() {
        return Objects.requireNonNull(calls);
    }

    ChildLink records() {
        return Objects.requireNonNull(records);
    }

    /** Both are somebody else's to close from now on. */
    void handOver() {
        areHandedOver = true;
    }

    /** Nobody else is let in. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Newcomer newcomer : newcomers) {
            newcomer.link.close();
        }
        if (!areHandedOver) {
            closeIfThere(calls);
            closeIfThere(records);
        }
    }

    private static void closeIfThere(@Nullable ChildLink link) throws IOException {
        if (link != null) {
            link.close();
        }
    }
}
