package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.RecordLayout;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A writing and a reading thread, whose speeds change at random: now one is ahead, now the other, now both are level. */
@Tag("slow")
@SuppressWarnings("ThreadPriorityCheck") // a thread that waits yields, since there may be fewer cores than threads
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EdgeThreadsTest {
    private static final int ROUNDS = 3;
    private static final int MESSAGES = 40_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"AGRONA_RING, 1", "AGRONA_RING, 10", "AGRONA_RING, 200", "OWN_RING, 1", "OWN_RING, 10", "OWN_RING, 200"
    })
    void shouldLoseNothingWhenTheEdgeIsLossless(EdgeForm form, int queueSize) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Edge edge = form.create(queueSize);
            Future<?> sending = send(edge.writer(), round);
            Received received = receive(edge.reader(), round, sequence -> false);
            sending.get(60, TimeUnit.SECONDS);
            assertThat(received.messages()).isEqualTo(MESSAGES);
            assertThat(received.gaps()).isZero();
            assertThat(edge.writer().sent()).isEqualTo(MESSAGES);
            assertThat(edge.writer().dropped()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"DROP_OLDEST, 1", "DROP_OLDEST, 2", "DROP_OLDEST, 3", "DROP_OLDEST, 10", "DROP_OLDEST, 200", "LATEST, 1"
    })
    void shouldKeepOrderAndAccountForEveryMessageWhenTheEdgeIsLossy(EdgeForm form, int queueSize) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Edge edge = form.create(queueSize);
            Future<?> sending = send(edge.writer(), round);
            Received received = receive(edge.reader(), round, sequence -> false);
            sending.get(60, TimeUnit.SECONDS);
            assertThat(received.last()).as("the newest is never dropped").isEqualTo(MESSAGES - 1);
            assertThat(edge.reader().received()).isEqualTo(received.messages());
            assertThat(edge.writer().dropped() + edge.writer().conflated()).isEqualTo(received.gaps());
            assertThat(received.messages() + received.gaps()).isEqualTo(MESSAGES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAccountForEveryMessageWhenTheReaderClosesUnderWay(EdgeForm form) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 300; round++) {
            Edge edge = form.create(1 + random.nextInt(12));
            Future<?> sending = send(edge.writer(), round);
            long last = random.nextInt(300);
            receive(edge.reader(), round, sequence -> sequence >= last);
            edge.reader().close();
            sending.get(60, TimeUnit.SECONDS);
            EdgeWriter writer = edge.writer();
            assertThat(writer.isClosed()).isTrue();
            assertThat(edge.reader().received() + edge.reader().discarded() + writer.dropped() + writer.conflated())
                    .isEqualTo(writer.sent());
            assertThat(edge.reader().discarded()).isBetween(0L, 14L);
        }
    }

    private record Received(long messages, long gaps, long last) {}

    private Future<?> send(EdgeWriter writer, long seed) {
        return threads.submit(() -> {
            Pace pace = new Pace(seed);
            for (long sequence = 0; sequence < MESSAGES; ) {
                int bodyLength = bodyLength(sequence, writer.maxRecordLength() - RecordLayout.HEADER_LENGTH);
                boolean reference = sequence % 5 == 3;
                int offset = writer.tryClaim(Records.length(reference ? 0 : bodyLength));
                if (offset == EdgeWriter.CLOSED) {
                    return;
                }
                if (offset == EdgeWriter.FULL) {
                    Thread.yield();
                } else if (pace.next() % 16 == 0) {
                    writer.buffer().putLong(offset, -1L);
                    writer.abort();
                } else {
                    commit(writer, offset, sequence++, bodyLength, reference);
                    pace.linger();
                }
            }
            writer.close();
        });
    }

    private static void commit(EdgeWriter writer, int offset, long sequence, int bodyLength, boolean reference) {
        if (reference) {
            Records.writeReference(writer.buffer(), offset, sequence, bodyLength);
            writer.commit(Records.body(sequence, bodyLength));
        } else {
            Records.write(writer.buffer(), offset, sequence, bodyLength);
            writer.commit(null);
        }
    }

    private static int bodyLength(long sequence, int limit) {
        int any = (int) ((sequence * 0x9E37_79B9L) >>> 7 & 0xFFFF);
        return sequence % 32 == 0 ? limit : any % Math.min(limit, 300);
    }

    /** Receives until the writer is drained, or a sequence is enough. */
    private static Received receive(EdgeReader reader, long seed, LongPredicate isEnough)
            throws InterruptedException, ExecutionException, TimeoutException {
        Pace pace = new Pace(~seed);
        long messages = 0;
        long gaps = 0;
        long last = -1;
        while (!reader.isDrained() && !(last >= 0 && isEnough.test(last))) {
            if (reader.next()) {
                long sequence = Records.sequence(reader);
                assertThat(sequence).as("after %s", last).isGreaterThan(last);
                pace.linger();
                Records.check(reader, sequence, Records.bodyLength(reader), sequence % 5 == 3);
                messages++;
                gaps += sequence - last - 1;
                last = sequence;
            } else {
                Thread.yield();
            }
        }
        return new Received(messages, gaps, last);
    }

    /** Stretches of different speed. */
    private static final class Pace {
        private final SplittableRandom random;
        private int left;
        private int slowness;

        Pace(long seed) {
            random = new SplittableRandom(seed);
        }

        int next() {
            return random.nextInt() & Integer.MAX_VALUE;
        }

        void linger() {
            if (left-- == 0) {
                left = 1 + random.nextInt(500);
                slowness = random.nextInt(3) == 0 ? random.nextInt(300) : 0;
            }
            for (int i = 0; i < slowness; i++) {
                Thread.onSpinWait();
            }
            if (slowness > 0 && random.nextInt(64) == 0) {
                Thread.yield();
            }
        }
    }
}
