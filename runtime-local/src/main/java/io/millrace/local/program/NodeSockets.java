package io.millrace.local.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where programs connect: a port of this machine's own, and the connections that were made to it. Used by one thread, but for the address. */
final class NodeSockets {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSockets.class);

    /** A node of dora makes three; the others are for those that come before the last ones have gone. */
    private static final int MAX_CONNECTIONS = 16;

    private static final long ACCEPT_AGAIN_MS = 100;

    private final String name;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final SelectionKey listening;
    private final List<NodeConnection> connections = new ArrayList<>();
    private boolean isAcceptingLater;
    private boolean isFailureSaid;
    private boolean isWaitOver; // and nothing has been done since that takes time
    private long refused;
    private long evicted;

    private NodeSockets(String name, Selector selector, ServerSocketChannel listener, SelectionKey listening) {
        this.name = name;
        this.selector = selector;
        this.listener = listener;
        this.listening = listening;
    }

    /**
     * @param name whose they are, for messages
     * @param port 0 for any
     */
    static NodeSockets open(String name, Selector selector, int port) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            listener.configureBlocking(false);
            return new NodeSockets(name, selector, listener, listener.register(selector, SelectionKey.OP_ACCEPT));
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /** Where programs of this machine connect to. Any thread. */
    InetSocketAddress address() {
        return (InetSocketAddress) listener.socket().getLocalSocketAddress();
    }

    /** Those that are open. Not to be kept. */
    List<NodeConnection> connections() {
        return connections;
    }

    /** Takes note of the sockets that are ready, as a wait has found them or as they are now; returns how many those are. Does not wait. */
    int look() throws IOException {
        if (isAcceptingLater) {
            isAcceptingLater = false;
            listening.interestOps(SelectionKey.OP_ACCEPT);
        }
        if (!isWaitOver && selector.selectedKeys().isEmpty()) {
            selector.selectNow();
        }
        isWaitOver = false;
        int ready = 0;
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ready++) {
            SelectionKey key = keys.next();
            keys.remove();
            if (!key.isValid()) {
                continue;
            }
            if (key == listening) {
                ready -= accept() ? 0 : 1;
            } else if (key.attachment() instanceof NodeConnection connection) {
                try {
                    connection.onReady();
                } catch (IOException e) { // the other end is gone, and perhaps comes back
                    drop(connection, e);
                }
            }
        }
        return ready;
    }

    /** False if that fails, which is no reason to give up the connections that are there. */
    private boolean accept() {
        try {
            acceptAll();
            return true;
        } catch (IOException e) { // such as no more descriptors
            isAcceptingLater = true;
            listening.interestOps(0);
            if (!isFailureSaid) {
                isFailureSaid = true;
                LOG.warn("{}: who connects cannot be let in, and is to wait until that is possible", name, e);
            }
            return false;
        }
    }

    private void acceptAll() throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            if (connections.size() == MAX_CONNECTIONS && !makePlace()) {
                refuse(
                        channel,
                        "there are " + MAX_CONNECTIONS
                                + " connections, more than a node has; was its program started twice?");
                continue;
            }
            try {
                add(channel);
            } catch (OutOfMemoryError e) { // of direct memory, too: who connects is not worth what is here already
                refuse(channel, "there is no memory for it: " + e.getMessage());
            } catch (IOException e) {
                refuse(channel, "it cannot be used: " + e.getMessage());
            }
        }
    }

    /** Of those that have not said who they are, and anybody can be, the oldest goes; false if all have. */
    private boolean makePlace() {
        for (NodeConnection connection : connections) {
            if (!connection.isRegistered() || connection.isClosed()) {
                if (!connection.isClosed() && evicted++ == 0) {
                    LOG.warn(
                            "{}: {} is closed for a new one, for there are {} connections, and it has not said whose it is",
                            name,
                            connection,
                            MAX_CONNECTIONS);
                }
                drop(connection, new IOException("closed for a new one"));
                connections.remove(connection);
                return true;
            }
        }
        return false;
    }

    private void refuse(SocketChannel channel, String why) throws IOException {
        if (refused++ == 0) {
            LOG.warn(
                    "{}: {} is refused, for {}",
                    name,
                    NodeConnection.describe(channel.socket().getPort()),
                    why);
        }
        channel.close();
    }

    private void add(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        NodeConnection made = new NodeConnection(channel, key);
        key.attach(made);
        connections.add(made);
    }

    /** The connection is of no use any more. */
    void drop(NodeConnection connection, IOException cause) {
        LOG.debug("{}: {} has ended", name, connection, cause);
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("{}: {} was closed late", name, connection, e);
        }
    }

    /** Milliseconds after which to {@link #look}, whatever a wait finds; 0 if that need not be. */
    long lookAfterMs() {
        return isAcceptingLater ? ACCEPT_AGAIN_MS : 0;
    }

    /** Has every socket say when there is something to do, and forgets those that are closed. Before a wait. */
    void await() {
        isWaitOver = true;
        for (int i = connections.size() - 1; i >= 0; i--) {
            NodeConnection connection = connections.get(i);
            if (connection.isClosed()) {
                connections.remove(i);
            } else {
                connection.await();
            }
        }
    }

    /** Idempotent. The selector stays. */
    void close() throws IOException {
        listener.close();
        if (refused > 1) {
            LOG.warn("{}: {} connections were refused in all", name, refused);
            refused = 0;
        }
        if (evicted > 1) {
            LOG.warn("{}: {} connections that had not said whose they were gave way in all", name, evicted);
            evicted = 0;
        }
        IOException first = null;
        for (NodeConnection connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                first = e;
            }
        }
        connections.clear();
        if (selector.isOpen()) {
            selector.selectNow(); // else what was closed keeps its descriptors until the selector is asked again
            selector.selectedKeys().clear();
        }
        if (first != null) {
            throw first;
        }
    }
}
