package io.millrace.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.benchmarks.Arguments;
import io.millrace.benchmarks.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** That everybody carries what they are given. How fast is not asked here. */
@Timeout(120)
class PipeTest {
    private static final int FEW = 200;

    private final List<Long> received = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOCK")
    void shouldDeliverEveryValueInOrderWhenItGoesOverOneHop(Carrier carrier) throws Exception {
        Pipe pipe = Pipes.create(Arguments.parse("carrier=" + carrier, "length=64", "waiting=yield"));

        pipe.run(new Few(), received::add);

        assertThat(received)
                .containsExactlyElementsOf(LongStream.range(0, FEW).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"MILLRACE", "AGRONA_CLAIM", "BLOCKING_QUEUE", "PEKKO"})
    void shouldAddOnTheWayWhenReceiversSleepInARow(Carrier carrier) throws Exception {
        Pipe pipe =
                Pipes.create(Arguments.parse("carrier=" + carrier, "length=8", "hops=3", "added=1", "waiting=park"));

        pipe.run(new Few(), received::add);

        long added = carrier == Carrier.PEKKO ? 1 : 2;
        assertThat(received)
                .containsExactlyElementsOf(
                        LongStream.range(added, FEW + added).boxed().toList());
    }

    @Test
    void shouldRefuseWhenTheEdgeIsNotOfTheFormThatIsToBeMeasured() {
        Pipe pipe = Pipes.create(Arguments.parse("carrier=MILLRACE", "length=64", "form=" + Flags.OWN_FORM));

        assertThatIllegalStateException()
                .isThrownBy(() -> pipe.run(new Few(), received::add))
                .withMessageContaining("expected an edge of the form 'one-to-one ring'");
    }

    @Test
    void shouldKeepTheNewestWhenASlotRingIsFull() {
        SlotWire wire = new SlotWire(Template.of(64), 4);
        LongStream.range(0, 11).forEach(wire::send);

        assertThat(wire.receive(received::add)).isEqualTo(4);
        assertThat(received).containsExactly(7L, 8L, 9L, 10L);
        assertThat(wire.receive(received::add)).isZero();
    }

    @Test
    void shouldFailWhenAMeasuredThreadFails() {
        Pipe pipe = Pipes.create(Arguments.parse("carrier=JCTOOLS", "length=64", "waiting=yield"));

        assertThatIllegalStateException()
                .isThrownBy(() -> pipe.run(new Few(), value -> {
                    throw new IllegalArgumentException("broken");
                }))
                .withMessage("a measured thread failed")
                .havingCause()
                .withMessage("broken");
    }

    private static final class Few implements Schedule {
        private long next;

        @Override
        public long next() {
            return next == FEW ? END : next++;
        }
    }
}
