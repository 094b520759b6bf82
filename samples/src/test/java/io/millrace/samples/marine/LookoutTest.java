package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.InvalidConfigException;
import io.millrace.testkit.HarnessBuilder;
import io.millrace.testkit.NodeHarness;
import org.junit.jupiter.api.Test;

class LookoutTest {

    @Test
    void shouldRaiseBelowThreeAndClearAboveThreeAndAHalf() {
        NodeHarness lookout = builder().open();

        depths(lookout, 10, 3.0, 2.99, 1, 3.2, 3.5, 2.5, 3.51, 3.2, 3.0, 2.0);

        assertThat(lookout.sent("alarm", Alarm::read))
                .containsExactly(
                        new Alarm(2000, 2.99, 3.0, true),
                        new Alarm(7000, 3.51, 3.5, false),
                        new Alarm(10_000, 2.0, 3.0, true));
    }

    @Test
    void shouldUseItsOwnLimitsWhenTheyAreSaid() {
        NodeHarness lookout =
                builder().config("raise_below", 10).config("clear_above", 10.0).open();

        depths(lookout, 9.9, 10.0, 10.1);

        assertThat(lookout.sent("alarm", Alarm::read)).extracting(Alarm::raised).containsExactly(true, false);
    }

    @Test
    void shouldRefuseWhenTheLimitsAreTheWrongWayRound() {
        assertThatThrownBy(() -> builder().config("raise_below", 4).open())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(
                        "node 'node': config 'clear_above' must not be less than 'raise_below', which is 4.0, found 3.5");
    }

    private static HarnessBuilder builder() {
        return NodeHarness.of(new Lookout()).input("depth").output("alarm");
    }

    private static void depths(NodeHarness lookout, double... meters) {
        for (int i = 0; i < meters.length; i++) {
            long timeMs = i * 1000L;
            double depth = meters[i];
            lookout.feed("depth", out -> Depth.write(out, timeMs, depth));
        }
    }
}
