package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTest {
    private final Drain drain = new Drain(ms(0));

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void shouldEndAfterASecondWithoutAWord() {
        drain.look(ms(400), true, false);
        drain.look(ms(1_300), false, false);
        assertThat(drain.isOver()).isFalse();
        assertThat(drain.untilOverNs()).isEqualTo(ms(100));

        drain.look(ms(1_400), false, false);
        assertThat(drain.isOver()).isTrue();
    }

    @Test
    void shouldWaitHoweverLongOthersHaveNoRoom() {
        drain.look(ms(10), true, true);
        drain.look(ms(3_600_000), false, true);
        assertThat(drain.isOver()).isFalse();
        assertThat(drain.untilOverNs()).isEqualTo(Long.MAX_VALUE);

        drain.look(ms(3_600_001), true, false);
        assertThat(drain.isOver()).isFalse();
        assertThat(drain.untilOverNs()).isEqualTo(ms(1_000));
    }

    @Test
    void shouldEndThoughSomebodyGoesOnAndOn() {
        for (int now = 500; now < 5_000; now += 500) {
            drain.look(ms(now), true, false);
            assertThat(drain.isOver()).as("%s ms", now).isFalse();
        }
        drain.look(ms(5_000), true, false);
        assertThat(drain.isOver()).isTrue();
    }

    @Test
    void shouldReadOnAfterAPauseOfTheWholeJvm() {
        drain.look(ms(60_000), true, false);

        assertThat(drain.isOver()).isFalse();
    }
}
