package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopSignalsTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void shouldMeanWhatIsSaidNowAlsoWhenTheFirstOneCameBefore() {
        try (StopSignals signals = StopSignals.listen(first -> told.add("before " + first), second -> {})) {
            signals.onSignal(2);

            signals.instead(first -> told.add("now " + first), second -> told.add("again " + second));
            signals.onSignal(15);

            assertThat(told).containsExactly("before 2", "now 2", "again 15");
            assertThat(signals.received()).isEqualTo(2);
        }
    }

    @Test
    void shouldTellNobodyAnewWhenNoneHasCome() {
        try (StopSignals signals = StopSignals.listen(first -> told.add("before " + first), second -> {})) {
            signals.instead(first -> told.add("now " + first), second -> {});
            assertThat(told).isEmpty();

            signals.onSignal(2);

            assertThat(told).containsExactly("now 2");
        }
    }
}
