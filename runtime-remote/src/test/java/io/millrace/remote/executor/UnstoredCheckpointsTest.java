package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ExecutorMessage.StoreCheckpoint;
import io.millrace.remote.wire.PartId;
import org.junit.jupiter.api.Test;

class UnstoredCheckpointsTest {
    private static final PartId PART = new PartId("job", 0);

    private final UnstoredCheckpoints checkpoints = new UnstoredCheckpoints();

    private StoreCheckpoint add(String code, int value) {
        return checkpoints.add(PART, 7, code, new byte[] {(byte) value});
    }

    @Test
    void shouldSayTheLastOfEachUntilItIsAnsweredFor() {
        StoreCheckpoint first = add("a", 1);
        StoreCheckpoint other = add("b", 2);
        StoreCheckpoint last = add("a", 3);

        assertThat(checkpoints.onAnswered(first.number())).isEmpty();
        assertThat(checkpoints.messages()).containsExactly(other, last);
        assertThat(checkpoints.onAnswered(last.number())).hasValue(last);
        assertThat(checkpoints.messages()).containsExactly(other);
    }

    @Test
    void shouldWaitForAPartWhileOneOfItsIsUnanswered() {
        StoreCheckpoint only = add("a", 1);

        assertThat(checkpoints.isWaiting(PART, 7)).isTrue();
        assertThat(checkpoints.isWaiting(PART, 8)).isFalse();
        checkpoints.onAnswered(only.number());
        assertThat(checkpoints.isWaiting(PART, 7)).isFalse();
    }

    @Test
    void shouldBeOverdueWhenItWasThereTheTimeBefore() {
        StoreCheckpoint early = add("a", 1);
        assertThat(checkpoints.overdue()).isEmpty();
        add("b", 2);

        assertThat(checkpoints.overdue()).containsExactly(early);
    }

    @Test
    void shouldTellOfARefusalOnceWhileThePartIsThere() {
        StoreCheckpoint one = add("a", 1);
        StoreCheckpoint next = add("a", 2);

        assertThat(checkpoints.isNewRefusal(one)).isTrue();
        assertThat(checkpoints.isNewRefusal(next)).isFalse();
        checkpoints.forget(PART);
        assertThat(checkpoints.isNewRefusal(next)).isTrue();
    }
}
