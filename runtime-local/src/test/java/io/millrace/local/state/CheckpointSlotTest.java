package io.millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckpointSlotTest {
    private final CheckpointSlot slot = new CheckpointSlot("node", null, () -> {});
    private final CheckpointSlot other = new CheckpointSlot("other", null, () -> {});

    @Test
    void shouldFailForTheFirstTimeOnceUntilItWasWrittenWhateverBecomesOfOthers() {
        assertThat(slot.onWriteFailed()).isTrue();
        other.onWritten();
        assertThat(slot.onWriteFailed()).isFalse();
        assertThat(other.onWriteFailed()).isTrue();

        slot.onWritten();
        assertThat(slot.onWriteFailed()).isTrue();
    }
}
