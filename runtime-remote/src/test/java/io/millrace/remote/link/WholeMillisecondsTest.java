package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.nio.NioIoHandler;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeMillisecondsTest {
    private static final int TIMERS = 50;

    @ParameterizedTest
    @CsvSource({
        "-5, -5",
        "0, 0",
        "1, 1000000",
        "1000000, 1000000",
        "1000001, 2000000",
        "9223372036854775807, 9223372036854775807"
    })
    void shouldRoundUpWhatIsLeftWhenATimerIsDue(long leftNs, long expectedNs) {
        assertThat(WholeMilliseconds.roundUp(leftNs)).isEqualTo(expectedNs);
    }

    @Test
    void shouldSleepWhenATimerIsDueWithinAMillisecond() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        SelectStrategy sleeping = (selectNow, hasTasks) -> {
            looks.incrementAndGet();
            return hasTasks ? selectNow.get() : SelectStrategy.SELECT;
        };
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, WholeMilliseconds.of(NioIoHandler.newFactory(SelectorProvider.provider(), () -> sleeping)));
        try {
            for (int i = 0; i < TIMERS; i++) {
                loop.schedule(() -> {}, 450, TimeUnit.MICROSECONDS).get();
            }

            assertThat(looks.get()).isLessThan(10 * TIMERS);
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        }
    }
}
