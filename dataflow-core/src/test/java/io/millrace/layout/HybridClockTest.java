package io.millrace.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.node.Clock;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HybridClockTest {
    private static final long SECOND = 1L << 32;
    private static final long COUNTER_MASK = 0xF;

    private final ManualClock time = new ManualClock();
    private final HybridClock clock = new HybridClock(time);

    @Test
    void shouldGiveTheWallClocksTimeWhenItWasUpdated() {
        time.advance(Duration.ofMillis(250));
        clock.update();

        Instant stamped = instant(clock.next());

        assertThat(Duration.between(ManualClock.DEFAULT_START.plusMillis(250), stamped)
                        .toNanos())
                .isBetween(-4L, 0L);
    }

    @Test
    void shouldGrowByOneWhenTheTimeStandsStill() {
        long first = clock.next();

        assertThat(clock.next()).isEqualTo(first + 1);
        assertThat(clock.next()).isEqualTo(first + 2);
    }

    @Test
    void shouldLeaveTheCounterAtZeroWhenTimeHasPassed() {
        clock.next();
        clock.next();
        time.advance(Duration.ofMillis(1));
        clock.update();

        assertThat(clock.next() & COUNTER_MASK).isZero();
    }

    @Test
    void shouldNotReadTheTimeWhenItIsOnlyAskedForATimestamp() {
        long before = clock.next();
        time.advance(Duration.ofSeconds(5));

        assertThat(clock.next()).isEqualTo(before + 1);
    }

    @Test
    void shouldReturnTheMonotonicTimeWhenItIsUpdated() {
        time.advance(Duration.ofMillis(3));

        assertThat(clock.update()).isEqualTo(time.nanoTime());
    }

    @Test
    void shouldFollowTheWallClockWhenMoreThanASecondHasPassed() {
        for (int step = 0; step < 40; step++) {
            time.advance(Duration.ofMillis(333));
            clock.update();
            assertThat(HybridClock.epochNanos(clock.next()))
                    .as("after step %s", step)
                    .isCloseTo(time.epochNanos(), within(4L));
        }
    }

    @Test
    void shouldTakeOverTheWallClocksLeapWhenASecondHasPassed() {
        LeapingClock leaping = new LeapingClock();
        HybridClock hybrid = new HybridClock(leaping);
        leaping.epochNs += Duration.ofHours(1).toNanos();
        leaping.nanoTime += 999_999_999;
        hybrid.update();
        long before = hybrid.next();
        leaping.nanoTime += 1;
        hybrid.update();

        long after = hybrid.next();

        assertThat(Duration.between(instant(before), instant(after))).isGreaterThan(Duration.ofMinutes(59));
    }

    @Test
    void shouldStillGrowWhenTheWallClockIsSetBack() {
        LeapingClock leaping = new LeapingClock();
        HybridClock hybrid = new HybridClock(leaping);
        long before = hybrid.next();
        leaping.epochNs -= Duration.ofHours(1).toNanos();
        leaping.nanoTime += 2_000_000_000L;
        hybrid.update();

        assertThat(hybrid.next()).isEqualTo(before + 1);
    }

    @Test
    void shouldComeAfterAReceivedTimestampWhenThatIsAhead() {
        long ahead = clock.next() + SECOND / 4;

        clock.receive(ahead);

        assertThat(clock.next()).isEqualTo(ahead + 1);
    }

    @Test
    void shouldStayWhereItIsWhenAReceivedTimestampIsBehind() {
        long last = clock.next();

        clock.receive(last - SECOND);

        assertThat(clock.next()).isEqualTo(last + 1);
    }

    @Test
    void shouldNotFollowAReceivedTimestampWhenThatIsHalfASecondAhead() {
        long last = clock.next();
        long physical = last & ~COUNTER_MASK;

        clock.receive(physical + SECOND / 2);
        assertThat(clock.next()).isEqualTo(last + 1);

        clock.receive(physical + SECOND / 2 - 1);
        assertThat(clock.next()).isEqualTo(physical + SECOND / 2);
    }

    @Test
    void shouldJudgeAReceivedTimestampByTheTimeThatItIsWhenTheLastReadingIsOld() {
        HybridClock sender = new HybridClock(time);
        time.advance(Duration.ofSeconds(5));
        sender.update();
        long sent = sender.next();

        clock.receive(sent);

        assertThat(clock.next()).isEqualTo(sent + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void shouldNotFollowAReceivedTimestampWhenThatIsAbsurd(long absurd) {
        long last = clock.next();

        clock.receive(absurd);

        assertThat(clock.next()).isEqualTo(last + 1);
    }

    @Test
    void shouldGrowWithoutEndWhenEverythingHappensAtRandom() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            LeapingClock leaping = new LeapingClock();
            HybridClock hybrid = new HybridClock(leaping);
            long last = hybrid.next();
            for (int step = 0; step < 500; step++) {
                leaping.nanoTime += random.nextInt(700_000_000);
                leaping.epochNs += random.nextInt(2_000_000_000) - 900_000_000;
                hybrid.update();
                hybrid.receive(last + random.nextInt());
                long next = hybrid.next();
                assertThat(next).as("seed %s, step %s", seed, step).isGreaterThan(last);
                last = next;
            }
        }
    }

    @Test
    void shouldGoOnGrowingWhenTheSecondsNoLongerFitIntoThirtyOneBits() {
        ManualClock late = new ManualClock(Instant.parse("2038-01-19T03:14:07.500Z"));
        HybridClock hybrid = new HybridClock(late);
        long before = hybrid.next();
        late.advance(Duration.ofMillis(900));
        hybrid.update();

        long after = hybrid.next();

        assertThat(Long.compareUnsigned(after, before)).isPositive();
        assertThat(HybridClock.epochNanos(after)).isCloseTo(late.epochNanos(), within(4L));
    }

    @Test
    void shouldFollowAReceivedTimestampWhenTheSecondsNoLongerFitIntoThirtyOneBits() {
        HybridClock hybrid = new HybridClock(new ManualClock(Instant.parse("2038-01-19T03:14:07.900Z")));
        long ahead = hybrid.next() + SECOND / 4;

        hybrid.receive(ahead);

        assertThat(hybrid.next()).isEqualTo(ahead + 1);
    }

    @Test
    void shouldStandAtTheBeginOfTimeWhenTheWallClockIsBeforeIt() {
        assertThat(HybridClock.ntp64(-1)).isZero();
        assertThat(HybridClock.ntp64(Long.MIN_VALUE)).isZero();
    }

    @Test
    void shouldPutSecondsAboveAndTheFractionBelow() {
        assertThat(HybridClock.ntp64(1_000_000_000L)).isEqualTo(SECOND);
        assertThat(HybridClock.ntp64(1_500_000_000L)).isEqualTo(SECOND + SECOND / 2);
        assertThat(HybridClock.epochNanos(3 * SECOND + SECOND / 4)).isEqualTo(3_250_000_000L);
    }

    @Test
    void shouldLoseLessThanANanosecondWhenATimeGoesThereAndBack() {
        Random random = new Random(7);
        long lastOf2105 = Instant.parse("2105-12-31T23:59:59Z").getEpochSecond() * 1_000_000_000L;
        for (int i = 0; i < 20_000; i++) {
            long epochNs = random.nextLong(lastOf2105);
            assertThat(epochNs - HybridClock.epochNanos(HybridClock.ntp64(epochNs)))
                    .as("%s", epochNs)
                    .isBetween(0L, 1L);
        }
    }

    private static Instant instant(long timestamp) {
        return Instant.EPOCH.plusNanos(HybridClock.epochNanos(timestamp));
    }

    /** A clock of which the two times go their own ways. */
    private static final class LeapingClock implements Clock {
        private long nanoTime;
        private long epochNs = Instant.parse("2026-06-01T00:00:00Z").getEpochSecond() * 1_000_000_000L;

        @Override
        public long nanoTime() {
            return nanoTime;
        }

        @Override
        public long epochNanos() {
            return epochNs;
        }
    }
}
