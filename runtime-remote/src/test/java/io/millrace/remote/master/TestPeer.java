package io.millrace.remote.master;

import io.millrace.remote.link.ControlConnection;
import io.millrace.remote.link.ControlHandler;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.NetworkSettings;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.Security;
import io.millrace.remote.wire.RecordCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Whoever speaks to a master in a test, over a connection of its own. */
class TestPeer<O, I> implements ControlHandler, AutoCloseable {
    final Identity identity;
    final List<I> received = new CopyOnWriteArrayList<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    private final CompletableFuture<ControlConnection> opened = new CompletableFuture<>();
    private final RecordCodec<O> outgoing;
    private final RecordCodec<I> incoming;
    private final Network network;

    TestPeer(Identity identity, int port, Class<O> outgoing, Class<I> incoming) {
        this.identity = identity;
        this.outgoing = RecordCodec.of(outgoing);
        this.incoming = RecordCodec.of(incoming);
        this.network = Network.open(identity, Security.clear(), NetworkSettings.defaults());
        network.connect("127.0.0.1", port, this);
    }

    static Identity identity(Role role, String name) {
        return Identity.of("test", role, name);
    }

    void send(O message) throws Exception {
        connection().send(outgoing.encode(message));
    }

    void sendBytes(byte[] bytes) throws Exception {
        connection().send(bytes);
    }

    /** The first message of this kind: waits for it. */
    <T extends I> T await(Class<T> kind) {
        Awaitility.await()
                .pollDelay(java.time.Duration.ZERO)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> received.stream().anyMatch(kind::isInstance));
        return received.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    /** What comes from now on is the first. */
    void forget() {
        received.clear();
    }

    @Override
    public void onOpen(ControlConnection connection) {
        opened.complete(connection);
    }

    @Override
    public void onMessage(ControlConnection connection, byte[] message) {
        I decoded = incoming.decode(message);
        received.add(decoded);
        onReceived(decoded);
    }

    /** For who answers by itself. */
    void onReceived(I message) {}

    @Override
    public void onClosed(String reason) {
        closed.complete(reason);
    }

    @Override
    public void close() {
        network.close();
    }

    private ControlConnection connection() throws Exception {
        return opened.get(60, TimeUnit.SECONDS);
    }
}
