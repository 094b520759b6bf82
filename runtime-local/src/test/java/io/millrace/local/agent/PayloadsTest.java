package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.MessageView;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.pool.Slab;
import io.millrace.node.Claim;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the memory of large payloads is, whatever becomes of the messages that have it. */
class PayloadsTest {
    private static final int LARGE = 16 * 1024;
    private static final long FOUR_LARGE = 4L * LARGE;
    private static final List<QueuePolicy> POLICIES = List.of(QueuePolicy.values());

    private final Owner owner = Owner.waiting();
    private final Owner reactive = Owner.reactive();
    private final AtomicInteger firstsGivenUp = new AtomicInteger();

    private OutputPort port(Owner of, long budgetBytes) {
        return new OutputPort(
                "out",
                "node/out",
                of,
                new OutputPort.Payloads(OptionalLong.of(budgetBytes), () -> {}, firstsGivenUp::incrementAndGet, false));
    }

    private static Edge edge(QueuePolicy policy, int queueSize) {
        return Edge.create(policy, queueSize, null, null, RingChoice.OWN, () -> {});
    }

    private static SendResult offer(OutputPort port, long number, int length) {
        @Nullable Claim claim = port.tryClaim(length);
        if (claim == null) {
            return port.isClosed() ? SendResult.CLOSED : SendResult.FULL;
        }
        claim.putLong(0, number);
        claim.putLong(length - Long.BYTES, ~number);
        claim.commit();
        return SendResult.ACCEPTED;
    }

    private static long numberInHand(EdgeReader reader) {
        MessageView view = new MessageView().wrap(reader.buffer(), reader.recordOffset(), reader.body());
        long number = view.getLong(0);
        assertThat(view.getLong(view.length() - Long.BYTES)).as("last word").isEqualTo(~number);
        return number;
    }

    private static List<Long> drain(EdgeReader reader) {
        List<Long> numbers = new ArrayList<>();
        while (reader.next()) {
            numbers.add(numberInHand(reader));
        }
        return numbers;
    }

    @Test
    void shouldShareOneSlabAmongAllConsumers() {
        OutputPort port = port(owner, FOUR_LARGE);
        List<Edge> edges = List.of(edge(QueuePolicy.BACKPRESSURE, 3), edge(QueuePolicy.DROP_OLDEST, 3));
        edges.forEach(edge -> port.connect(edge.writer()));

        offer(port, 1, LARGE);

        edges.forEach(edge -> assertThat(edge.reader().next()).isTrue());
        Slab slab = edges.get(0).reader().slab();
        assertThat(edges.get(1).reader().slab()).isSameAs(slab);
        assertThat(slab.references()).isEqualTo(2);
        edges.forEach(edge -> edge.reader().release());
        assertThat(slab.references()).isZero();
        assertThat(port.outstandingBytes()).isZero();
    }

