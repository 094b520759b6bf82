package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Supervision;
import io.millrace.graph.Supervision.RestartPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static Restarts restarts(int max, @Nullable Long delayS, @Nullable Long maxDelayS, @Nullable Long windowS) {
        return new Restarts(new Supervision(
                RestartPolicy.ON_FAILURE,
                max,
                seconds(delayS),
                seconds(maxDelayS),
                seconds(windowS),
                Optional.empty()));
    }

    private static Optional<Duration> seconds(@Nullable Long seconds) {
        return Optional.ofNullable(seconds).map(Duration::ofSeconds);
    }

    @ParameterizedTest
    @CsvSource({
        // policy, has failed, was told the end, nothing can come: runs again
        "NEVER, true, false, false, false",
        "NEVER, false, false, false, false",
        "ON_FAILURE, true, false, false, true",
        "ON_FAILURE, true, false, true, true",
        "ON_FAILURE, true, true, true, false",
        "ON_FAILURE, false, false, false, false",
        "ALWAYS, true, false, false, true",
        "ALWAYS, true, false, true, true",
        "ALWAYS, true, true, false, false",
        "ALWAYS, false, false, false, true",
        "ALWAYS, false, false, true, false",
        "ALWAYS, false, true, false, false"
    })
    void shouldCoverAnEndAsThePolicySays(
            RestartPolicy policy, boolean failed, boolean toldEnd, boolean exhausted, boolean expected) {
        Restarts restarts = new Restarts(
                new Supervision(policy, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(restarts.covers(failed, toldEnd, exhausted)).isEqualTo(expected);
    }

    @Test
    void shouldRunAgainAtOnceAndForEverWhenNothingIsSaid() {
        Restarts restarts = restarts(0, null, null, null);

        for (int i = 0; i < 1000; i++) {
            assertThat(restarts.next(i)).isZero();
        }
    }

    @Test
    void shouldDoubleTheDelayUpToItsLimit() {
        Restarts restarts = restarts(0, 1L, 5L, null);

        assertThat(restarts.next(0)).isEqualTo(SECOND);
        assertThat(restarts.next(0)).isEqualTo(2 * SECOND);
        assertThat(restarts.next(0)).isEqualTo(4 * SECOND);
        assertThat(restarts.next(0)).isEqualTo(5 * SECOND);
        assertThat(restarts.next(0)).isEqualTo(5 * SECOND);
    }

    @Test
    void shouldNeverComeBackToShortDelaysHoweverOftenItIsDoubled() {
        Restarts restarts = restarts(0, 1L, null, null);

        long last = 0;
        for (int i = 0; i < 200; i++) {
            long delay = restarts.next(0);
            assertThat(delay).isGreaterThanOrEqualTo(last);
            last = delay;
        }
        assertThat(last).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldBeUsedUpAfterSoMany() {
        Restarts restarts = restarts(2, null, null, null);

        assertThat(restarts.next(0)).isZero();
        assertThat(restarts.next(Long.MAX_VALUE / 2)).isZero();
        assertThat(restarts.next(Long.MAX_VALUE / 2)).isEqualTo(Restarts.USED_UP);
        assertThat(restarts.next(Long.MAX_VALUE / 2)).isEqualTo(Restarts.USED_UP);
    }

    @Test
    void shouldCountTheWindowFromItsFirstRestart() {
        Restarts restarts = restarts(2, 1L, null, 10L);

        assertThat(restarts.next(5 * SECOND)).isEqualTo(SECOND);
        assertThat(restarts.next(14 * SECOND)).isEqualTo(2 * SECOND);
        assertThat(restarts.next(15 * SECOND - 1)).as("the window is not over").isEqualTo(Restarts.USED_UP);
        assertThat(restarts.next(15 * SECOND)).as("and so is the delay anew").isEqualTo(SECOND);
        assertThat(restarts.next(24 * SECOND)).isEqualTo(2 * SECOND);
        assertThat(restarts.next(24 * SECOND)).isEqualTo(Restarts.USED_UP);
    }
}
