package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PulseTest {
    private final Pulse pulse = new Pulse();

    @Test
    void shouldBeInsideFromEnterToLeaveAndChangeEachTime() {
        long before = pulse.look();
        pulse.enter();
        long first = pulse.look();
        pulse.beat();
        long second = pulse.look();
        pulse.leave();
        long after = pulse.look();

        assertThat(Pulse.isInside(before)).isFalse();
        assertThat(Pulse.isInside(first)).isTrue();
        assertThat(Pulse.isInside(second)).isTrue();
        assertThat(Pulse.isInside(after)).isFalse();
        assertThat(new long[] {before, first, second, after}).doesNotHaveDuplicates();
    }

    @Test
    void shouldNotBeInsideWhileItRests() {
        pulse.enter();
        long before = pulse.look();
        boolean wasInside = pulse.rest();
        assertThat(Pulse.isInside(pulse.look())).isFalse();
        pulse.resume(wasInside);

        assertThat(Pulse.isInside(pulse.look())).isTrue();
        assertThat(pulse.look()).isNotEqualTo(before);
    }

    @Test
    void shouldStayOutsideWhenItRestsThere() {
        pulse.resume(pulse.rest());

        assertThat(Pulse.isInside(pulse.look())).isFalse();
    }
}
