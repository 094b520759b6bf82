package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That what is measured works: a few messages over each carrier. How fast is not asked here. */
@Timeout(60)
class RigTest {
    private static final int FEW = 50;

    private final Histogram times = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void shouldRecordEveryRoundTripWhenMessagesComeBack(Carrier carrier) throws InterruptedException {
        Rig rig = carrier.isBareRing()
                ? new BareRoundTrip(carrier == Carrier.RING_CLAIM, 64 * 1024, 64, times).start()
                : NodeRoundTrip.start(carrier == Carrier.OPERATOR, 10, 64, times, Flags.AGRONA_FORM);

        rig.run(FEW);
        rig.run(FEW);
        rig.stop();

        assertThat(times.getTotalCount()).isEqualTo(2 * FEW);
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void shouldRecordEveryChunkWhenMessagesStream(Carrier carrier) throws InterruptedException {
        Rig rig = carrier.isBareRing()
                ? new BareStream(carrier == Carrier.RING_CLAIM, 512 * 1024, 64, times).start()
                : NodeStream.start(carrier == Carrier.OPERATOR, 4096, 64, times, Flags.AGRONA_FORM);

        rig.run(2 * Tally.CHUNK);
        rig.stop();

        assertThat(times.getTotalCount()).isEqualTo(2);
    }

    @Test
    void shouldRefuseWhenTheEdgeIsNotOfTheFormThatIsToBeMeasured() {
        assertThatIllegalStateException()
                .isThrownBy(() -> NodeStream.start(false, 10, 64, times, Flags.OWN_FORM))
                .withMessageContaining("expected an edge of the form 'one-to-one ring'")
                .withMessageContaining("one-to-one ring (Agrona)");
    }

    @Test
    void shouldFailTheRunWhenAMeasuredThreadFails() {
        Orders orders = new Orders();
        orders.failed(new IllegalArgumentException("broken"));

        assertThatIllegalStateException()
                .isThrownBy(() -> orders.run(1))
                .withMessage("the measured threads failed")
                .havingCause()
                .withMessage("broken");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1024})
    void shouldKnowTheLastBytesWhenThePayloadHasSomeLength(int length) {
        byte[] template = Payload.template(length);

        long last = ByteBuffer.wrap(template).order(ByteOrder.LITTLE_ENDIAN).getLong(length - Long.BYTES);

        assertThat(Payload.last(length)).isEqualTo(last);
    }

    @Test
    void shouldNoticeWhenAMessageIsLost() {
        Tally tally = new Tally(new Orders(), 64, times);
        tally.onMessage(10, Payload.last(64));
        tally.onMessage(9, Payload.last(64));

        assertThatIllegalStateException()
                .isThrownBy(() -> tally.onMessage(7, Payload.last(64)))
                .withMessageContaining("expected message 8")
                .withMessageContaining("found message 7");
    }
}
