package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.wire.EdgeSession;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rings that change under a session, and notices between what waits. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkReplacementTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @Test
    void shouldSendFromTheFreshRingWhenTheProducersIsReplaced() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            flow.send(0, 10);
            assertThat(flow.take()).isTrue();
            Edge fresh = Edge.create(
                    QueuePolicy.BACKPRESSURE,
                    10,
                    flow.sourceSignal.wake(),
                    new WakeSignal(),
                    RingChoice.AUTOMATIC,
                    () -> {});
            flow.out.replace(fresh);
            await().atMost(DEADLINE).until(() -> flow.source.writer().isClosed());
            for (int i = 1; i <= 5; i++) {
                assertThat(Messages.trySend(fresh.writer(), i, 10)).isTrue();
            }
            fresh.writer().close();

            for (int i = 1; i <= 5; i++) {
                assertThat(flow.take()).isTrue();
                assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
            }
            assertThat(flow.take()).isFalse();
            assertThat(flow.out.traffic().messages()).isEqualTo(6);
        }
    }

    @Test
    void shouldFillTheFreshRingWhenTheConsumersIsReplaced() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            for (int i = 0; i < 10; i++) { // its two rings hold no more than one would
                flow.send(i, 10);
            }
            await().atMost(DEADLINE).until(() -> flow.target.writer().sent() == 10);
            assertThat(flow.take()).isTrue();
            WakeSignal consumer = new WakeSignal();
            Edge fresh = Edge.create(
                    QueuePolicy.BACKPRESSURE, 10, consumer, flow.targetSignal.wake(), RingChoice.AUTOMATIC, () -> {});
            flow.in.replace(fresh);

            for (int i = 10; i < 40; i++) { // what had come is lost with the ring, and nothing else
                flow.send(i, 10);
                assertNext(fresh.reader(), consumer, i);
            }
            assertThat(flow.target.reader().isWriterClosed()).isTrue();
            assertThat(pair.a.links().get(0).connections()).isEqualTo(1);
        }
    }

    private static void assertNext(EdgeReader reader, WakeSignal signal, long sequence) {
        await().atMost(DEADLINE).until(reader::hasNext);
        assertThat(reader.next()).isTrue();
        assertThat(Messages.sequence(reader)).isEqualTo(sequence);
        assertThat(signal).isNotNull();
    }

    @Test
    void shouldNotOvertakeAMessageWhenBodiesBehindItWereGivenUp() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow = pair
                    .new Flow(
                            new EdgeSession("job", "x/out -> y/in", 1, 1),
                            QueuePolicy.DROP_OLDEST,
                            100,
                            OptionalLong.empty())
                    .send();
            for (int i = 0; i < 5; i++) {
                flow.send(i, 10);
            }
            flow.out.nodeFailed("x", "it broke", List.of("in"));
            for (int i = 5; i < 12; i++) {
                flow.send(i, 100_000);
            }
            int givenUp = 0;
            while (flow.source.writer().oldestReference() != Long.MAX_VALUE) {
                flow.source.writer().giveUp(flow.source.writer().oldestReference());
                givenUp++;
            }
            flow.out.nodeRestarted("x");
            flow.send(12, 10);
            flow.source.writer().close();
            flow.receive();

            await().atMost(DEADLINE).until(() -> flow.heardB.contains("FINISHED"));
            assertThat(givenUp).isEqualTo(7);
            assertThat(flow.heardB)
                    .containsExactly("opened", "x failed: it broke [in] after 5", "x restarted after 5", "FINISHED");
        }
    }

    @Test
    void shouldTellBeforeANewerMessageWhenAllOlderOnesWereDropped() {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.DROP_OLDEST, 10).send();
            for (int i = 0; i < 5; i++) {
                flow.send(i, 10);
            }
            flow.out.nodeRestarted("x");
            for (int i = 5; i < 100; i++) {
                flow.send(i, 10);
            }
            flow.source.writer().close();
            flow.receive();

            await().atMost(DEADLINE).until(() -> flow.heardB.contains("FINISHED"));
            assertThat(flow.heardB).containsExactly("opened", "x restarted after 0", "FINISHED");
            assertThat(flow.target.writer().sent()).isEqualTo(10);
        }
    }
}
