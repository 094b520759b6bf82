package io.millrace.remote.link;

import static io.millrace.remote.link.Patience.PATIENCE;
import static io.millrace.remote.link.RecordingHandler.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlConnectionTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Network master =
            Network.open(Identity.of("ship", Role.MASTER, "m1"), Security.clear(), NetworkSettings.defaults());
    private final Network executor =
            Network.open(Identity.of("ship", Role.EXECUTOR, "boat"), Security.clear(), NetworkSettings.defaults());
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final RecordingHandler atMaster = new RecordingHandler();
    private final RecordingHandler atExecutor = new RecordingHandler();

    @AfterEach
    void close() {
        executor.close();
        master.close();
    }

    private Listener listen() {
        return master.listen(LOOPBACK, peer -> {
            peers.add(peer);
            return atMaster;
        });
    }

    private ControlConnection open(Listener listener) {
        ControlConnection connection =
                executor.connect("localhost", listener.address().getPort(), atExecutor);
        await().atMost(PATIENCE).until(() -> !atExecutor.opened.isEmpty() && !atMaster.opened.isEmpty());
        return connection;
    }

    @Test
    void shouldCarryMessagesInOrderBothWaysWhenBothHaveSaidHello() {
        ControlConnection connection = open(listen());
        List<String> sent =
                IntStream.range(0, 5_000).mapToObj(Integer::toString).toList();

        for (String text : sent) {
            assertThat(connection.send(bytes(text))).isTrue();
            assertThat(atMaster.opened.get(0).send(bytes(text))).isTrue();
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(atMaster.messages).isEqualTo(sent));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(atExecutor.messages).isEqualTo(sent));
        assertThat(peers).singleElement().satisfies(peer -> {
            assertThat(peer.role()).isEqualTo(Role.EXECUTOR);
            assertThat(peer.name()).isEqualTo("boat");
            assertThat(peer.instance()).isEqualTo(executor.identity().instance());
        });
        assertThat(connection.peer().toString()).startsWith("master 'm1' (");
    }

    @Test
    void shouldTellBothEndsOnceWhenOneCloses() {
        ControlConnection connection = open(listen());

        connection.send(bytes("last"));
        connection.close("enough");
        connection.close("enough again");

        await().atMost(PATIENCE).until(() -> !atMaster.ends.isEmpty() && !atExecutor.ends.isEmpty());
        assertThat(atMaster.messages).containsExactly("last");
        assertThat(atExecutor.ends).containsExactly("enough");
        assertThat(atMaster.ends)
                .singleElement()
                .asString()
                .matches("executor 'boat' \\(.*\\) closed the connection: enough");
        assertThat(connection.send(bytes("late"))).isFalse();
    }

    @Test
    void shouldSayWhyWhenNobodyListens() {
        Listener listener = listen();
        listener.close();

        await().atMost(PATIENCE).until(() -> {
            RecordingHandler handler = new RecordingHandler();
            executor.connect("127.0.0.1", listener.address().getPort(), handler);
            await().atMost(PATIENCE).until(() -> !handler.ends.isEmpty());
            return handler.ends.equals(
                    List.of("cannot connect to 127.0.0.1:" + listener.address().getPort() + ": Connection refused"));
        });
    }
}
