package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends in this JVM, over memory that is as a mapped file would be, and with a second view of it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MappedEdgeTest {
    private static final int MESSAGES = 30_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Ends ends = new Ends();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** What the owners of the two ends would do. */
    private static final class Ends implements BodyFiles {
        final Map<Integer, ByteBuffer> files = new ConcurrentHashMap<>();
        final WakeSignal writerSignal = new WakeSignal();
        final WakeSignal readerSignal = new WakeSignal();
        volatile String broken = "";
        String lacking = "";
        boolean isFull;
        int created;
        /** If there is one, all files are the same, for tests with one body at a time. */
        ByteBuffer fileOfAll = ByteBuffer.allocate(0);

        ByteBuffer memory = ByteBuffer.allocate(0);
        MappedEdge sending;
        MappedEdge receiving;

        void make(QueuePolicy policy, int queueSize) {
            int bytes = MappedEdge.bytes(policy, queueSize);
            memory = ByteBuffer.allocateDirect(bytes + 384)
                    .alignedSlice(128)
                    .slice(0, bytes)
                    .order(ByteOrder.LITTLE_ENDIAN);
            sending = MappedEdge.sending(
                    memory, policy, queueSize, this, writerSignal, () -> receiving.wake(), () -> {}, listener(true));
            receiving = MappedEdge.receiving(
                    memory.duplicate().order(ByteOrder.LITTLE_ENDIAN),
                    policy,
                    queueSize,
                    this,
                    readerSignal,
                    () -> sending.wake(),
                    listener(false));
        }

        EdgeWriter writer() {
            return sending.edge().writer();
        }

        EdgeReader reader() {
            return receiving.edge().reader();
        }

        private MappedEdge.Listener listener(boolean isSender) {
            return new MappedEdge.Listener() {
                @Override
                public void onClosed() {
                    if (isSender) {
                        receiving.edge().writer().close();
                    } else {
                        sending.edge().reader().close();
                    }
                }

                @Override
                public void onBroken(String reason) {
                    broken = reason;
                }

                @Override
                public void onStranded(String reason) {
                    lacking = "stranded: " + reason;
                }

                @Override
                public void onDropped(String reason) {
                    lacking = "dropped: " + reason;
                }
            };
        }

        @Override
        public ByteBuffer create(int number, int bytes) throws java.io.IOException {
            if (isFull) {
                throw new java.io.IOException("no room for " + bytes);
            }
            ByteBuffer made = fileOfAll.capacity() == 0 ? ByteBuffer.allocateDirect(bytes) : fileOfAll.slice(0, bytes);
            made.order(ByteOrder.LITTLE_ENDIAN);
            created++;
            files.put(number, made);
            return made;
        }

        @Override
        public ByteBuffer open(int number) throws java.io.IOException {
            ByteBuffer made = files.get(number);
            if (made == null) {
                throw new java.io.IOException("no file " + number);
            }
            return made.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void delete(int number) {
            files.remove(number);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BACKPRESSURE, 1",
        "BACKPRESSURE, 10",
        "BACKPRESSURE, 500",
        "DROP_OLDEST, 1",
        "DROP_OLDEST, 10",
        "LATEST, 1"
    })
    void shouldKeepOrderAndEveryByteWhenBothEndsParkAndBodiesAreOfAnySize(QueuePolicy policy, int queueSize)
            throws Exception {
        ends.make(policy, queueSize);
        SlabPool pool = new SlabPool("test", OptionalLong.of(1 << 20), ends.writerSignal::signal, false);
        Future<?> sending = threads.submit(() -> send(pool));
        long received = 0;
        long last = -1;
        EdgeReader reader = ends.reader();
        while (!reader.isDrained()) {
            if (!reader.next()) {
                ends.readerSignal.arm();
                if (reader.hasNext() || reader.isWriterClosed()) {
                    ends.readerSignal.disarm();
                } else {
                    ends.readerSignal.park(0);
                }
                continue;
            }
            long sequence = Records.sequence(reader);
            Records.check(reader, sequence, bodyLength(sequence), isReference(sequence));
            assertThat(sequence).as("order").isGreaterThan(last);
            last = sequence;
            received++;
        }
        reader.release();
        sending.get(60, TimeUnit.SECONDS);
        EdgeWriter writer = ends.writer();
        assertThat(ends.broken).isEmpty();
        assertThat(last).as("the newest is never dropped").isEqualTo(MESSAGES - 1);
        assertThat(received + writer.dropped() + writer.conflated()).isEqualTo(MESSAGES);
        assertThat(ends.sending.edge().reader().received())
                .as("told to the other end")
                .isEqualTo(received);
        assertThat(pool.outstandingBytes()).as("bodies that did not come back").isZero();
    }

    private void sendInline(long sequence) {
        EdgeWriter writer = ends.writer();
        int offset = writer.tryClaim(Records.length(8));
        assertThat(offset).isGreaterThanOrEqualTo(0);
        Records.write(writer.buffer(), offset, sequence, 8);
        writer.commit(null);
    }

    private void sendByReference(SlabPool pool, long sequence, int length) {
        EdgeWriter writer = ends.writer();
        Slab body = claim(pool, writer, length);
        body.buffer().put(0, Records.body(sequence, length).buffer(), 0, length);
        int offset = writer.tryClaim(Records.length(0));
        Records.writeReference(writer.buffer(), offset, sequence, length);
        writer.commit(body);
    }

    @Test
    void shouldKeepAMessageForAnotherEdgeAndTakeNoOtherWhenThereIsNoMemoryForItsBody() {
        ends.make(QueuePolicy.BACKPRESSURE, 10);
        SlabPool pool = new SlabPool("test", OptionalLong.of(1 << 20), ends.writerSignal::signal, false);
        sendInline(0);
        ends.isFull = true;
        sendByReference(pool, 1, 20_000);
        assertThat(ends.lacking).startsWith("stranded: a body of 2").contains("no room for ");
        assertThat(ends.writer().hasRoom()).isFalse();
        assertThat(ends.writer().tryClaim(Records.length(8))).isEqualTo(EdgeWriter.FULL);
        assertThat(ends.reader().next()).isTrue();
        assertThat(Records.sequence(ends.reader())).isZero();
        assertThat(ends.reader().next()).isFalse();

        EdgeReader left = ends.sending.edge().reader();
        assertThat(left.next()).isTrue();
        Records.check(left, 1, 20_000, true);
        assertThat(left.next()).isFalse();
        left.close();
        assertThat(ends.writer().isClosed()).isTrue();
        assertThat(ends.reader().isDrained())
                .as("before anybody says so at that end")
                .isFalse();
        ends.receiving.edge().writer().close();
        assertThat(ends.reader().isDrained()).isTrue();
        assertThat(ends.broken).isEmpty();
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void shouldMakeFewFilesWhenLargeBodiesAreOfManySizes() {
        ends.make(QueuePolicy.BACKPRESSURE, 1);
        ends.fileOfAll = ByteBuffer.allocateDirect(72 << 20);
        ByteBuffer bytes = ByteBuffer.allocate(60 << 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 100; i++) {
            int length = (10 + i * 37 % 51) << 20;
            int offset = ends.writer().tryClaim(Records.length(0));
            Records.writeReference(ends.writer().buffer(), offset, i, length);
            ends.writer().commit(Slab.unpooled(bytes));
            assertThat(ends.reader().next()).isTrue();
            assertThat(Records.bodyLength(ends.reader())).isEqualTo(length);
            ends.reader().release();
        }
        assertThat(ends.broken + ends.lacking).isEmpty();
        assertThat(ends.created)
                .as("files, each of which the reader keeps mapped")
                .isLessThan(20);
    }

    @Test
    void shouldReleaseAMessageThatNobodyMovedWhenTheEdgeCloses() {
        ends.make(QueuePolicy.BACKPRESSURE, 10);
        SlabPool pool = new SlabPool("test", OptionalLong.of(1 << 20), ends.writerSignal::signal, false);
        ends.isFull = true;
        sendByReference(pool, 0, 20_000);
        ends.writer().close();
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void shouldDropAMessageAndGoOnWhenALossyEdgeHasNoMemoryForItsBody() {
        ends.make(QueuePolicy.DROP_OLDEST, 10);
        SlabPool pool = new SlabPool("test", OptionalLong.of(1 << 20), ends.writerSignal::signal, false);
        ends.isFull = true;
        sendByReference(pool, 0, 20_000);
        sendInline(1);
        assertThat(ends.lacking).startsWith("dropped: a body of 2").contains("no room for ");
        assertThat(ends.writer().droppedForMemory()).isEqualTo(1);
        assertThat(ends.reader().next()).isTrue();
        assertThat(Records.sequence(ends.reader())).isEqualTo(1);
        assertThat(ends.reader().next()).isFalse();
        assertThat(ends.broken).isEmpty();
        assertThat(pool.outstandingBytes()).isZero();
    }

    private void send(SlabPool pool) {
        EdgeWriter writer = ends.writer();
        for (long sequence = 0; sequence < MESSAGES; sequence++) {
            int length = bodyLength(sequence);
            Slab body = null;
            if (isReference(sequence)) {
                body = claim(pool, writer, length);
                ByteBuffer source = Records.body(sequence, length).buffer();
                body.buffer().put(0, source, 0, length);
            }
            int bytes = Records.length(body == null ? length : 0);
            int offset = writer.tryClaim(bytes);
            while (offset == EdgeWriter.FULL) {
                ends.writerSignal.arm();
                if (writer.hasRoom()) {
                    ends.writerSignal.disarm();
                } else {
                    ends.writerSignal.park(0);
                }
                offset = writer.tryClaim(bytes);
            }
            if (body == null) {
                Records.write(writer.buffer(), offset, sequence, length);
            } else {
                Records.writeReference(writer.buffer(), offset, sequence, length);
            }
            writer.commit(body);
        }
        writer.close();
    }

    private Slab claim(SlabPool pool, EdgeWriter writer, int length) {
        while (true) {
            Slab body = pool.claim(length);
            if (body != null) {
                return body;
            }
            long oldest = writer.oldestReference();
            if (oldest != EdgeWriter.NO_REFERENCE) {
                writer.giveUp(oldest);
                continue;
            }
            ends.writerSignal.arm();
            writer.hasRoom(); // takes back what was released
            if (pool.fits(length)) {
                ends.writerSignal.disarm();
            } else {
                ends.writerSignal.park(0);
            }
        }
    }

    private static boolean isReference(long sequence) {
        return sequence % 7 == 3;
    }

    private static int bodyLength(long sequence) {
        return isReference(sequence) ? 100 + (int) (sequence * 7919 % 40_000) : (int) (sequence % 60);
    }

    @Test
    void shouldHoldBackWhatWasSentBehindTheGateUntilItIsTold() {
        ends.make(QueuePolicy.BACKPRESSURE, 10);
        ends.sending.raiseGate(1);
        send(0);
        assertThat(ends.reader().next()).isFalse();
        ends.receiving.onTold(1);
        assertThat(ends.reader().next()).isTrue();
    }

    @Test
    void shouldRefuseExactlyWhenTheQueueIsFull() {
        ends.make(QueuePolicy.BACKPRESSURE, 3);
        send(0);
        send(1);
        send(2);
        assertThat(ends.writer().tryClaim(Records.length(8))).isEqualTo(EdgeWriter.FULL);
        assertThat(ends.reader().next()).isTrue();
        send(3);
        assertThat(ends.writer().hasRoom()).isFalse();
    }

    @Test
    void shouldReleaseEveryBodyWhenTheReaderIsGone() {
        ends.make(QueuePolicy.BACKPRESSURE, 10);
        SlabPool pool = new SlabPool("test", OptionalLong.of(1 << 20), () -> {}, false);
        for (int i = 0; i < 3; i++) {
            Slab body = pool.claim(10_000);
            int offset = ends.writer().tryClaim(Records.length(0));
            Records.writeReference(ends.writer().buffer(), offset, i, 10_000);
            ends.writer().commit(body);
        }
        assertThat(pool.outstandingBytes()).isPositive();
        ends.sending.edge().reader().close();
        assertThat(ends.writer().tryClaim(32)).isEqualTo(EdgeWriter.CLOSED);
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void shouldDiscardWhatWaitsWhenTheReaderCloses() {
        ends.make(QueuePolicy.BACKPRESSURE, 10);
        send(0);
        send(1);
        ends.reader().next();
        ends.reader().close();
        assertThat(ends.reader().discarded()).isEqualTo(1);
        assertThat(ends.writer().isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(QueuePolicy.class)
    void shouldEndTheEdgeAndNothingElseWhenMemoryIsWrittenOver(QueuePolicy policy) {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ends.make(policy, 4);
            for (int i = 0; i < 3; i++) {
                send(i);
            }
            int changes = random.nextInt(1, 40);
            for (int i = 0; i < changes; i++) {
                int at = random.nextInt(128, ends.memory.capacity() / 8) * 8 % ends.memory.capacity();
                if (random.nextBoolean()) {
                    at = 384 + random.nextInt(64) * 8; // where the records are
                }
                ends.memory.putLong(
                        at & -8, random.nextBoolean() ? random.nextLong() : random.nextInt(-70_000, 70_000));
            }
            assertThatCode(() -> {
                        for (int i = 0; i < 20 && ends.reader().next(); i++) {
                            Records.sequence(ends.reader());
                        }
                        ends.reader().close();
                        ends.writer().close();
                    })
                    .as("seed %s", seed)
                    .doesNotThrowAnyException();
        }
    }

    private void send(long sequence) {
        int offset = ends.writer().tryClaim(Records.length(8));
        assertThat(offset).isPositive();
        Records.write(ends.writer().buffer(), offset, sequence, 8);
        ends.writer().commit(null);
    }
}
