package io.millrace.local.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamPauseTest {
    private final StreamPause pause = new StreamPause(true);

    @Test
    void shouldPauseOnceForEachTimeThatADenseStreamWasCaughtUpWith() {
        assertThat(isDueAfter(128)).isFalse();
        assertThat(isDueAfter(128)).isTrue();
        assertThat(pause.isDue()).as("a second cycle without a message").isFalse();
        assertThat(isDueAfter(2)).isTrue();
    }

    @Test
    void shouldNotPauseWhenTheThreadMayNotKeepItsCore() {
        StreamPause off = new StreamPause(false);
        for (int i = 0; i < 1000; i++) {
            off.onMessage();
        }

        assertThat(off.isDue()).isFalse();
    }

    @Test
    void shouldNeverPauseWhenMessagesComeOneByOne() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(isDueAfter(1)).isFalse();
        }
    }

    @Test
    void shouldBeginAnewWhenThereWasAGap() {
        assertThat(isDueAfter(1000)).isTrue();
        for (int cycle = 0; cycle < 17; cycle++) {
            assertThat(pause.isDue()).isFalse();
        }

        assertThat(isDueAfter(255)).isFalse();
        assertThat(isDueAfter(2)).isTrue();
    }

    private boolean isDueAfter(int messages) {
        for (int i = 0; i < messages; i++) {
            pause.onMessage();
        }
        return pause.isDue();
    }
}
