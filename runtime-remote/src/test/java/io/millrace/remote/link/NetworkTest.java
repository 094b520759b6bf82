package io.millrace.remote.link;

import static io.millrace.remote.link.Patience.PATIENCE;
import static io.millrace.remote.link.RecordingHandler.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.ResourceLeakDetector;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NetworkTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Identity M1 = Identity.of("ship", Role.MASTER, "m1");
    private static final Identity BOAT = Identity.of("ship", Role.EXECUTOR, "boat");

    @RegisterExtension
    final LogLines leaks = new LogLines("io.netty.util.ResourceLeakDetector");

    private static Network open(Identity identity, Security security) {
        return Network.open(identity, security, NetworkSettings.defaults());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-net") || name.startsWith("globalEventExecutor"))
                .toList();
    }

    @Test
    void shouldSayHowToProtectItWhenAnAddressIsNotLoopback() {
        try (Network network = open(M1, Security.clear())) {
            InetSocketAddress all = new InetSocketAddress("0.0.0.0", 0);
            assertThatThrownBy(() -> network.listen(all, peer -> new RecordingHandler()))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageStartingWith("cannot listen on 0.0.0.0:0: 0.0.0.0 is not a loopback address")
                    .hasMessageContaining("--insecure");
            RecordingHandler handler = new RecordingHandler();
            network.connect("192.0.2.1", 53290, handler);
            await().atMost(PATIENCE).until(() -> !handler.ends.isEmpty());
            assertThat(handler.ends.get(0)).startsWith("cannot connect to 192.0.2.1:53290: 192.0.2.1 is not");
        }
        try (Network insecure = open(M1, Security.insecure())) {
            insecure.listen(new InetSocketAddress("0.0.0.0", 0), peer -> new RecordingHandler())
                    .close();
        }
    }

    @Test
    void shouldReachOtherAddressesWhenInsecureIsSaid() throws Exception {
        Optional<String> outer = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
        Assumptions.assumeTrue(outer.isPresent(), "this machine has loopback only");
        try (Network master = open(M1, Security.insecure());
                Network executor = open(BOAT, Security.insecure())) {
            Listener listener = master.listen(new InetSocketAddress("0.0.0.0", 0), peer -> new RecordingHandler());
            RecordingHandler handler = new RecordingHandler();
            executor.connect(outer.orElseThrow(), listener.address().getPort(), handler);
            await().atMost(PATIENCE).until(() -> !handler.opened.isEmpty());
        }
    }

    @Test
    void shouldSayWhyWhenAnAddressCannotBeListenedOn() {
        try (Network network = open(M1, Security.insecure())) {
            Listener first = network.listen(LOOPBACK, peer -> new RecordingHandler());
            assertThatThrownBy(() -> network.listen(first.address(), peer -> new RecordingHandler()))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageEndingWith(": it is in use: stop the program that has it, or choose another port");
            assertThatThrownBy(
                            () -> network.listen(new InetSocketAddress("192.0.2.1", 0), peer -> new RecordingHandler()))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageContaining("this machine has no such address");
        }
    }

    @Test
    void shouldSayWhyWhenANameIsUnknown() {
        try (Network network = open(M1, Security.clear())) {
            RecordingHandler handler = new RecordingHandler();
            network.connect("no-such-host.invalid", 1, handler);
            await().atMost(PATIENCE).until(() -> !handler.ends.isEmpty());
            assertThat(handler.ends)
                    .containsExactly(
                            "cannot connect to no-such-host.invalid:1: the name 'no-such-host.invalid' cannot be resolved");
        }
    }

    /** What comes behind the hello. */
    private static final class Heard extends SimpleChannelInboundHandler<ByteBuf> {
        volatile String heard = "";

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            heard = heard.concat(bytes.toString(StandardCharsets.US_ASCII));
        }
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored")
    void shouldHandOverABareChannelWhenThePurposeIsALink() {
        List<Channel> channels = new CopyOnWriteArrayList<>();
        List<String> failures = new CopyOnWriteArrayList<>();
        Heard atMaster = new Heard();
        try (Network master = open(M1, Security.clear());
                Network executor = open(BOAT, Security.clear())) {
            Listener listener = master.listenForLinks(LOOPBACK, (channel, peer) -> {
                assertThat(peer.name()).isEqualTo("boat");
                channel.pipeline().addLast(atMaster);
                channels.add(channel);
            });
            executor.connectLink(
                    "127.0.0.1",
                    listener.address().getPort(),
                    (channel, peer) -> {
                        // At once, so that it comes together with the end of the greetings.
                        channel.writeAndFlush(
                                Unpooled.copiedBuffer("first", StandardCharsets.US_ASCII), channel.voidPromise());
                        channels.add(channel);
                    },
                    failures::add);

            await().atMost(PATIENCE).until(() -> atMaster.heard.equals("first"));
            assertThat(channels)
                    .hasSize(2)
                    .allSatisfy(channel ->
                            assertThat(channel.pipeline().get(Handshake.class)).isNull());
            RecordingHandler control = new RecordingHandler();
            executor.connect("127.0.0.1", listener.address().getPort(), control);
            await().atMost(PATIENCE).until(() -> !control.ends.isEmpty());
            assertThat(control.ends.get(0)).contains("it refused: master 'm1' takes no control connections");
        }
        assertThat(channels).noneMatch(Channel::isOpen);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldLeaveNothingWhenClosed() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        RecordingHandler atExecutor = new RecordingHandler();
        RecordingHandler atMaster = new RecordingHandler();
        Network master = open(M1, Security.clear());
        Network executor = open(BOAT, Security.clear());
        Listener listener = master.listen(LOOPBACK, peer -> atMaster);
        executor.connect("127.0.0.1", listener.address().getPort(), atExecutor);
        await().atMost(PATIENCE).until(() -> !atExecutor.opened.isEmpty() && !atMaster.opened.isEmpty());
        for (int i = 0; i < 1000; i++) {
            atExecutor.opened.get(0).send(bytes("message " + i));
        }

        executor.close();
        executor.close();
        RecordingHandler late = new RecordingHandler();
        executor.connect("127.0.0.1", 1, late);
        await().atMost(PATIENCE).until(() -> !atMaster.ends.isEmpty());
        master.close();

        assertThat(atExecutor.ends).containsExactly("executor 'boat' shuts down");
        assertThat(atMaster.ends)
                .singleElement()
                .asString()
                .endsWith("closed the connection: executor 'boat' shuts down");
        assertThat(atMaster.messages).hasSize(1000);
        assertThat(late.ends).containsExactly("the network is closed");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
        System.gc();
        for (int i = 0; i < 200; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        assertThat(leaks.lines()).isEmpty();
    }

    @Test
    void shouldNotWaitForItselfWhenClosedOnItsOwnLoop() {
        Network master = open(M1, Security.clear());
        Network executor = open(BOAT, Security.clear());
        Listener listener = master.listen(LOOPBACK, peer -> new RecordingHandler());
        RecordingHandler kept = new RecordingHandler();
        executor.connect("127.0.0.1", listener.address().getPort(), new ControlHandler() {
            @Override
            public void onOpen(ControlConnection connection) {
                executor.close();
            }

            @Override
            public void onMessage(ControlConnection connection, byte[] message) {
                kept.onMessage(connection, message);
            }

            @Override
            public void onClosed(String reason) {
                kept.onClosed(reason);
            }
        });

        await().atMost(PATIENCE).until(() -> kept.ends.size() == 1);
        master.close();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
    }
}
