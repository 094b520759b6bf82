package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstOfKindTest {
    private final FirstOfKind kinds = new FirstOfKind();

    @Test
    void shouldTellTheFirstOfEachKindFromTheOthersAndCountThose() {
        assertThat(kinds.isNew("a")).isTrue();
        assertThat(kinds.isNew("b")).isTrue();
        assertThat(kinds.repeats()).isEmpty();
        assertThat(kinds.isNew("a")).isFalse();
        assertThat(kinds.isNew("a")).isFalse();
        assertThat(kinds.repeats()).contains("a (3 times)");
    }

    @Test
    void shouldKeepABoundedNumberOfKindsWhateverComes() {
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            told += kinds.isNew("kind " + i) ? 1 : 0;
        }
        assertThat(told).isEqualTo(33);
        assertThat(kinds.repeats()).contains("others (9968 times)");
    }
}
