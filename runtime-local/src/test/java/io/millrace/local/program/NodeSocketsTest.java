package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.local.waiting.Threads;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NodeSocketsTest {
    private static final int MOST = 16;

    private final List<SocketChannel> clients = new ArrayList<>();
    private Selector selector;
    private NodeSockets sockets;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        sockets = NodeSockets.open("node 'a'", selector, 0);
    }

    @AfterEach
    void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        sockets.close();
        selector.close();
    }

    private NodeConnection connect() throws IOException {
        SocketChannel client = SocketChannel.open(sockets.address());
        clients.add(client);
        int port = client.socket().getLocalPort();
        await().atMost(Threads.DEADLINE).until(() -> {
            sockets.look();
            return sockets.connections().stream().anyMatch(made -> isOf(made, port)) || isClosed(client);
        });
        return sockets.connections().stream()
                .filter(made -> isOf(made, port))
                .findFirst()
                .orElse(null);
    }

    private static boolean isOf(NodeConnection connection, int port) {
        return connection.toString().equals(NodeConnection.describe(port));
    }

    private static boolean isClosed(SocketChannel client) throws IOException {
        client.configureBlocking(false);
        return client.read(ByteBuffer.allocate(1)) < 0;
    }

    @Test
    void shouldCloseTheOldestThatHasNotRegisteredWhenThereAreTooMany() throws IOException {
        NodeConnection program = connect();
        program.register();
        List<NodeConnection> strangers = new ArrayList<>();
        for (int i = 1; i < MOST; i++) {
            strangers.add(connect());
        }

        NodeConnection newcomer = connect();

        assertThat(newcomer).isNotNull();
        assertThat(strangers.get(0).isClosed()).isTrue();
        assertThat(sockets.connections()).hasSize(MOST).contains(program, strangers.get(1), newcomer);
    }

    /** In a JVM that has few descriptors: takes all of them, has somebody connect, and gives them back. */
    public static void main(String[] arguments) throws Exception {
        NodeSocketsTest test = new NodeSocketsTest();
        test.open();
        SocketChannel client = SocketChannel.open();
        List<InputStream> all = new ArrayList<>();
        try {
            while (true) {
                all.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException noMore) {
            client.connect(test.sockets.address());
        }
        while (test.sockets.lookAfterMs() == 0) {
            test.sockets.await();
            test.selector.select();
            test.sockets.look();
        }
        for (InputStream each : all) {
            each.close();
        }
        while (test.sockets.connections().isEmpty()) {
            test.sockets.await();
            test.selector.select(test.sockets.lookAfterMs());
            test.sockets.look();
        }
        client.close();
        test.close();
    }

    @Test
    void shouldLetInWhoConnectsWhenThereAreDescriptorsAgain() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process jvm = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 200 && exec \"$0\" -XX:TieredStopAtLevel=1 -cp \"$1\" \"$2\"",
                        java,
                        path,
                        NodeSocketsTest.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain("Exception in thread");
            assertThat(jvm.waitFor()).isZero();
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void shouldRefuseAnotherWhenAllHaveRegistered() throws IOException {
        for (int i = 0; i < MOST; i++) {
            connect().register();
        }

        assertThat(connect()).isNull();
        assertThat(sockets.connections()).hasSize(MOST).noneMatch(NodeConnection::isClosed);
    }
}