    @Test
    void shouldTakeItBackWhenTheClaimIsAborted() {
        OutputPort port = port(owner, FOUR_LARGE);
        port.connect(edge(QueuePolicy.BACKPRESSURE, 3).writer());
        for (int i = 0; i < 100; i++) {
            port.claim(LARGE).abort();
        }
        assertThat(port.outstandingBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldTakeItBackFromAnEdgeThatIsReplacedWhileAnotherMessageIsBeingWritten(int consumers) {
        OutputPort port = port(owner, FOUR_LARGE);
        Edge former = edge(QueuePolicy.BACKPRESSURE, 3);
        port.connect(former.writer());
        Edge other = edge(QueuePolicy.BACKPRESSURE, 3);
        if (consumers > 1) { // else the message is written in the edge that is replaced
            port.connect(other.writer());
        }
        offer(port, 1, LARGE);
        Claim claim = port.claim(2 * Long.BYTES);
        claim.putLong(0, 5);
        claim.putLong(Long.BYTES, ~5L);
        Edge fresh = edge(QueuePolicy.BACKPRESSURE, 3);

        port.replace(former.writer(), fresh.writer());
        claim.commit();
        other.reader().close();

        assertThat(port.outstandingBytes()).isZero();
        assertThat(offer(port, 2, LARGE)).isEqualTo(SendResult.ACCEPTED);
        assertThat(drain(fresh.reader())).endsWith(2L);
    }

    @Test
    void shouldBeFullWhenALosslessConsumerHoldsTheBudget() {
        OutputPort port = port(owner, FOUR_LARGE);
        Edge edge = edge(QueuePolicy.BACKPRESSURE, 100);
        port.connect(edge.writer());
        for (int number = 0; number < 4; number++) {
            assertThat(offer(port, number, LARGE)).isEqualTo(SendResult.ACCEPTED);
        }

        assertThat(offer(port, 4, LARGE)).isEqualTo(SendResult.FULL);
        assertThat(port.tryClaim(LARGE)).isNull();
        assertThat(offer(port, 5, 64)).as("a small one needs no memory").isEqualTo(SendResult.ACCEPTED);
        edge.reader().next();
        assertThat(offer(port, 6, LARGE)).as("the first is still in hand").isEqualTo(SendResult.FULL);
        edge.reader().next();
        assertThat(offer(port, 6, LARGE)).isEqualTo(SendResult.ACCEPTED);
        assertThat(drain(edge.reader())).containsExactly(2L, 3L, 5L, 6L);
        assertThat(firstsGivenUp).hasValue(0);
    }

    @Test
    void shouldWaitForMemoryWhenItsOwnerWaits() {
        OutputPort port = port(owner, FOUR_LARGE);
        Edge edge = edge(QueuePolicy.BACKPRESSURE, 100);
        port.connect(edge.writer());
        for (int number = 0; number < 4; number++) {
            offer(port, number, LARGE);
        }
        owner.waits.add(() -> assertThat(port.hasRoom()).as("nothing is back").isFalse());
        owner.waits.add(edge.reader()::next);
        owner.waits.add(edge.reader()::next);

        assertThat(port.send(ByteBuffer.allocate(LARGE))).isEqualTo(SendResult.ACCEPTED);
        assertThat(owner.waits).isEmpty();
        assertThat(port.hasRoom()).as("for a small one").isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"DROP_OLDEST", "LATEST"})
    void shouldGiveUpTheOldestWhenALossyConsumerHoldsTheBudget(QueuePolicy policy) {
        OutputPort port = port(owner, 2L * LARGE);
        Edge edge = edge(policy, 100);
        port.connect(edge.writer());
        offer(port, 0, LARGE);
        edge.reader().next();
        for (int number = 1; number <= 10; number++) {
            assertThat(offer(port, number, LARGE)).isEqualTo(SendResult.ACCEPTED);
            assertThat(numberInHand(edge.reader())).as("in hand").isZero();
        }

        assertThat(edge.writer().droppedForMemory()).isEqualTo(9);
        assertThat(edge.writer().dropped()).isEqualTo(9);
        assertThat(drain(edge.reader())).containsExactly(10L);
        assertThat(firstsGivenUp).hasValue(1);
        assertThat(edge.writer().sent())
                .isEqualTo(edge.reader().received()
                        + edge.writer().dropped()
                        + edge.writer().conflated());
    }

    @Test
    void shouldKeepWhatIsInlineWhenMemoryIsGivenUp() {
        OutputPort port = port(owner, 2L * LARGE);
        Edge edge = edge(QueuePolicy.DROP_OLDEST, 100);
        port.connect(edge.writer());
        for (int number = 0; number < 20; number++) {
            offer(port, number, number % 2 == 0 ? 16 : LARGE);
        }

        assertThat(drain(edge.reader())).containsExactly(0L, 2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 17L, 18L, 19L);
        assertThat(edge.writer().droppedForMemory()).isEqualTo(8);
    }

    @Test
    void shouldDropInOrderWhenMessagesAreGivenUpAndTheQueueIsFullAsWell() {
        OutputPort port = port(owner, 2L * LARGE);
        Edge edge = edge(QueuePolicy.DROP_OLDEST, 6);
        port.connect(edge.writer());
        for (int number = 0; number < 20; number++) {
            offer(port, number, number % 2 == 0 ? 16 : LARGE);
        }

        assertThat(drain(edge.reader())).containsExactly(14L, 16L, 17L, 18L, 19L);
        assertThat(edge.writer().dropped()).isEqualTo(15);
        assertThat(edge.reader().received()).isEqualTo(5);
    }

    @Test
    void shouldGiveUpOnEveryLossyEdgeButOnNoLosslessOne() {
        OutputPort port = port(owner, FOUR_LARGE);
        Edge lossless = edge(QueuePolicy.BACKPRESSURE, 100);
        Edge lossy = edge(QueuePolicy.DROP_OLDEST, 100);
        Edge alsoLossy = edge(QueuePolicy.DROP_OLDEST, 100);
        port.connect(lossless.writer());
        port.connect(lossy.writer());
        port.connect(alsoLossy.writer());
        for (int number = 0; number < 4; number++) {
            offer(port, number, LARGE);
        }
        lossless.reader().next();
        lossless.reader().next();

        assertThat(offer(port, 4, LARGE)).isEqualTo(SendResult.ACCEPTED);

        assertThat(drain(lossy.reader())).containsExactly(1L, 2L, 3L, 4L);
        assertThat(drain(alsoLossy.reader())).containsExactly(1L, 2L, 3L, 4L);
        assertThat(drain(lossless.reader())).containsExactly(2L, 3L, 4L);
    }

    @Test
    void shouldRefuseByNameWhenAPayloadIsLargerThanTheBudget() {
        OutputPort port = port(owner, FOUR_LARGE);
        port.connect(edge(QueuePolicy.BACKPRESSURE, 3).writer());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> port.claim((int) FOUR_LARGE + 1))
                .withMessage(
                        "output 'node/out': a payload of 65537 bytes, with its parameters, is larger than the node's payload_budget"
                                + " of 65536 bytes: raise payload_budget, or send less at a time");
        assertThat(port.tryClaim((int) FOUR_LARGE)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {64, LARGE})
    void shouldNameThePlaceOfTheOpenClaimWhenDebugging(int length) {
        OutputPort port = new OutputPort(
                "out", "node/out", owner, new OutputPort.Payloads(OptionalLong.empty(), () -> {}, () -> {}, true));
        port.connect(edge(QueuePolicy.BACKPRESSURE, 3).writer());
        leaveOpen(port, length);

        assertThatIllegalStateException()
                .isThrownBy(() -> port.claim(8))
                .withMessage("output 'node/out' has a claim that was neither committed nor aborted")
                .satisfies(failure -> assertThat(failure.getCause().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("leaveOpen")));
        port.end();
        assertThat(port.outstandingBytes()).isZero();
    }

    private static void leaveOpen(OutputPort port, int length) {
        port.claim(length).putLong(0, 1);
    }

    @Test
    void shouldKeepAReactiveMessageUntilThereIsMemory() {
        OutputPort port = port(reactive, 2L * LARGE);
        Edge edge = edge(QueuePolicy.BACKPRESSURE, 100);
        port.connect(edge.writer());
        for (int number = 0; number < 6; number++) {
            Claim claim = port.claim(LARGE);
            claim.putLong(0, number);
            claim.putLong(LARGE - Long.BYTES, ~number);
            claim.commit();
        }

        assertThat(port.isOverflowing()).isTrue();
        assertThat(port.hasRoom()).isFalse();
        assertThat(port.canFlush()).isFalse();
        assertThat(port.flush()).isFalse();
        List<Long> received = new ArrayList<>();
        for (int i = 0; i < 20 && received.size() < 6; i++) {
            received.addAll(drain(edge.reader()));
            assertThat(port.canFlush()).isEqualTo(port.isOverflowing());
            port.flush();
        }
        assertThat(received).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(port.outstandingBytes()).isZero();
    }

    @Test
    void shouldNotLockItselfOutWhenMemoryComesBackWhileAMessageWaitsForIt() {
        OutputPort port = port(reactive, 2L * LARGE);
        Edge edge = edge(QueuePolicy.BACKPRESSURE, 100);
        port.connect(edge.writer());
        for (int number = 0; number < 3; number++) {
            port.send(ByteBuffer.allocate(LARGE));
        }
        while (edge.reader().next()) {
            assertThat(edge.reader().slab()).isNotNull();
        }
        for (int number = 3; number < 8; number++) {
            port.send(ByteBuffer.allocate(LARGE));
        }

        for (int i = 0; i < 20; i++) {
            port.flush();
            edge.reader().next();
        }
        assertThat(port.isOverflowing()).isFalse();
        assertThat(edge.reader().received()).isEqualTo(8);
    }

    @Test
    void shouldFailNobodyWhenASingleMessageBeyondTheBudgetIsLargerThanTheOverflow() {
        OutputPort port = port(reactive, 200L << 20);
        Edge edge = edge(QueuePolicy.BACKPRESSURE, 1);
        port.connect(edge.writer());
        port.claim(150 << 20).commit();
        port.claim(100 << 20).commit();

        assertThat(reactive.overflows).isEmpty();
        port.claim(100 << 20).commit();
        assertThat(reactive.overflows).containsExactly(port.name());
    }

    /** Sizes, policies, budgets, closings, retained and aborted messages, by chance; a failure names its seed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveAllMemoryHomeAtTheEndWhateverHappens(boolean isReactive) {
        for (int seed = 0; seed < 300; seed++) {
            try {
                new Chance(isReactive, new Random(seed)).run();
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ": " + t.getMessage(), t);
            }
        }
    }

    private final class Chance {
        private final boolean isReactive;
        private final Random random;
        private final long budgetBytes;
        private final OutputPort port;
        private final List<Edge> edges = new ArrayList<>();
        private final List<Edge> readable = new ArrayList<>();
        private final List<QueuePolicy> policies = new ArrayList<>();
        private final List<Slab> retained = new ArrayList<>();
        private final List<Long> lastNumbers = new ArrayList<>();
        private long next;

        Chance(boolean isReactive, Random random) {
            this.isReactive = isReactive;
            this.random = random;
            this.budgetBytes = (1 + random.nextInt(8)) * (long) LARGE;
            this.port = port(isReactive ? reactive : owner, budgetBytes);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                connect();
            }
        }

        private void connect() {
            QueuePolicy policy = POLICIES.get(random.nextInt(POLICIES.size()));
            Edge edge = edge(policy, 1 + random.nextInt(12));
            edges.add(edge);
            readable.add(edge);
            policies.add(policy);
            lastNumbers.add(-1L); // its first one may have waited in the output when it came
            port.connect(edge.writer());
        }

        void run() {
            for (int step = 0; step < 400; step++) {
                act();
                assertThat(port.outstandingBytes()).as("in use").isLessThanOrEqualTo(budgetBytes);
            }
            if (random.nextBoolean()) {
                port.end();
                readable.forEach(edge -> drainOrClose(edge));
            } else {
                readable.forEach(edge -> drainOrClose(edge));
                port.end();
            }
            retained.forEach(Slab::release);
            assertThat(port.outstandingBytes()).as("in use at the end").isZero();
            edges.forEach(this::assertBalance);
        }

        private void act() {
            int choice = random.nextInt(100);
            if (choice < 45) {
                send();
            } else if (choice < 85) {
                receive(random.nextInt(edges.size()));
            } else if (choice < 90) {
                edges.get(random.nextInt(edges.size())).reader().release();
            } else if (choice < 93) {
                retain(edges.get(random.nextInt(edges.size())).reader());
            } else if (choice < 96 && !retained.isEmpty()) {
                retained.remove(random.nextInt(retained.size())).release();
            } else if (choice < 98) {
                port.flush();
            } else if (choice == 98 && random.nextInt(4) == 0) {
                edges.get(random.nextInt(edges.size())).reader().close();
            } else if (choice == 99 && random.nextInt(4) == 0 && !port.isClosed()) {
                connect();
            }
        }

        private void send() {
            int length = random.nextInt(3) == 0 ? 16 + random.nextInt(100) : 5_000 + random.nextInt(LARGE - 5_000);
            if (port.isClosed() || port.isOverflowing() && random.nextInt(4) != 0) {
                return;
            }
            boolean mayWait = isReactive && random.nextInt(3) == 0;
            @Nullable Claim claim = mayWait ? port.claim(length) : port.tryClaim(length);
            if (claim == null) {
                return;
            }
            claim.putLong(0, next);
            claim.putLong(length - Long.BYTES, ~next);
            if (random.nextInt(10) == 0) {
                claim.abort();
            } else {
                claim.commit();
                next++;
            }
        }

        private void receive(int index) {
            EdgeReader reader = edges.get(index).reader();
            if (reader.next()) {
                long number = numberInHand(reader);
                long last = lastNumbers.set(index, number);
                if (last >= 0 && policies.get(index) == QueuePolicy.BACKPRESSURE) {
                    assertThat(number).as("after %s", last).isEqualTo(last + 1);
                } else {
                    assertThat(number).as("after %s", last).isGreaterThan(last);
                }
            }
        }

        private void retain(EdgeReader reader) {
            Slab slab = reader.slab();
            if (slab != null) {
                slab.retain();
                retained.add(slab);
            }
        }

        private void drainOrClose(Edge edge) {
            if (random.nextBoolean()) {
                drain(edge.reader());
                edge.reader().release();
            }
            edge.reader().close();
        }

        private void assertBalance(Edge edge) {
            EdgeWriter writer = edge.writer();
            assertThat(writer.sent())
                    .isEqualTo(edge.reader().received()
                            + writer.dropped()
                            + writer.conflated()
                            + edge.reader().discarded());
        }
    }

    /** The same with real threads: consumers of every policy at changing speeds, which close one after the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldHaveAllMemoryHomeWhenConsumersAreThreads(int seed) throws Exception {
        OutputPort port = port(owner, 6L * LARGE);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Edge edge = edge(i == 0 ? QueuePolicy.BACKPRESSURE : QueuePolicy.DROP_OLDEST, 2 + 3 * i);
            port.connect(edge.writer());
            edges.add(edge);
            Random random = new Random(10 * seed + i);
            long closesAt = 3_000 + 2_000L * i;
            threads.add(new Thread(() -> consume(edge.reader(), random, closesAt, failure)));
        }
        threads.forEach(Thread::start);
        Random random = new Random(seed);
        for (long number = 0; !port.isClosed() && failure.get() == null; ) {
            int length = random.nextInt(4) == 0 ? 64 : 5_000 + random.nextInt(LARGE - 5_000);
            if (offer(port, number, length) == SendResult.ACCEPTED) {
                number++;
            } else {
                Thread.yield();
            }
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertThat(failure.get()).isNull();
        port.end();
        assertThat(port.outstandingBytes()).isZero();
        for (Edge edge : edges) {
            assertThat(edge.writer().sent())
                    .isEqualTo(edge.reader().received()
                            + edge.writer().dropped()
                            + edge.reader().discarded());
        }
    }

    private static void consume(EdgeReader reader, Random random, long closesAt, AtomicReference<Throwable> failure) {
        List<Slab> kept = new ArrayList<>();
        try {
            long last = -1;
            while (last < closesAt) {
                if (!reader.next()) {
                    Thread.yield();
                    continue;
                }
                long number = numberInHand(reader);
                if (number <= last) {
                    throw new AssertionError(number + " after " + last);
                }
                last = number;
                if (random.nextInt(50) == 0 && kept.size() < 1 && reader.slab() != null) {
                    reader.slab().retain();
                    kept.add(reader.slab());
                } else if (!kept.isEmpty() && random.nextInt(20) == 0) {
                    kept.remove(0).release();
                }
                for (int pause = random.nextInt(200); pause > 0; pause--) {
                    Thread.onSpinWait();
                }
                numberInHand(reader); // still whole
            }
        } catch (Throwable t) {
            failure.set(t);
        } finally {
            reader.close();
            kept.forEach(Slab::release);
        }
    }
}
