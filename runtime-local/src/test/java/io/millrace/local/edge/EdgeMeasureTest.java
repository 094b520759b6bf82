package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.node.Clock;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an edge of each form measures of its messages. */
class EdgeMeasureTest {
    private static final int QUEUE_SIZE = 8;

    private final ManualClock clock = new ManualClock();

    private Edge edge(EdgeForm form) {
        return form.create(QUEUE_SIZE).measure(clock, TimeSamples.FINE);
    }

    private static void send(Edge edge) {
        int offset = edge.writer().tryClaim(RecordLayout.HEADER_LENGTH);
        assertThat(offset).isNotNegative();
        RecordLayout.putHeader(edge.writer().buffer(), offset, (byte) 0, 0, 0);
        RecordLayout.putLengths(edge.writer().buffer(), offset, 0, 0);
        edge.writer().commit(null);
    }

    private void pass(long micros) {
        clock.advance(Duration.ofNanos(micros * 1_000));
    }

    @ParameterizedTest
    @EnumSource
    void shouldMeasureFromCommitToTake(EdgeForm form) {
        Edge edge = edge(form);
        for (int i = 0; i < 3000; i++) {
            send(edge);
            pass(7);
            assertThat(edge.reader().next()).isTrue();
            pass(93);
        }

        Times hops = edge.hopTimes();
        assertThat(hops.samples())
                .as("so that they are some milliseconds apart")
                .isBetween(1024 + 60L, 1024 + 200L);
        assertThat(hops.p50Ns()).isBetween(6_930L, 7_070L);
        assertThat(hops.maxNs()).isEqualTo(hops.p50Ns());
        assertThat(edge.highWater()).isEqualTo(1);
        assertThat(edge.backlog()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowHowManyWaitAndTheMostThatDid(EdgeForm form) {
        Edge edge = edge(form);
        int burst = form.waiting(5);
        for (int i = 0; i < burst; i++) {
            send(edge);
        }
        assertThat(edge.backlog()).isEqualTo(burst);
        assertThat(edge.reader().next()).isTrue();
        assertThat(edge.backlog()).isEqualTo(burst - 1);
        assertThat(edge.highWater()).isEqualTo(burst);
        edge.reader().close();
        assertThat(edge.backlog()).isZero();
        assertThat(edge.highWater()).isEqualTo(burst);
    }

    @Test
    void shouldMeasureWhatArrivesWhenMostMessagesGiveWay() {
        Edge edge = Edge.create(QueuePolicy.DROP_OLDEST, 3, null, null, RingChoice.AUTOMATIC, () -> {})
                .measure(clock, TimeSamples.FINE);
        int taken = 0;
        for (int round = 0; round < 2000; round++) {
            for (int i = 0; i < 10; i++) {
                send(edge);
                pass(10);
            }
            while (edge.reader().next()) {
                taken++;
            }
        }

        // The newest three of each ten were sent 10, 20 and 30 us before they were taken.
        Times hops = edge.hopTimes();
        assertThat(taken).isEqualTo(6000);
        assertThat(hops.samples()).isBetween(300L, 1000L);
        assertThat(hops.p50Ns()).isBetween(19_800L, 20_200L);
        assertThat(hops.maxNs()).isBetween(29_700L, 30_300L);
        assertThat(edge.highWater()).isEqualTo(3);
    }

    @Test
    void shouldKnowThatAQueueWasFullWhenItsWriterFoundOut() {
        Edge edge = Edge.create(QueuePolicy.BACKPRESSURE, 4, null, null, RingChoice.OWN, () -> {})
                .measure(clock, TimeSamples.FINE);
        for (int i = 0; i < 1024; i++) {
            send(edge);
            assertThat(edge.reader().next()).isTrue();
        }
        for (int i = 0; i < 4; i++) {
            send(edge);
        }
        assertThat(edge.writer().tryClaim(RecordLayout.HEADER_LENGTH)).isEqualTo(EdgeWriter.FULL);
        while (edge.reader().next()) {
            continue;
        }

        assertThat(edge.highWater()).as("no message of these was measured").isEqualTo(4);
    }

    /**
     * The writer's time is the number of the message that it sends, the reader's that of the last one it took. So a message seems to come before it was sent, which counts as
     * 0, and one that is shown the time of an earlier one does not.
     */
    private static final class Numbers implements Clock {
        private final Thread reader = Thread.currentThread();
        private long sending; // the writer's thread
        private long taken; // the reader's thread

        @Override
        public long nanoTime() {
            return Thread.currentThread() == reader ? taken : sending;
        }

        @Override
        public long epochNanos() {
            return 0;
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("ThreadPriorityCheck") // a thread that waits yields, since there may be fewer cores than threads
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldNeverTakeTheTimeOfAnotherMessageWhenTwoThreadsAreAtWork(EdgeForm form) throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 100; round++) {
            Numbers numbers = new Numbers();
            Edge edge = form.create(1 + random.nextInt(5)).measure(numbers, TimeSamples.FINE);
            int pause = 1 + random.nextInt(40);
            Thread writer = new Thread(() -> write(edge.writer(), numbers, 2000, pause));
            writer.start();
            long taken = 0;
            while (!edge.reader().isDrained()) {
                if (edge.reader().next()) {
                    numbers.taken = Records.sequence(edge.reader());
                    taken++;
                } else {
                    Thread.yield();
                }
                if (taken % 97 == 0) {
                    Thread.yield();
                }
            }
            writer.join();
            Times hops = edge.hopTimes();
            assertThat(hops.maxNs()).as("round %s", round).isZero();
            assertThat(hops.samples()).isLessThanOrEqualTo(taken);
            if (form.isLossless()) {
                assertThat(hops.samples())
                        .as("the first, then one after 1, 3, 7 ... 251")
                        .isEqualTo(1024 + 8);
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void write(EdgeWriter writer, Numbers numbers, int messages, int pause) {
        for (int number = 1; number <= messages; number++) {
            int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
            while (offset < 0) {
                Thread.yield();
                offset = writer.tryClaim(RecordLayout.HEADER_LENGTH);
            }
            Records.write(writer.buffer(), offset, number, 0);
            numbers.sending = number;
            writer.commit(null);
            if (number % pause == 0) {
                Thread.yield();
            }
        }
        writer.close();
    }

    @Test
    void shouldMeasureNothingUnlessItIsAskedTo() {
        Edge edge = Edge.create(QueuePolicy.BACKPRESSURE, 4, null, null, RingChoice.OWN, () -> {});
        send(edge);
        assertThat(edge.reader().next()).isTrue();

        assertThat(edge.hopTimes()).isEqualTo(Times.NONE);
        assertThat(edge.highWater()).isZero();
    }
}
