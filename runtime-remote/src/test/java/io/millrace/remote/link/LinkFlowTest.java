package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkFlowTest {
    /** These block, and the common pool may have one thread only. */
    private static final Executor ON_ITS_OWN = task -> {
        Thread thread = new Thread(task, "millrace-test");
        thread.setDaemon(true);
        thread.start();
    };

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 1024})
    void shouldCarryEveryMessageInOrderWhenTheEdgeIsBackpressure(int queueSize) throws Exception {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow = pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, queueSize)
                    .open();
            long messages = queueSize < 10 ? 500 : 20_000;
            CompletableFuture<Long> consumed = CompletableFuture.supplyAsync(() -> consumeInOrder(flow), ON_ITS_OWN);
            for (long i = 0; i < messages; i++) {
                flow.send(i, (int) (i % 300));
            }
            flow.source.writer().close();

            assertThat(consumed.get(60, TimeUnit.SECONDS)).isEqualTo(messages);
            await().atMost(DEADLINE).until(() -> flow.heardA.size() == 2 && flow.heardB.size() == 2);
            assertThat(flow.heardA).containsExactly("opened", "FINISHED");
            assertThat(flow.heardB).containsExactly("opened", "FINISHED");
            assertThat(flow.out.traffic().messages()).isEqualTo(messages);
            assertThat(flow.in.traffic())
                    .isEqualTo(new EdgeTraffic(messages, flow.out.traffic().bytes(), 0, 0, 0));
        }
    }

    private static long consumeInOrder(LinkPair.Flow flow) {
        long next = 0;
        while (flow.take()) {
            assertThat(Messages.sequence(flow.target.reader())).isEqualTo(next);
            Messages.check(flow.target.reader());
            next++;
        }
        return next;
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryMessagesOfAllSizes(QueuePolicy policy) throws Exception {
        int[] sizes = {0, 1, 7, 8, 4095, 4096, 4097, 5000, 16_384, 16_385, 131_072, 131_073, 1 << 20, 5 << 20};
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow = pair.flow("x/out -> y/in", policy, 32).open();
            for (int i = 0; i < sizes.length; i++) {
                flow.send(i, sizes[i]);
                if (policy == QueuePolicy.LATEST) {
                    assertThat(flow.take()).isTrue();
                    assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
                    Messages.check(flow.target.reader());
                    flow.target.reader().release();
                }
            }
            flow.source.writer().close();

            if (policy != QueuePolicy.LATEST) {
                assertThat(consumeInOrder(flow)).isEqualTo(sizes.length);
            }
            assertThat(flow.take()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNeitherLoseNorRepeatWhenTheConnectionBreaksAtRandom(long seed) throws Exception {
        Random random = new Random(seed);
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow small = pair.flow("x/small -> y/small", QueuePolicy.BACKPRESSURE, 64)
                    .open();
            LinkPair.Flow large =
                    pair.flow("x/large -> y/large", QueuePolicy.BACKPRESSURE, 4).open();
            CompletableFuture<Long> smallOnes = CompletableFuture.supplyAsync(() -> consumeInOrder(small), ON_ITS_OWN);
            CompletableFuture<Long> largeOnes = CompletableFuture.supplyAsync(() -> consumeInOrder(large), ON_ITS_OWN);
            CompletableFuture<Void> producer = CompletableFuture.runAsync(
                    () -> {
                        Random sizes = new Random(seed);
                        for (int i = 0; i < 60; i++) {
                            large.send(i, sizes.nextInt(2 << 20));
                        }
                        large.source.writer().close();
                    },
                    ON_ITS_OWN);
            int breaks = 0;
            for (int i = 0; i < 40_000; i++) {
                small.send(i, i % 200);
                if (random.nextInt(1500) == 0) {
                    pair.proxy.breakConnections();
                    breaks++;
                }
            }
            small.source.writer().close();

            assertThat(smallOnes.get(60, TimeUnit.SECONDS)).isEqualTo(40_000);
            assertThat(largeOnes.get(60, TimeUnit.SECONDS)).isEqualTo(60);
            producer.get(60, TimeUnit.SECONDS);
            assertThat(breaks).isGreaterThan(5);
            assertThat(pair.a.links().get(0).connections()).as("connections").isGreaterThan(3);
            await().atMost(DEADLINE)
                    .until(() -> small.heardA.contains("FINISHED") && large.heardA.contains("FINISHED"));
        }
    }

    @Test
    void shouldKeepTheNewestWhenTheNetworkIsDown() throws Exception {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.DROP_OLDEST, 10).open();
            await().atMost(DEADLINE).until(() -> flow.heardA.contains("opened"));
            pair.proxy.cut();
            await().atMost(DEADLINE).until(() -> !pair.a.links().get(0).isUp());
            for (int i = 0; i < 1000; i++) {
                flow.send(i, 8);
            }
            flow.source.writer().close();
            pair.proxy.heal();

            for (int i = 990; i < 1000; i++) {
                assertThat(flow.take()).isTrue();
                assertThat(Messages.sequence(flow.target.reader())).isEqualTo(i);
            }
            assertThat(flow.take()).isFalse();
            assertThat(flow.source.writer().dropped()).isEqualTo(990);
        }
    }

    @Test
    void shouldStallOnlyTheEdgeWhoseConsumerIsStalled() throws Exception {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow stalled =
                    pair.flow("x/stalled -> y/in", QueuePolicy.BACKPRESSURE, 10).open();
            LinkPair.Flow[] others = new LinkPair.Flow[99];
            for (int i = 0; i < others.length; i++) {
                others[i] = pair.flow("x/o" + i + " -> y/in" + i, QueuePolicy.BACKPRESSURE, 10)
                        .open();
            }
            int sent = 0;
            while (sent < 10) { // its two rings hold no more than one would
                stalled.send(sent++, 100_000);
            }
            for (int i = 0; i < 200; i++) {
                for (LinkPair.Flow other : others) {
                    other.send(i, 64);
                }
                for (LinkPair.Flow other : others) {
                    assertThat(other.take()).isTrue();
                    assertThat(Messages.sequence(other.target.reader())).isEqualTo(i);
                }
            }
            assertThat(stalled.source.writer().hasRoom()).isFalse();
            await().atMost(DEADLINE).until(() -> stalled.target.writer().sent() == 10);

            for (int i = 0; i < 20; i++) {
                assertThat(stalled.take()).isTrue();
                if (sent < 20) {
                    stalled.send(sent++, 100_000);
                }
                assertThat(Messages.sequence(stalled.target.reader())).isEqualTo(i);
            }
        }
    }
}
