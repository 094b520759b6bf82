package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
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

    @Test
    void shouldMeasureTheFirstMessagesAndThenOneInMany() {
        long number = 1;
        long measured = 0;
        while (number <= 1024) {
            assertThat(HopMeter.isMeasured(number)).isTrue();
            number = HopMeter.after(number);
            measured++;
        }
        assertThat(measured).isEqualTo(1024);
        for (int i = 5; i < 100; i++) {
            assertThat(number).isEqualTo(251L * i);
            assertThat(HopMeter.isMeasured(number)).isTrue();
            assertThat(HopMeter.isMeasured(number + 1)).isFalse();
            assertThat(HopMeter.after(number - 1)).isEqualTo(number);
            number = HopMeter.after(number);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMeasureFromCommitToTake(EdgeForm form) {
        Edge edge = edge(form);
        for (int i = 0; i < 3000; i++) {
            send(edge);
            pass(7);
            assertThat(edge.reader().next()).isTrue();
            pass(1_000);
        }

        Times hops = edge.hopTimes();
        assertThat(hops.samples()).isEqualTo(1024 + 7);
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
        assertThat(hops.samples()).isBetween(300L, 500L);
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

    @Test
    void shouldMeasureNothingUnlessItIsAskedTo() {
        Edge edge = Edge.create(QueuePolicy.BACKPRESSURE, 4, null, null, RingChoice.OWN, () -> {});
        send(edge);
        assertThat(edge.reader().next()).isTrue();

        assertThat(edge.hopTimes()).isEqualTo(Times.NONE);
        assertThat(edge.highWater()).isZero();
    }
}
