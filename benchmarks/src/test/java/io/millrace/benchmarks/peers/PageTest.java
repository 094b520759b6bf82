package io.millrace.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.peers.Budget.Ratio;
import io.millrace.benchmarks.peers.Results.Measured;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Row OURS = new JvmRow("ours", "Millrace", Probe.class, List.of("-XX:+UseSerialGC"), List.of());
    private static final Row THEIRS = new JvmRow("theirs", "a peer", Probe.class, List.of(), List.of());
    private static final Chapter CHAPTER = new Chapter(
            "hop",
            "One hop",
            "As fast as it goes.",
            List.of(new Chapter.Column("p50", "p50 us", 1)),
            "p50",
            List.of(OURS, THEIRS),
            List.of(Budget.atMost("L1", "hop", 1.3, new Ratio("ours", "theirs", "p50"))));

    private final Results results = new Results();

    @Test
    void shouldShowBudgetTableAndChartWhenBothWereMeasured() throws IOException {
        measured(OURS, 1.0, 0.01);
        measured(THEIRS, 2.0, 0.01);

        assertThat(page())
                .contains("L1: hop: ratio 0.50, budget <= 1.30, holds")
                .contains("| Millrace |    1.0 |          1 % |")
                .contains("Millrace " + "#".repeat(25) + " 1.0")
                .contains("a peer   " + "#".repeat(50) + " 2.0")
                .contains("- flags of the JVMs that measure: `-XX:+UseSerialGC`; none")
                .anyMatch(line -> line.startsWith("- machine: "))
                .anyMatch(line -> line.contains(", `benchmarks/peers --quick`, one JVM for each row"))
                .noneMatch(line -> line.startsWith("- **!**"));
    }

    @Test
    void shouldMarkTheRowWhenOthersUsedTheCores() throws IOException {
        measured(OURS, 1.0, 0.01);
        measured(THEIRS, 2.0, 0.42);

        assertThat(page())
                .contains("| a peer   |    2.0 |       42 % ! |")
                .anyMatch(line -> line.startsWith("- **!** others used more than 3 % of the cores"));
    }

    @Test
    void shouldSayWhyWhenARowFailed() throws IOException {
        measured(OURS, 1.0, 0.01);
        results.add(THEIRS, new Measured(Outcome.failed(List.of(), "exit code 1: no more threads"), Optional.of(0.0)));

        assertThat(page())
                .contains("L1: hop: not measured, budget <= 1.30")
                .contains("- a peer failed: exit code 1: no more threads")
                .contains("| a peer   |      - |          0 % |");
    }

    private void measured(Row row, double value, double others) {
        Outcome outcome = new Outcome(Map.of("p50", value), ((JvmRow) row).flags(), Optional.empty());
        results.add(row, new Measured(outcome, Optional.of(others)));
    }

    private List<String> page() throws IOException {
        Page page = new Page("benchmarks/peers --quick", 3, 1);
        page.add(CHAPTER, results);
        return page.lines();
    }
}
