package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.millrace.graph.QueuePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeOptionsTest {

    @Test
    void shouldBeNamedByTheirPolicy() {
        assertThat(SubscribeOptions.DEFAULT).isEqualTo(SubscribeOptions.dropOldest(10));
        assertThat(SubscribeOptions.backpressure(3)).isEqualTo(new SubscribeOptions(QueuePolicy.BACKPRESSURE, 3));
        assertThat(SubscribeOptions.latest()).isEqualTo(new SubscribeOptions(QueuePolicy.LATEST, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, (1 << 20) + 1})
    void shouldRefuseAQueueSizeOutOfBounds(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscribeOptions.dropOldest(size))
                .withMessage("queue size must be 1 to 1048576, found " + size);
    }

    @Test
    void shouldRefuseWhatAnInputRefuses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SubscribeOptions(QueuePolicy.LATEST, 2))
                .withMessage("the policy latest keeps one message, found queue size 2");
        assertThatNullPointerException()
                .isThrownBy(() -> new SubscribeOptions(null, 2))
                .withMessage("policy");
    }
}
