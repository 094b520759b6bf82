package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RhythmTest {
    private final Rhythm rhythm = new Rhythm(0);

    @Test
    void shouldCountWhatWasNotSeenWhenItTellsTheRate() {
        rhythm.onMessage(0, 0, 100);
        rhythm.onMessage(10_000_000, 0, 100);
        rhythm.onMessage(50_000_000, 2, 100);

        Rhythm.Beat beat = rhythm.beat(500_000_000);

        assertThat(beat.perSecond()).isCloseTo(10, within(1e-9));
        assertThat(beat.bytesPerSecond()).isCloseTo(1000, within(1e-9));
        assertThat(beat.missing()).isEqualTo(2);
        assertThat(beat.intervals()).as("an interval over a gap says nothing").isEqualTo(1);
    }

    @Test
    void shouldSayHowEvenlyMessagesAreSent() {
        for (long sentMs : new long[] {0, 10, 20, 40}) {
            rhythm.onMessage(sentMs * 1_000_000, 0, 8);
        }

        Rhythm.Beat beat = rhythm.beat(1_000_000_000);

        assertThat(beat.meanNs()).isEqualTo(13_333_333);
        assertThat(beat.deviationNs()).isEqualTo(4_714_045);
        assertThat(beat.minNs()).isEqualTo(10_000_000);
        assertThat(beat.maxNs()).isEqualTo(20_000_000);
        assertThat(beat)
                .hasToString("4/s  32 B/s  4 messages in 1.00 s  every 13.3 ms +- 4.71 ms, from 10.0 ms to 20.0 ms");
    }

    @Test
    void shouldBeginAnewWhenItHasTold() {
        rhythm.onMessage(0, 0, 8);
        rhythm.beat(1_000_000_000);

        Rhythm.Beat silent = rhythm.beat(2_000_000_000);

        assertThat(silent.messages()).isZero();
        assertThat(silent).hasToString("0/s  0 B/s  0 messages in 1.00 s");
        assertThat(silent.toJson()).containsEntry("intervalMeanNs", null).containsEntry("perSecond", 0.0);
    }

    @Test
    void shouldKeepTheIntervalThatBeganBeforeWhenItGoesOn() {
        rhythm.onMessage(900_000_000, 0, 8);
        rhythm.beat(1_000_000_000);
        rhythm.onMessage(1_100_000_000, 0, 8);

        assertThat(rhythm.beat(2_000_000_000).meanNs()).isEqualTo(200_000_000);
    }
}
