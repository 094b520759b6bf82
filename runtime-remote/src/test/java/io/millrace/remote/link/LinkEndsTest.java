package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import io.millrace.remote.testkit.FaultyProxy;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How links begin and what is left of them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkEndsTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @RegisterExtension
    final LogLines log = new LogLines("io.millrace.remote.link");

    @TempDir
    private Path directory;

    @Test
    void shouldCarryMessagesOfAllSizesWhenTheLinkIsProtected() throws Exception {
        TestAuthority authority = TestAuthority.create("test", Instant.now(), Duration.ofDays(1));
        try (LinkPair pair = new LinkPair(
                LinkPair.SETTINGS, security(authority, "a"), security(authority, "b"), Duration.ofMinutes(5))) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 8).open();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 60; i++) {
                    flow.send(i, i % 10 == 9 ? 1 << 20 : i * 100);
                    if (i == 30) {
                        pair.proxy.breakConnections();
                    }
                }
                flow.source.writer().close();
            });
            for (int i = 0; i < 60; i++) {
                assertThat(flow.take()).isTrue();
                assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
                Messages.check(flow.target.reader());
            }
            assertThat(flow.take()).isFalse();
            sender.get(60, TimeUnit.SECONDS);
            assertThat(pair.a.links().get(0).connections()).isGreaterThan(1);
        }
    }

    private Security security(TestAuthority authority, String name) throws Exception {
        TestAuthority.Certificate issued = authority.issue(List.of(Identity.of("test", Role.EXECUTOR, name)));
        return Security.mutualTls(
                Files.writeString(directory.resolve(name + ".pem"), issued.chain()),
                Files.writeString(directory.resolve(name + "-key.pem"), issued.key()),
                Files.writeString(directory.resolve(name + "-ca.pem"), issued.trusted()));
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsClosedWhileMessagesFlow() throws Exception {
        PooledByteBufAllocator buffers = PooledByteBufAllocator.DEFAULT;
        await().atMost(DEADLINE)
                .until(() -> threads().isEmpty()); // those of the test before give memory back until they end
        long before = buffers.pinnedDirectMemory();
        long during;
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 64).open();
            LinkPair.Flow large =
                    pair.flow("x/large -> y/large", QueuePolicy.BACKPRESSURE, 4).open();
            for (int i = 0; i < 1000; i++) {
                flow.send(i, 64);
                assertThat(flow.take()).isTrue();
            }
            for (int i = 0; i < 4; i++) {
                large.send(i, 1 << 20);
                flow.send(i, 64);
            }
            pair.proxy.breakConnections();
            during = buffers.pinnedDirectMemory();
            assertThat(threads()).isNotEmpty();
        }
        assertThat(during).isGreaterThan(before);
        await().atMost(DEADLINE).until(() -> buffers.pinnedDirectMemory() == before);
        await().atMost(DEADLINE).until(() -> threads().isEmpty());
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("millrace-net-"))
                .toList();
    }

    @Test
    void shouldDropALinkWhenNobodyHasUsedItForAWhile() {
        try (LinkPair pair =
                new LinkPair(LinkPair.SETTINGS, Security.clear(), Security.clear(), Duration.ofMillis(300))) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            flow.send(0, 10);
            assertThat(flow.take()).isTrue();
            assertThat(pair.a.links()).hasSize(1);
            flow.source.writer().close();

            await().atMost(DEADLINE)
                    .until(() -> pair.a.links().isEmpty() && pair.b.links().isEmpty());
            LinkPair.Flow later = pair.flow("x/later -> y/later", QueuePolicy.BACKPRESSURE, 10)
                    .open();
            later.send(0, 10);
            assertThat(later.take()).isTrue();
        }
    }

    @Test
    void shouldKeepTheNewestWhenTheNetworkIsSlow() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow lossy =
                    pair.flow("x/lossy -> y/lossy", QueuePolicy.DROP_OLDEST, 4).open();
            LinkPair.Flow lossless =
                    pair.flow("x/all -> y/all", QueuePolicy.BACKPRESSURE, 8).open();
            await().atMost(DEADLINE).until(() -> lossy.heardA.contains("opened") && lossless.heardA.contains("opened"));
            pair.proxy.slow(4 << 20);
            for (int i = 0; i < 100; i++) {
                lossy.send(i, 200_000);
            }
            for (int i = 0; i < 8; i++) {
                lossless.send(i, 50_000);
            }
            lossless.source.writer().close();
            lossy.source.writer().close();

            for (int i = 0; i < 8; i++) {
                assertThat(lossless.take()).isTrue();
                assertThat(Messages.sequence(lossless.target.reader())).isEqualTo(i);
            }
            assertThat(lossless.take()).isFalse();
            long last = -1;
            while (lossy.take()) {
                Messages.check(lossy.target.reader());
                assertThat(Messages.sequence(lossy.target.reader())).isGreaterThan(last);
                last = Messages.sequence(lossy.target.reader());
            }
            assertThat(last).isEqualTo(99);
            assertThat(lossy.source.writer().dropped()).as("at the sender").isPositive();
        }
    }

    /** Held until both have dialled, so that both connections are greeted before either end knows of the other's. */
    @Test
    void shouldKeepWhatTheSmallerNameHasDialledWhenBothDialAtOnce() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            InetSocketAddress atA =
                    pair.a.listen(pair.networkA, LinkPair.ANY_PORT).address();
            try (FaultyProxy toA = new FaultyProxy(atA)) {
                pair.proxy.blackHole();
                toA.blackHole();
                LinkPair.Flow flow = pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10);
                flow.send();
                flow.in = pair.b.receive(
                        flow.session,
                        new LinkPeer(Role.EXECUTOR, "a", pair.peerA.instance(), Optional.of(toA.address())),
                        flow.target,
                        flow.targetSignal,
                        OptionalLong.empty(),
                        (ending, reason) -> {});
                await().atMost(DEADLINE).until(() -> pair.proxy.accepted() == 1 && toA.accepted() == 1);
                pair.proxy.heal();
                toA.heal();

                flow.send(0, 10);
                assertThat(flow.take()).isTrue();
                await().atMost(DEADLINE).until(() -> toA.open() == 0);
                assertThat(pair.proxy.open()).isEqualTo(1);
            }
        }
    }
}
