package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.graph.GraphInput;
import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an edge does, stepped by hand on one thread. */
class EdgeTest {
    private static final int BODY_LENGTH = 24;

    private EdgeWriter writer;
    private EdgeReader reader;

    private void open(EdgeForm form, int queueSize) {
        Edge edge = form.create(queueSize);
        writer = edge.writer();
        reader = edge.reader();
    }

    private void send(long sequence) {
        int offset = writer.tryClaim(Records.length(BODY_LENGTH));
        assertThat(offset).as("claim for %s", sequence).isNotNegative();
        Records.write(writer.buffer(), offset, sequence, BODY_LENGTH);
        writer.commit(null);
    }

    private void receive(long sequence) {
        assertThat(reader.next()).as("message %s", sequence).isTrue();
        Records.check(reader, sequence, BODY_LENGTH, false);
    }

    /** The sequences of all that wait; nothing is in hand afterwards. */
    private List<Long> drain() {
        List<Long> sequences = new ArrayList<>();
        while (reader.next()) {
            Records.checkWhole(reader);
            sequences.add(Records.sequence(reader));
        }
        return sequences;
    }

    private void assertBalance() {
        assertThat(reader.received() + reader.discarded() + writer.dropped() + writer.conflated())
                .as("received, discarded, dropped and conflated")
                .isEqualTo(writer.sent());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayItsFormWhenAsked(EdgeForm form) {
        assertThat(form.create(10).form()).isEqualTo(form.shown);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOverMessagesInOrderWhenBothSidesTakeTurns(EdgeForm form) {
        open(form, 10);
        for (long sequence = 0; sequence < 1_000; sequence++) {
            send(sequence);
            receive(sequence);
        }
        assertThat(writer.sent()).isEqualTo(1_000);
        assertThat(reader.received()).isEqualTo(1_000);
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource(names = {"AGRONA_RING", "OWN_RING"})
    void shouldTakeExactlyTheQueueSizeWhenTheReaderHoldsOneMessage(EdgeForm form) {
        for (int queueSize : new int[] {1, 2, 3, 10, 64, 1000}) {
            open(form, queueSize);
            send(0);
            receive(0);
            for (long sequence = 1; sequence <= queueSize; sequence++) {
                assertThat(writer.hasRoom()).isTrue();
                send(sequence);
            }
            assertThat(writer.hasRoom()).isFalse();
            assertThat(writer.tryClaim(Records.length(0))).isEqualTo(EdgeWriter.FULL);
            Records.check(reader, 0, BODY_LENGTH, false);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AGRONA_RING", "OWN_RING"})
    void shouldTakeExactlyTheQueueSizeWhenEveryRecordIsMaximal(EdgeForm form) {
        for (int queueSize : new int[] {1, 2, 10, 64, 100}) {
            open(form, queueSize);
            int bodyLength = writer.maxRecordLength() - RecordLayout.HEADER_LENGTH;
            long sent = 0;
            long received = 0;
            for (int step = 0; step < 5 * queueSize + 50; step++) {
                while (writer.hasRoom()) {
                    int offset = writer.tryClaim(writer.maxRecordLength());
                    Records.write(writer.buffer(), offset, sent++, bodyLength);
                    writer.commit(null);
                }
                assertThat(sent - received).as("waiting at step %s", step).isEqualTo(queueSize);
                assertThat(reader.next()).isTrue();
                Records.check(reader, received++, bodyLength, false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AGRONA_RING", "OWN_RING"})
    void shouldHaveRoomAgainWhenTheReaderTakesOne(EdgeForm form) {
        open(form, 2);
        send(0);
        send(1);
        assertThat(writer.hasRoom()).isFalse();
        receive(0);
        assertThat(writer.hasRoom()).isTrue();
        send(2);
        assertThat(writer.hasRoom()).isFalse();
        assertThat(drain()).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 63, 64, 1000})
    void shouldKeepTheMessageInHandAndExactlyTheNewestWhenABurstMeetsAStalledReader(int queueSize) {
        open(EdgeForm.DROP_OLDEST, queueSize);
        send(0);
        receive(0);
        int burst = 3 * queueSize + 5;
        for (long sequence = 1; sequence <= burst; sequence++) {
            send(sequence);
        }
        Records.check(reader, 0, BODY_LENGTH, false);
        List<Long> newest = new ArrayList<>();
        for (long sequence = burst - queueSize + 1L; sequence <= burst; sequence++) {
            newest.add(sequence);
        }
        assertThat(drain()).isEqualTo(newest);
        assertThat(writer.dropped()).isEqualTo(burst - queueSize);
        assertThat(writer.conflated()).isZero();
        assertBalance();
    }

    @Test
    void shouldKeepTheMessageInHandForManyLapsWhenTheReaderStalls() {
        open(EdgeForm.DROP_OLDEST, 3);
        for (long held = 0; held < 20; held++) {
            long base = held * 1000;
            send(base);
            receive(base);
            for (long sequence = 1; sequence <= 100 + held; sequence++) {
                send(base + sequence);
                Records.check(reader, base, BODY_LENGTH, false);
            }
            assertThat(drain()).containsExactly(base + 98 + held, base + 99 + held, base + 100 + held);
        }
        assertBalance();
    }

    /** The reader has moved the head, and is overtaken by whole laps before it looks where the message is. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 64})
    void shouldFindTheMessageWhenOvertakenWhileTaking(int queueSize) {
        for (int overtaken = 0; overtaken < 5 * queueSize + 20; overtaken++) {
            open(EdgeForm.DROP_OLDEST, queueSize);
            send(0);
            receive(0);
            send(1);
            SlotReader slotReader = (SlotReader) reader;
            long taken = slotReader.moveHead();
            for (int i = 0; i < overtaken; i++) {
                send(2 + i);
            }
            assertThat(slotReader.hold(taken)).isTrue();
            Records.check(reader, 1, BODY_LENGTH, false);
            send(1000);
            Records.check(reader, 1, BODY_LENGTH, false);
            assertThat(drain()).hasSize(Math.min(queueSize, overtaken + 1)).endsWith(1000L);
            assertBalance();
        }
    }

    /** The reader has moved the head, and the writer takes the memory away before it looks. */
    @Test
    void shouldPassOverAMessageWhenItsMemoryIsGivenUpWhileTaking() {
        open(EdgeForm.DROP_OLDEST, 3);
        sendReference(0);
        send(1);
        sendReference(2);
        SlotReader slotReader = (SlotReader) reader;
        long taken = slotReader.moveHead();

        writer.giveUp(writer.oldestReference());

        assertThat(writer.droppedForMemory())
                .as("only what nobody has taken is offered")
                .isOne();
        assertThat(slotReader.hold(taken)).isTrue();
        assertThat(reader.slab()).isNotNull();
        assertThat(drain()).containsExactly(1L);
        assertBalance();
    }

    @Test
    void shouldNotCountAMessageTwiceWhenItIsGivenUpAndThenGivesWay() {
        open(EdgeForm.DROP_OLDEST, 2);
        sendReference(0);
        sendReference(1);
        writer.giveUp(writer.oldestReference());
        for (long sequence = 2; sequence < 5; sequence++) {
            send(sequence);
        }

        assertThat(writer.dropped()).isEqualTo(3);
        assertThat(writer.droppedForMemory()).isOne();
        assertThat(writer.oldestReference()).isEqualTo(EdgeWriter.NO_REFERENCE);
        assertThat(drain()).containsExactly(3L, 4L);
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeMemoryBackWhenTheReaderIsAbandoned(EdgeForm form) {
        open(form, 4);
        List<Slab> bodies = new ArrayList<>();
        for (long sequence = 0; sequence < 4; sequence++) {
            int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
            Records.writeReference(writer.buffer(), offset, sequence, 10);
            bodies.add(Records.body(sequence, 10));
            writer.commit(bodies.get((int) sequence));
            if (sequence == 0) {
                assertThat(reader.next()).isTrue();
            }
        }

        writer.abandon();
        writer.abandon();

        assertThat(bodies).extracting(Slab::references).containsExactly(1, 0, 0, 0);
        Records.check(reader, 0, 10, true);
        assertThat(reader.next()).as("what waits is gone").isFalse();
        assertThat(reader.isDrained()).isTrue();
        assertThat(bodies.get(0).references()).isZero();
        reader.close();
    }

    private void sendReference(long sequence) {
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        Records.writeReference(writer.buffer(), offset, sequence, 10);
        writer.commit(Records.body(sequence, 10));
    }

    /** Positions lose their upper bits in an entry: they may run over. */
    @Test
    void shouldCompareRightWhenPositionsRunOver() {
        SlotRing ring = new SlotRing(10, 40);
        int bits = ring.slotBits;
        long position = (1L << 64 - bits) + 5; // its entry is that of position 5
        assertThat(ring.distance(5L << bits | 3, position)).isZero();
        assertThat(ring.distance((position - 16) << bits | 15, position)).isEqualTo(-16);
        assertThat(ring.distance((position + 32) << bits | 1, position)).isEqualTo(32);
        assertThat(ring.distance(7, position - 6)).as("position 0 after -1").isOne();
    }

    /** What the reader waits for and what it reads then are to be in one cache line. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void shouldStandBesideItsEntryWhenTheReaderKeepsUpAndAgainAfterItHasNot(int queueSize) {
        open(EdgeForm.DROP_OLDEST, queueSize);
        SlotRing ring = new SlotRing(queueSize, writer.maxRecordLength());
        long sequence = 0;
        for (int held = 0; held < 5; held++) {
            for (int i = 0; i < 5 * ring.cells; i++) {
                send(sequence);
                receive(sequence);
                if (i >= 3 * ring.cells) {
                    assertThat(reader.recordOffset()).as("message %s", sequence).isEqualTo(ring.recordOffset((int)
                            (sequence % ring.cells)));
                }
                sequence++;
            }
            for (int i = 0; i < 3 * ring.cells + held; i++) { // while the last one is in hand
                send(sequence++);
            }
            for (long left = sequence - queueSize; left < sequence; left++) {
                receive(left);
            }
        }
    }

    @Test
    void shouldDropNothingWhenTheQueueIsJustFull() {
        open(EdgeForm.DROP_OLDEST, 3);
        for (long sequence = 0; sequence < 3; sequence++) {
            send(sequence);
        }
        assertThat(writer.dropped()).isZero();
        send(3);
        assertThat(writer.dropped()).isOne();
        assertThat(drain()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldCountAsConflatedWhenTheLatestReplacesAWaitingMessage() {
        open(EdgeForm.LATEST, 1);
        send(0);
        receive(0);
        send(1);
        send(2);
        send(3);
        Records.check(reader, 0, BODY_LENGTH, false);
        assertThat(drain()).containsExactly(3L);
        assertThat(writer.conflated()).isEqualTo(2);
        assertThat(writer.dropped()).isZero();
        assertBalance();
    }

    @Test
    void shouldBeAQueueOfOneWhenALatestEdgeIsAskedForMore() {
        open(EdgeForm.LATEST, 10);
        send(0);
        send(1);
        assertThat(drain()).containsExactly(1L);
    }

    @Test
    void shouldTellTheFirstDropOnceWhenManyFollow() {
        AtomicInteger told = new AtomicInteger();
        Edge edge = Edge.create(QueuePolicy.DROP_OLDEST, 2, null, null, RingChoice.AUTOMATIC, told::incrementAndGet);
        writer = edge.writer();
        reader = edge.reader();
        send(0);
        send(1);
        assertThat(told).hasValue(0);
        send(2);
        assertThat(told).hasValue(1);
        send(3);
        assertThat(told).hasValue(1);
    }

    @Test
    void shouldNotTellADropWhenALatestEdgeConflates() {
        AtomicInteger told = new AtomicInteger();
        Edge edge = Edge.create(QueuePolicy.LATEST, 1, null, null, RingChoice.AUTOMATIC, told::incrementAndGet);
        writer = edge.writer();
        send(0);
        send(1);
        assertThat(writer.conflated()).isOne();
        assertThat(told).hasValue(0);
    }

    @Test
    void shouldStillPublishWhenTheFirstDropIsToldToSomeoneWhoThrows() {
        Edge edge = Edge.create(QueuePolicy.DROP_OLDEST, 1, null, null, RingChoice.AUTOMATIC, () -> {
            throw new UnsupportedOperationException("told");
        });
        writer = edge.writer();
        reader = edge.reader();
        send(0);
        Assertions.assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> send(1))
                .withMessage("told");
        send(2);
        assertThat(drain()).containsExactly(2L);
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendAndDropNothingWhenAClaimIsAborted(EdgeForm form) {
        open(form, 2);
        int waiting = form.waiting(2);
        for (long sequence = 0; sequence < waiting; sequence++) {
            send(sequence);
        }
        receive(0);
        for (int i = 0; i < 10_000; i++) {
            int offset = writer.tryClaim(writer.maxRecordLength() - i % 1000);
            assertThat(offset).isNotNegative();
            writer.buffer().putLong(offset, -1);
            writer.abort();
        }
        Records.check(reader, 0, BODY_LENGTH, false);
        assertThat(writer.sent()).isEqualTo(waiting);
        assertThat(writer.dropped() + writer.conflated()).isZero();
        assertThat(drain()).hasSize(waiting - 1);
        send(77);
        receive(77);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDoNothingWhenAbortedWithoutAClaim(EdgeForm form) {
        open(form, 2);
        writer.abort();
        send(0);
        writer.abort();
        receive(0);
    }

    @Test
    void shouldHandOverWhatWasSentAndTakeNoMoreWhenTheStackOverflowsInTheMiddleOfAMessage() {
        Edge edge = Edge.create(QueuePolicy.DROP_OLDEST, 2, null, null, RingChoice.AUTOMATIC, () -> {
            throw new StackOverflowError("while the first drop is told of");
        });
        writer = edge.writer();
        reader = edge.reader();
        send(0);
        send(1);
        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> send(2));

        assertThat(writer.isBroken()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> writer.tryClaim(40))
                .withMessageContaining("the stack overflowed");
        writer.abort();
        assertThat(drain()).containsExactly(1L, 2L);
        writer.close();
        assertThat(writer.tryClaim(40)).isEqualTo(EdgeWriter.CLOSED);
        assertThat(reader.isDrained()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseMisuseWhenClaimsAndCommitsDoNotPair(EdgeForm form) {
        open(form, 2);
        assertThatIllegalStateException().isThrownBy(() -> writer.commit(null)).withMessage("nothing is claimed");
        writer.tryClaim(40);
        assertThatIllegalStateException()
                .isThrownBy(() -> writer.tryClaim(40))
                .withMessage("a record is claimed already: commit or abort it first");
        writer.abort();
        int tooLong = writer.maxRecordLength() + 1;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.tryClaim(tooLong))
                .withMessage("a record of 4129 bytes was claimed, the edge takes 0 to 4128");
        assertThatIllegalArgumentException().isThrownBy(() -> writer.tryClaim(-1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, GraphInput.MAX_QUEUE_SIZE + 1})
    void shouldRefuseAQueueSizeWhenItIsOutOfRange(int queueSize) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EdgeForm.DROP_OLDEST.create(queueSize))
                .withMessage("queue size must be 1 to 1048576, found " + queueSize);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryABodyByReferenceWhenTheRecordIsAHeader(EdgeForm form) {
        open(form, 4);
        Slab body = Records.body(5, 100_000);
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        Records.writeReference(writer.buffer(), offset, 5, 100_000);
        writer.commit(body);
        assertThat(reader.body()).isNull();
        assertThat(reader.next()).isTrue();
        assertThat(reader.slab()).isSameAs(body);
        assertThat(reader.body()).isSameAs(body.view());
        Records.check(reader, 5, 100_000, true);
        reader.release();
        assertThat(reader.body()).isNull();
        send(6);
        receive(6);
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowOneBufferForLifeWhenReadAndWritten(EdgeForm form) {
        open(form, 4);
        ByteBuffer written = writer.buffer();
        ByteBuffer read = reader.buffer();
        assertThat(written.isReadOnly()).isFalse();
        assertThat(read.isReadOnly()).isTrue();
        assertThat(List.of(written.order(), read.order())).containsOnly(ByteOrder.LITTLE_ENDIAN);
        for (long sequence = 0; sequence < 50; sequence++) {
            send(sequence);
            receive(sequence);
            assertThat(writer.buffer()).isSameAs(written);
            assertThat(reader.buffer()).isSameAs(read);
        }
        Assertions.assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() -> read.put(reader.recordOffset(), (byte) 1));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLookWithoutEffectWhenAskedWhatWaits(EdgeForm form) {
        open(form, 4);
        assertThat(reader.hasNext()).isFalse();
        assertThat(reader.next()).isFalse();
        send(0);
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.hasNext()).isTrue();
        receive(0);
        assertThat(reader.hasNext()).isFalse();
        Records.check(reader, 0, BODY_LENGTH, false);
        assertThat(reader.next()).isFalse();
        assertThat(reader.next()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeDrainedAfterTheLastMessageWhenTheWriterCloses(EdgeForm form) {
        open(form, 4);
        send(0);
        assertThat(reader.isDrained()).isFalse();
        writer.close();
        writer.close();
        assertThat(reader.isDrained()).isFalse();
        assertThat(writer.isClosed()).isTrue();
        assertThat(writer.hasRoom()).isFalse();
        assertThat(writer.tryClaim(40)).isEqualTo(EdgeWriter.CLOSED);
        receive(0);
        assertThat(reader.isDrained()).isTrue();
        Records.check(reader, 0, BODY_LENGTH, false);
        assertThat(reader.next()).isFalse();
        reader.close();
        assertThat(reader.discarded()).isZero();
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource
    void shouldAbortTheClaimWhenTheWriterCloses(EdgeForm form) {
        open(form, 4);
        writer.tryClaim(40);
        writer.close();
        assertThat(reader.isDrained()).isTrue();
        writer.commit(null); // who writes just then need not know
        assertThat(writer.sent()).isZero();
        assertThat(reader.next()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDiscardWhatWaitsWhenTheReaderCloses(EdgeForm form) {
        open(form, 4);
        int waiting = form.waiting(3);
        send(0);
        receive(0);
        for (long sequence = 1; sequence <= waiting; sequence++) {
            send(sequence);
        }
        assertThat(reader.discarded()).isZero();
        reader.close();
        reader.close();
        assertThat(reader.discarded()).isEqualTo(waiting);
        assertThat(reader.next()).isFalse();
        assertThat(reader.hasNext()).isFalse();
        assertThat(reader.isDrained()).isTrue();
        assertThat(writer.isClosed()).isTrue();
        assertThat(writer.hasRoom()).isFalse();
        assertThat(writer.tryClaim(40)).isEqualTo(EdgeWriter.CLOSED);
        writer.close();
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDiscardTheMessageUnderWayWhenTheReaderClosesBeforeItsCommit(EdgeForm form) {
        open(form, 4);
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        reader.close();
        Records.writeReference(writer.buffer(), offset, 0, 10);
        writer.commit(Records.body(0, 10));
        assertThat(writer.sent()).isOne();
        assertThat(reader.discarded()).isOne();
        assertThat(writer.isClosed()).isTrue();
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetGoOfBodiesWhenTheyAreReceivedDroppedOrDiscarded(EdgeForm form) {
        open(form, 2);
        List<WeakReference<Slab>> bodies = new ArrayList<>();
        for (long sequence = 0; sequence < 40; sequence++) {
            if (!writer.hasRoom()) {
                assertThat(reader.next()).isTrue();
            }
            int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
            Records.writeReference(writer.buffer(), offset, sequence, 10);
            Slab body = Records.body(sequence, 10);
            bodies.add(new WeakReference<>(body));
            writer.commit(body);
        }
        reader.next();
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        reader.close();
        Records.writeReference(writer.buffer(), offset, 40, 10);
        Slab late = Records.body(40, 10);
        bodies.add(new WeakReference<>(late));
        writer.commit(late);
        late = null;
        assertThat(writer.isClosed()).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            System.gc();
            assertThat(bodies).allMatch(body -> body.refersTo(null));
        });
        assertThat(writer.sent()).as("the edge is reachable to the end").isEqualTo(41);
        assertBalance();
    }

    @Test
    void shouldKeepSmallBodiesInlineWhenTheQueueIsLong() {
        assertThat(Edge.inlineLimit(1)).isEqualTo(4096);
        assertThat(Edge.inlineLimit(64)).isEqualTo(4096);
        assertThat(Edge.inlineLimit(65)).isEqualTo(4032);
        assertThat(Edge.inlineLimit(1024)).isEqualTo(256);
        assertThat(Edge.inlineLimit(GraphInput.MAX_QUEUE_SIZE)).isEqualTo(64);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeABodyOfTheInlineLimitWhenItIsInline(EdgeForm form) {
        for (int queueSize : new int[] {1, 65, 100, 5000}) {
            open(form, queueSize);
            int limit = Edge.inlineLimit(form.waiting(queueSize));
            assertThat(writer.maxRecordLength()).isBetween(Records.length(limit), Records.length(limit) + 7);
            int offset = writer.tryClaim(Records.length(limit));
            Records.write(writer.buffer(), offset, 1, limit);
            writer.commit(null);
            assertThat(reader.next()).isTrue();
            Records.check(reader, 1, limit, false);
        }
    }

    @Test
    void shouldFitEveryQueueWhenTheCircleIsSized() {
        for (int queueSize = 1; queueSize <= GraphInput.MAX_QUEUE_SIZE; queueSize = queueSize * 9 / 8 + 1) {
            int longest = Records.length(RecordLayout.align8(Edge.inlineLimit(queueSize)));
            long frames = (queueSize + 2L) * OneToOneRing.frameLength(longest) + OneToOneRing.FRAME_HEADER_LENGTH;
            int capacity = OneToOneRing.capacity(queueSize, longest);
            assertThat(Integer.bitCount(capacity)).isOne();
            assertThat((long) capacity).isBetween(frames, Math.max(2 * frames, 16L * longest));
            assertThat(new SlotRing(queueSize, longest).ringBytes()).isPositive();
        }
    }

    @Test
    void shouldSayWhatToDoWhenThereIsNotEnoughMemory() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Region.allocate(Integer.MAX_VALUE - 1024))
                .withMessage("it needs 2147483263 bytes outside the heap, and the JVM has them not:"
                        + " make its queue_size smaller, or -XX:MaxDirectMemorySize larger");
    }
}
