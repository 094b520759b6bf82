package io.millrace.remote.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsPageTest {
    private final MetricsPage page = new MetricsPage();

    @Test
    void shouldWriteHelpTypeAndSamplesWithWhatIsSpecialEscaped() {
        page.counter("a_total", "What \"a\" is\nor \\ was.").add(7, "name", "x\"y\\z\nq", "other", "");
        page.gauge("b", "B.").add(1.5).add(Double.NaN, "l", "v");

        assertThat(page).hasToString("""
                # HELP a_total What "a" is\\nor \\\\ was.
                # TYPE a_total counter
                a_total{name="x\\"y\\\\z\\nq",other=""} 7
                # HELP b B.
                # TYPE b gauge
                b 1.5
                b{l="v"} NaN
                """);
    }

    @Test
    void shouldRefuseANameThatIsThereAndALabelWithoutValue() {
        MetricsPage.Family family = page.gauge("a", "A.");

        assertThatThrownBy(() -> page.counter("a", "Again.")).hasMessageContaining("'a'");
        assertThatThrownBy(() -> family.add(1, "label")).hasMessageContaining("'label'");
    }
}
