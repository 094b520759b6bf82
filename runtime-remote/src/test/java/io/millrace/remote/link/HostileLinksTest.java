package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.wire.EdgeSession;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What links survive from a peer that has greeted as it should, with a good link beside it that must not notice. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileLinksTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @RegisterExtension
    final LogLines log = new LogLines("io.millrace.remote.link");

    private final LinkPair pair = new LinkPair(LinkPair.SETTINGS);
    private final LinkPair.Flow good =
            pair.flow("x/good -> y/good", QueuePolicy.BACKPRESSURE, 10).open();
    private final InetSocketAddress address =
            pair.b.listen(pair.networkB, LinkPair.ANY_PORT).address();
    private final Identity raw = Identity.of("test", Role.EXECUTOR, RawLink.NAME);
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void shouldHaveLeftTheGoodLinkAlone() {
        good.send(1, 10);
        assertThat(good.take()).isTrue();
        assertThat(pair.a.links().get(0).connections()).isEqualTo(1);
        pair.close();
    }

    private void expect(String edge) {
        EdgeSignal signal = pair.b.newSignal();
        Edge ring = Edge.create(
                QueuePolicy.BACKPRESSURE, 10, new WakeSignal(), signal.wake(), RingChoice.AUTOMATIC, () -> {});
        LinkPeer peer = new LinkPeer(Role.EXECUTOR, RawLink.NAME, raw.instance(), Optional.empty());
        pair.b.receive(
                new EdgeSession("job", edge, 1, 1), peer, ring, signal, OptionalLong.empty(), new IncomingListener() {
                    @Override
                    public void onOpened() {
                        heard.add("opened");
                    }

                    @Override
                    public void onEnded(Ending ending, String reason) {
                        heard.add(ending + ": " + reason);
                    }
                });
    }

    enum Nonsense {
        UNKNOWN_TYPE(RawLink.frame(99, 16)),
        SHORTER_THAN_ITS_HEADER(RawLink.frame(Frames.ACK, 16).putInt(0, 7)),
        OF_TWO_GIBIBYTES(RawLink.frame(Frames.DATA, 16).putInt(0, Integer.MAX_VALUE)),
        NEGATIVE_LENGTH(RawLink.frame(Frames.DATA, 16).putInt(0, -1)),
        ANOTHER_VERSION(RawLink.frame(Frames.ACK, 16).put(5, (byte) 9)),
        A_SECOND_RESUME(RawLink.frame(Frames.RESUME, 48)),
        A_SECOND_START(RawLink.frame(Frames.START, 16)),
        ACKNOWLEDGES_WHAT_WAS_NOT_SENT(RawLink.frame(Frames.ACK, 16).putLong(8, 1L << 40)),
        NEGATIVE_CHANNEL(RawLink.open(-1, "job", "x/o -> y/i")),
        CHANNEL_TOO_HIGH(RawLink.open(Frames.MAX_CHANNELS, "job", "x/o -> y/i")),
        NAMES_LONGER_THAN_THE_FRAME(RawLink.open(0, "job", "x/o -> y/i").putShort(12, (short) 400)),
        CREDIT_OF_NO_EDGE(RawLink.frame(Frames.CREDIT, 32).putInt(8, 3)),
        CLOSE_OF_NO_EDGE(RawLink.frame(Frames.CLOSE, 16).putInt(8, 3)),
        CLOSED_OF_NO_EDGE(RawLink.frame(Frames.CLOSED, 16).putInt(8, 3)),
        FRAGMENT_OF_NOTHING(RawLink.frame(Frames.FRAGMENT, 17)),
        RECORD_OF_NOTHING(RawLink.frame(Frames.DATA, 64)),
        RECORD_BEYOND_ITS_FRAME(data(80, 33)),
        NEXT_RECORD_CUT(data(80, 20)),
        NEXT_RECORD_OF_NOTHING(data(96, 16));

        final ByteBuffer frame;

        Nonsense(ByteBuffer frame) {
            this.frame = frame;
        }

        private static ByteBuffer data(int length, int firstPayload) {
            ByteBuffer frame = RawLink.frame(Frames.DATA, length);
            RecordLayout.putHeader(frame, Frames.BODY_OFFSET, (byte) 0, 0, 1);
            RecordLayout.putLengths(frame, Frames.BODY_OFFSET, 0, firstPayload);
            return frame;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCloseTheConnectionWhenWhatComesIsNonsense(Nonsense nonsense) throws Exception {
        try (RawLink link = RawLink.resume(address, raw, 1, 0).start().say(nonsense.frame)) {
            link.awaitEnd();
        }
        log.awaitOne("link with executor 'raw' .* is closed: it does not keep to the protocol: .*");
    }

    @Test
    void shouldKeepALinkToItselfWhenAnotherMemberSaysThatItIsTheSameInstance() throws Exception {
        Identity stolen = new Identity("test", Role.EXECUTOR, RawLink.NAME, pair.peerA.instance());
        try (RawLink link = RawLink.resume(address, stolen, 1, 0).start()) {
            await().atMost(DEADLINE)
                    .until(() -> pair.b.links().size() == 2
                            && pair.b.links().stream().allMatch(found -> found.connections() == 1));

            good.send(2, 10);
            assertThat(good.take()).isTrue();
            assertThat(pair.b.links())
                    .extracting(found -> found.peer().name(), LinkStatus::sessions)
                    .containsExactlyInAnyOrder(tuple("a", 1), tuple(RawLink.NAME, 0));
            assertThat(link.received).as("of the other's stream").isZero();
        }
    }

    @Test
    void shouldCloseTheConnectionWhenItDoesNotBeginWithAResume() throws Exception {
        try (Socket socket = RawLink.greet(address, raw)) {
            RawLink.write(socket, RawLink.frame(Frames.START, 16));
            RawLink.awaitEnd(socket);
        }
        log.awaitOne(
                "link with executor 'raw' .* is closed: it does not keep to the protocol: frames before the RESUME");
    }

    @Test
    void shouldEndWhatIsOpenWhenTheProtocolIsBrokenThreeTimesAtTheSamePlace() throws Exception {
        expect("x/o -> y/i");
        long known = 0;
        for (int connection = 1; connection <= 3; connection++) {
            try (RawLink link = RawLink.resume(address, raw, connection, known).start()) {
                assertThat(link.received).isEqualTo(connection == 1 ? 0 : 45);
                known = link.peerStream;
                if (connection == 1) {
                    link.say(RawLink.open(4, "job", "x/o -> y/i"));
                }
                assertThat(heard).isSubsetOf("opened");
                link.say(RawLink.frame(Frames.CREDIT, 32).putInt(8, 3));
                link.awaitEnd();
            }
        }

        await().atMost(DEADLINE).until(() -> heard.size() == 2);
        assertThat(heard)
                .containsExactly(
                        "opened",
                        "LINK_RESET: it does not keep to the protocol: a frame about channel 3, which was not opened");
        log.awaitOne("link with .*raw.* begins anew: .*");
    }

    @Test
    void shouldEndWhatIsOpenWhenThePeerHasLostWhatItKnew() throws Exception {
        expect("x/o -> y/i");
        try (RawLink link = RawLink.resume(address, raw, 1, 0).start()) {
            link.say(RawLink.open(4, "job", "x/o -> y/i"));
            await().atMost(DEADLINE).until(() -> heard.size() == 1);
        }
        try (Socket again = RawLink.greet(address, raw)) {
            RawLink.write(
                    again,
                    RawLink.frame(Frames.RESUME, 48)
                            .putLong(8, 2)
                            .putLong(16, 1)
                            .putLong(24, 78));
            await().atMost(DEADLINE).until(() -> heard.size() == 2);
            assertThat(heard).containsExactly("opened", "LINK_RESET: the peer has lost what it knew of the link");

            expect("x/later -> y/later");
            RawLink.write(again, RawLink.frame(Frames.START, 16));
            RawLink.write(again, RawLink.open(0, "job", "x/later -> y/later"));
            Set<Integer> said = new HashSet<>();
            while (!said.contains(Frames.ACCEPT)) {
                said.add(RawLink.nextType(again));
            }
            assertThat(said).as("of channels that the new stream does not have").doesNotContain(Frames.CANCEL);
        }
    }
}
