package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpinningTest {
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
    private final SelectStrategy spinning = new Spinning(nowNs::get);

    private int step(int ready, boolean hasTasks) throws Exception {
        return spinning.calculateStrategy(() -> ready, hasTasks);
    }

    @Test
    void shouldLookOnForAMomentAndThenSleepWhenNothingIsToBeDone() throws Exception {
        assertThat(step(0, true)).isZero();
        assertThat(step(0, false)).isEqualTo(SelectStrategy.CONTINUE);
        nowNs.addAndGet(Spinning.SPIN_NS);
        assertThat(step(0, false)).isEqualTo(SelectStrategy.CONTINUE);
        nowNs.addAndGet(1);
        assertThat(step(0, false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(step(0, false)).isEqualTo(SelectStrategy.SELECT);
    }

    @Test
    void shouldLookOnAnewWhenSomethingHasCome() throws Exception {
        assertThat(step(0, false)).isEqualTo(SelectStrategy.CONTINUE);
        nowNs.addAndGet(2 * Spinning.SPIN_NS);
        assertThat(step(3, false)).isEqualTo(3);
        nowNs.addAndGet(2 * Spinning.SPIN_NS);
        assertThat(step(0, false)).as("the moment begins when it has done it").isEqualTo(SelectStrategy.CONTINUE);
        nowNs.addAndGet(2 * Spinning.SPIN_NS);
        assertThat(step(0, false)).isEqualTo(SelectStrategy.SELECT);
    }

    @Test
    void shouldSleepAtOnceWhenThereIsOneCore() throws Exception {
        SelectStrategy alone = Spinning.factory(1).newSelectStrategy();
        assertThat(alone.calculateStrategy(() -> 2, true)).isEqualTo(2);
        assertThat(alone.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
    }
}
