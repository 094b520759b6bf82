package io.millrace.remote.link;

import static io.millrace.remote.link.Patience.PATIENCE;
import static io.millrace.remote.link.RecordingHandler.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a master survives, with a good connection beside it that must not notice. */
class HostilePeersTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int FLOOD = 2_000;
    private static final String REFUSED = "refused a connection from 127\\.0\\.0\\.1:\\d+: ";

    @RegisterExtension
    final LogLines log = new LogLines("io.millrace.remote.link");

    private final NetworkSettings settings = NetworkSettings.builder()
            .helloTimeout(Duration.ofSeconds(2))
            .heartbeatInterval(Duration.ofMillis(100))
            .heartbeatTimeout(Duration.ofSeconds(2))
            .controlFrameBytes(64 * 1024)
            .sendBytes(256 * 1024)
            .connectionsAtMost(3)
            .build();
    private final Network master = Network.open(Identity.of("ship", Role.MASTER, "m1"), Security.clear(), settings);
    private final Network executor =
            Network.open(Identity.of("ship", Role.EXECUTOR, "boat"), Security.clear(), settings);
    private final List<RecordingHandler> handlers = new CopyOnWriteArrayList<>();
    private final Listener listener = master.listen(LOOPBACK, peer -> {
        RecordingHandler handler = new RecordingHandler();
        handlers.add(handler);
        return handler;
    });
    private final RecordingHandler good = new RecordingHandler();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @BeforeEach
    void openAGoodConnection() {
        executor.connect("127.0.0.1", listener.address().getPort(), good);
        await().atMost(PATIENCE).until(() -> !good.opened.isEmpty() && handlers.size() == 1);
    }

    @AfterEach
    void shouldHaveLeftTheGoodConnectionAlone() throws Exception {
        handlers.get(0).opened.get(0).send(bytes("still here"));
        await().atMost(PATIENCE).until(() -> good.messages.contains("still here"));
        assertThat(good.ends).isEmpty();
        for (AutoCloseable each : toClose) {
            each.close();
        }
        executor.close();
        master.close();
    }

    private RawPeer peer() throws Exception {
        RawPeer peer = new RawPeer(listener.address());
        toClose.add(peer);
        return peer;
    }

    /** The handler of the connection that is made by hand. */
    private RecordingHandler atMaster() {
        await().atMost(PATIENCE)
                .until(() -> handlers.size() == 2 && !handlers.get(1).opened.isEmpty());
        return handlers.get(1);
    }

    private String end(RecordingHandler handler) {
        await().atMost(PATIENCE).until(() -> !handler.ends.isEmpty());
        assertThat(handler.ends).hasSize(1);
        return handler.ends.get(0);
    }

    @Test
    void shouldTellAStrangerNothingWhenItSpeaksAnotherProtocol() throws Exception {
        assertThat(peer().send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                        .rest())
                .isEmpty();
        assertThat(peer().send((byte) 0x16, (byte) 3, (byte) 1, (byte) 0, (byte) 5)
                        .rest())
                .isEmpty();
        assertThat(peer().send((byte) 0).rest()).isEmpty();

        log.awaitOne(REFUSED + "it speaks HTTP, not the protocol of Millrace");
        log.awaitOne(REFUSED + "it speaks TLS, and this end is in the clear: .*");
        log.awaitOne(REFUSED + "it does not speak the protocol of Millrace");
    }

    @Test
    void shouldSayWhyWhenAHelloIsNotForIt() throws Exception {
        byte[] otherVersion = RawPeer.hello(Purpose.CONTROL, "ship");
        otherVersion[9] = 9;
        assertThat(peer().send(otherVersion).refusal()).startsWith("it speaks version 9 of the protocol, this end");
        assertThat(peer().send(RawPeer.hello(Purpose.CONTROL, "dock")).refusal())
                .isEqualTo("it belongs to the cluster 'dock', this is 'ship'");
        assertThat(peer().send(RawPeer.hello(Purpose.LINK, "ship")).refusal())
                .isEqualTo("master 'm1' takes no link connections at this address");
        byte[] long64k = RawPeer.hello(Purpose.CONTROL, "ship");
        long64k[11] = (byte) 0xFF;
        assertThat(peer().send(long64k).refusal()).contains("bytes: expected at most 4096");
        byte[] rare =
                RawPeer.greeting(new Greeting.Hello(Purpose.CONTROL, Identity.of("ship", Role.CLIENT, "c"), 60_000));
        assertThat(peer().send(rare).refusal()).startsWith("its heartbeats come every 60000 ms, and master 'm1' takes");
        byte[] role = RawPeer.hello(Purpose.CONTROL, "ship");
        role[14] = 77;
        assertThat(peer().send(role).refusal()).isEqualTo("its hello has the unknown role 77");
        assertThat(peer().send(RawPeer.greeting(new Greeting.Confirmed())).refusal())
                .isEqualTo("its greetings are out of order");

        await().atMost(PATIENCE).until(() -> log.count(REFUSED + ".*") == 7);
    }

    @Test
    void shouldGiveUpWhenAHelloDoesNotCome() throws Exception {
        RawPeer silent = peer();
        RawPeer cut = peer();
        cut.send("MILLR".getBytes(StandardCharsets.US_ASCII)).shutdownOutput();

        assertThat(cut.rest()).isEmpty();
        assertThat(silent.refusal()).isEqualTo("no hello within 2000 ms");

        log.awaitOne(REFUSED + "it closed the connection within its hello");
        log.awaitOne(REFUSED + "no hello within 2000 ms");
        assertThat(handlers).hasSize(1);
    }

    @Test
    void shouldCloseWhenAFrameCannotBeOne() throws Exception {
        for (int length : new int[] {Integer.MAX_VALUE, -1, 0, 64 * 1024 + 2}) {
            RawPeer peer = peer().greet(Purpose.CONTROL);
            RecordingHandler handler = atMaster();
            peer.frame(length, 0);
            assertThat(end(handler))
                    .matches("executor 'raw' \\(.*\\) breaks the protocol: a frame of "
                            + Integer.toUnsignedString(length) + " bytes: expected 1 to 65537");
            handlers.remove(1);
        }
        RawPeer peer = peer().greet(Purpose.CONTROL).frame(1, 99);
        assertThat(end(atMaster())).endsWith("a frame of type 99, which this end does not know");
        assertThat(peer.rest()).isNotNull();
    }

    @Test
    void shouldNotHandOverHalfAMessageWhenThePeerGoes() throws Exception {
        RawPeer peer = peer().greet(Purpose.CONTROL).frame(6, 0, bytes("whole")).frame(100, 0, bytes("half"));
        RecordingHandler handler = atMaster();
        await().atMost(PATIENCE).until(() -> handler.messages.size() == 1);
        peer.close();

        assertThat(end(handler)).contains("executor 'raw'");
        assertThat(handler.messages).containsExactly("whole");
    }

    @Test
    void shouldFindOutWhenAPeerIsHalfOpen() throws Exception {
        peer().greet(Purpose.CONTROL);

        assertThat(end(atMaster())).matches("nothing heard from executor 'raw' \\(.*\\) for \\d+ ms");
    }

    @Test
    void shouldCloseAndHoldLittleWhenAPeerDoesNotRead() throws Exception {
        RawPeer peer = peer().greet(Purpose.CONTROL);
        RecordingHandler handler = atMaster();
        ControlConnection connection = handler.opened.get(0);

        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            peer.frame(1, 1);
            return !connection.send(new byte[60_000]);
        });

        assertThat(end(handler)).matches("executor 'raw' \\(.*\\) does not read: \\d+ bytes wait to be sent to it");
        assertThat(connection.send(bytes("more"))).isFalse();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void shouldRefuseOneMoreWhenThereAreEnough() throws Exception {
        peer().greet(Purpose.CONTROL);
        peer().greet(Purpose.CONTROL);
        await().atMost(PATIENCE).until(() -> handlers.size() == 3);

        assertThat(peer().rest()).isEmpty();

        log.awaitOne(REFUSED + "there are 3 connections already");
    }

    @Test
    void shouldReadNoFurtherWhenTheHandlerIsSlow() throws Exception {
        ExecutorService slow = Executors.newSingleThreadExecutor();
        toClose.add(slow::shutdownNow);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        slow.execute(() -> awaitQuietly(mayGoOn));
        CountingHandler handler = new CountingHandler();
        RawPeer peer = new RawPeer(master.listen(LOOPBACK, who -> handler, slow).address());
        toClose.add(peer);
        peer.greet(Purpose.CONTROL);
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(peer));

        // Longer than the heartbeat timeout: who is not read from is not taken for gone.
        await().atMost(PATIENCE).during(Duration.ofSeconds(3)).until(() -> !flood.isDone());
        mayGoOn.countDown();

        await().atMost(PATIENCE).until(() -> handler.messages.get() == FLOOD);
        assertThat(flood).isCompleted();
    }

    /** More than the system's buffers hold at most. */
    private static void flood(RawPeer peer) {
        byte[] content = new byte[60_000];
        try {
            for (int i = 0; i < FLOOD; i++) {
                peer.frame(content.length + 1, 0, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class CountingHandler implements ControlHandler {
        final AtomicInteger messages = new AtomicInteger();

        @Override
        public void onOpen(ControlConnection connection) {
            // Counts only.
        }

        @Override
        public void onMessage(ControlConnection connection, byte[] message) {
            messages.incrementAndGet();
        }

        @Override
        public void onClosed(String reason) {
            // Counts only.
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
