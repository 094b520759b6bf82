package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.remote.wire.EdgeSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkSessionTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @Test
    void shouldWaitForTheOtherEndWhenItIsNotReadyYet() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).send();
            await().atMost(DEADLINE).until(() -> pair.a.links().get(0).isUp());
            flow.send(0, 10);
            assertThat(flow.heardA).isEmpty();

            flow.receive();

            assertThat(flow.take()).isTrue();
            assertThat(flow.heardA).containsExactly("opened");
        }
    }

    @Test
    void shouldRefuseASessionWhenItsEpochIsStale() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow newer = pair
                    .new Flow(
                            new EdgeSession("job", "x/out -> y/in", 4, 7),
                            QueuePolicy.BACKPRESSURE,
                            10,
                            OptionalLong.empty())
                    .receive();
            LinkPair.Flow older = pair
                    .new Flow(
                            new EdgeSession("job", "x/out -> y/in", 3, 7),
                            QueuePolicy.BACKPRESSURE,
                            10,
                            OptionalLong.empty())
                    .send();

            await().atMost(DEADLINE).until(() -> !older.heardA.isEmpty());
            assertThat(older.heardA)
                    .containsExactly("REFUSED: edge 'x/out -> y/in' of job 'job' (3 -> 7):"
                            + " the producer's epoch 3 is stale, here it is 4");
            assertThat(older.source.writer().isClosed()).isFalse();
            newer.send();
            newer.send(0, 1);
            assertThat(newer.take()).isTrue();
        }
    }

    @Test
    void shouldHaveTheRoomOfItsRingsWhenAnotherSessionHasUsedThemBefore() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow before =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            for (int i = 0; i < 105; i++) {
                before.send(i, 10);
                assertThat(i < 5 || before.take()).isTrue(); // five are always under way
            }
            await().atMost(DEADLINE).until(() -> before.target.writer().sent() == 105);
            before.in.close().toCompletableFuture().join();
            before.out.close().toCompletableFuture().join();

            LinkPair.Flow after = pair.new Flow(new EdgeSession("job", "x/out -> y/in", 2, 1), before).open();
            for (int i = 105; i < 300; i++) {
                after.send(i, 10);
                assertThat(after.take()).isTrue();
                assertThat(Messages.sequence(after.target.reader())).isEqualTo(i - 5);
            }
        }
    }

    @Test
    void shouldRefuseWhatWaitsWhenANewerSessionComes() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow older =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).send();
            await().atMost(DEADLINE).until(() -> pair.a.links().get(0).isUp());
            pair
                    .new Flow(
                            new EdgeSession("job", "x/out -> y/in", 1, 2),
                            QueuePolicy.BACKPRESSURE,
                            10,
                            OptionalLong.empty())
                    .receive();

            await().atMost(DEADLINE).until(() -> !older.heardA.isEmpty());
            assertThat(older.heardA.get(0)).contains("the consumer's epoch 1 is stale, here it is 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCloseTheProducersRingWhenTheConsumerCloses(QueuePolicy policy) {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow = pair.flow("x/out -> y/in", policy, 10).open();
            flow.send(0, 10);
            assertThat(flow.take()).isTrue();
            flow.target.reader().close();

            await().atMost(DEADLINE).until(() -> flow.source.writer().isClosed());
            await().atMost(DEADLINE).until(() -> flow.heardA.size() == 2 && flow.heardB.size() == 2);
            assertThat(flow.heardA).containsExactly("opened", "CONSUMER_CLOSED: the consumer has closed");
            assertThat(flow.heardB).containsExactly("opened", "CONSUMER_CLOSED: the consumer has closed");
        }
    }

    @Test
    void shouldTellOfFailureAndRestartBetweenTheMessages() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 100).open();
            for (int i = 0; i < 20; i++) {
                flow.send(i, 100);
            }
            flow.out.nodeFailed("x", "it broke", List.of("in"));
            flow.out.nodeRestarted("x");
            for (int i = 20; i < 30; i++) {
                flow.send(i, 100);
            }
            flow.out.nodeFailed("x", "again", List.of("in", "other"));
            flow.source.writer().close();

            await().atMost(DEADLINE).until(() -> flow.heardB.contains("FINISHED"));
            assertThat(flow.heardB)
                    .containsExactly(
                            "opened",
                            "x failed: it broke [in] after 20",
                            "x restarted after 20",
                            "x failed: again [in, other] after 30",
                            "FINISHED");
        }
    }

    @Test
    void shouldLeaveTheRingsWhenAnEndLetsGo() throws Exception {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            flow.send(0, 10);
            assertThat(flow.take()).isTrue();
            flow.in.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
            await().atMost(DEADLINE).until(() -> flow.heardA.size() == 2);
            assertThat(flow.heardA).containsExactly("opened", "DETACHED");
            assertThat(flow.heardB).containsExactly("opened");
            flow.send(1, 10);
            assertThat(flow.source.writer().isClosed()).isFalse();
            assertThat(flow.target.reader().isWriterClosed()).isFalse();

            EdgeSession next = new EdgeSession("job", "x/out -> y/in", 1, 2);
            pair.a.send(next, pair.peerB, flow.source, flow.sourceSignal, (ending, reason) -> {});
            pair.b.receive(
                    next, pair.peerA, flow.target, flow.targetSignal, OptionalLong.empty(), (ending, reason) -> {});

            assertThat(flow.take()).isTrue();
            assertThat(Messages.sequence(flow.target.reader())).isEqualTo(1);
        }
    }

    @Test
    void shouldCloseBothRingsWhenTheLinkIsDownForTooLong() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS.withLinkTimeout(Duration.ofMillis(500)))) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            flow.send(0, 10);
            assertThat(flow.take()).isTrue();
            pair.proxy.cut();

            assertThat(flow.take()).isFalse();
            await().atMost(DEADLINE).until(() -> flow.heardA.size() == 2 && flow.heardB.size() == 2);
            assertThat(flow.heardA.get(1))
                    .startsWith("LINK_TIMEOUT: the link with 'b'")
                    .contains("was down for 500 ms");
            assertThat(flow.heardB.get(1)).startsWith("LINK_TIMEOUT: the link with 'a' was down for 500 ms");
            assertThat(flow.source.writer().tryClaim(40)).isEqualTo(EdgeWriter.CLOSED);

            pair.proxy.heal();
            LinkPair.Flow later = pair.flow("x/later -> y/later", QueuePolicy.BACKPRESSURE, 10)
                    .open();
            later.send(0, 10);
            assertThat(later.take()).isTrue();
        }
    }

    @Test
    void shouldFindAHalfOpenConnectionAndGoOn() {
        LinkSettings quick = LinkPair.SETTINGS.withHeartbeats(Duration.ofMillis(50), Duration.ofMillis(400));
        try (LinkPair pair = new LinkPair(quick)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 100).open();
            flow.send(0, 10);
            assertThat(flow.take()).isTrue();
            pair.proxy.blackHole();
            for (int i = 1; i < 50; i++) {
                flow.send(i, 10);
            }
            await().atMost(DEADLINE)
                    .until(() -> pair.a.links().get(0).lastProblem().startsWith("nothing was heard for"));
            pair.proxy.breakConnections(); // else what it holds arrives after all
            pair.proxy.heal();
            for (int i = 1; i < 50; i++) {
                assertThat(flow.take()).isTrue();
                assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
            }
            assertThat(flow.out.traffic().resent()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"b, 00000000-0000-0000-0000-000000000001", "c, "})
    void shouldForgetAPeerWhenAnotherIsAtItsAddressAndNobodyUsesIt(String name, String instance) {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPeer gone = new LinkPeer(
                    Role.EXECUTOR, name, instance == null ? pair.peerB.instance() : instance, pair.peerB.address());
            LinkPair.Flow flow = pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10);
            flow.out = pair.a.send(flow.session, gone, flow.source, flow.sourceSignal, (ending, reason) -> {});
            await().atMost(DEADLINE)
                    .until(() -> pair.a
                            .links()
                            .get(0)
                            .lastProblem()
                            .matches("at its address is executor 'b' .*, and not the process that is meant"));
            assertThat(pair.a.links().get(0).connections()).isZero();

            flow.out.close();

            await().atMost(DEADLINE).until(() -> pair.a.links().isEmpty());
        }
    }

    @Test
    void shouldForgetAPeerThatHasGoneWithoutAWordWhenNothingHereWaitsForIt() throws Exception {
        Duration brief = Duration.ofMillis(300);
        try (LinkPair pair =
                new LinkPair(LinkPair.SETTINGS.withLinkTimeout(brief), Security.clear(), Security.clear(), brief)) {
            InetSocketAddress address =
                    pair.b.listen(pair.networkB, LinkPair.ANY_PORT).address();
            Identity peer = Identity.of("test", Role.EXECUTOR, RawLink.NAME);
            try (RawLink link = RawLink.resume(address, peer, 1, 0).start()) {
                link.say(RawLink.open(1, "job", "x/out -> y/in"));
                await().atMost(DEADLINE).until(() -> pair.b.links().stream().anyMatch(LinkStatus::isUp));
            }

            await().atMost(DEADLINE).until(() -> pair.b.links().isEmpty());
        }
    }

    @Test
    void shouldAgreeOnOneConnectionWhenBothDialAtOnce() {
        for (int round = 0; round < 5; round++) {
            try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
                LinkPeer dialledA = new LinkPeer(
                        Role.EXECUTOR,
                        "a",
                        pair.peerA.instance(),
                        Optional.of(
                                pair.a.listen(pair.networkA, LinkPair.ANY_PORT).address()));
                LinkPair.Flow flow = pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10);
                flow.send();
                flow.in = pair.b.receive(
                        flow.session, dialledA, flow.target, flow.targetSignal, OptionalLong.empty(), (e, r) -> {});
                for (int i = 0; i < 100; i++) {
                    flow.send(i, 10);
                    assertThat(flow.take()).isTrue();
                    assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
                }
                assertThat(pair.a.links()).hasSize(1);
                assertThat(pair.b.links()).hasSize(1);
            }
        }
    }

    @Test
    void shouldWaitWithLargeBodiesWhenTheConsumerHoldsTheBudget() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow = pair
                    .new Flow(
                            new EdgeSession("job", "x/out -> y/in", 1, 1),
                            QueuePolicy.BACKPRESSURE,
                            10,
                            OptionalLong.of(1 << 20))
                    .open();
            for (int i = 0; i < 8; i++) {
                flow.send(i, i == 5 ? 3 << 20 : 400_000); // the sixth is larger than the whole budget
            }
            await().atMost(DEADLINE).until(() -> flow.target.writer().sent() == 2);
            for (int i = 0; i < 8; i++) {
                assertThat(flow.take()).isTrue();
                assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
                Messages.check(flow.target.reader());
                flow.target.reader().release();
            }
            assertThat(pair.a.links().get(0).connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldDropTheOldestBodiesWhenALossyConsumerHoldsTheBudget() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow = pair
                    .new Flow(
                            new EdgeSession("job", "x/out -> y/in", 1, 1),
                            QueuePolicy.DROP_OLDEST,
                            10,
                            OptionalLong.of(1 << 20))
                    .open();
            for (int i = 0; i < 8; i++) {
                flow.send(i, 400_000);
            }
            flow.source.writer().close();
            await().atMost(DEADLINE).until(() -> flow.heardB.contains("FINISHED"));

            long last = -1;
            while (flow.take()) {
                Messages.check(flow.target.reader());
                last = Messages.sequence(flow.target.reader());
            }
            assertThat(last).isEqualTo(7);
            assertThat(flow.target.writer().droppedForMemory()).isEqualTo(6);
        }
    }

    @Test
    void shouldRefuseToUseASessionTwice() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).send();

            assertThatThrownBy(flow::send)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("edge 'x/out -> y/in' of job 'job' (1 -> 1) is in use already");
            pair.a.close();
            assertThatThrownBy(
                            () -> pair.flow("x/o -> y/i", QueuePolicy.LATEST, 1).send())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the links of executor 'a' are closed");
        }
    }
}
