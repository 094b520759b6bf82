package io.millrace.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.peers.Budget.Ratio;
import io.millrace.benchmarks.peers.Results.Measured;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final Results results = new Results();

    @Test
    void shouldHoldTheMedianAgainstTheLimitWhenBothRowsWereMeasured() {
        measured("ours", 90, 120, 500);
        measured("theirs", 100, 100, 100);

        assertThat(Budget.atMost("L3", "p50", 1.2, ours()).line(results))
                .isEqualTo("L3: p50: ratio 1.20, budget <= 1.20, holds");
        assertThat(Budget.atMost("L3", "p50", 1.1, ours()).line(results))
                .isEqualTo("L3: p50: ratio 1.20, budget <= 1.10, MISSES");
        assertThat(Budget.atLeast("L2", "rate", 1.3, ours()).line(results))
                .isEqualTo("L2: rate: ratio 1.20, budget >= 1.30, MISSES");
        assertThat(Budget.beyond("L8", "start", 30, " ms", ours()).line(results))
                .isEqualTo("L8: start: 20.00 ms, budget < 30.0 ms, holds");
        assertThat(Budget.below("L7", "idle", 120, " %", "ours", "figure").line(results))
                .isEqualTo("L7: idle: 120.00 %, budget < 120.0 %, MISSES");
    }

    @Test
    void shouldSayThatItWasNotMeasuredWhenARowFailed() {
        measured("ours", 100);
        results.add(row("theirs"), new Measured(Outcome.failed(List.of(), "no more threads"), Optional.empty()));

        assertThat(Budget.atMost("L3", "p50", 1.2, ours()).line(results))
                .isEqualTo("L3: p50: not measured, budget <= 1.20");
    }

    @Test
    void shouldCoverEveryBudgetAndNameOnlyWhatThereIs() {
        List<Chapter> chapters = Chapters.all();

        assertThat(chapters).extracting(Chapter::id).doesNotHaveDuplicates();
        assertThat(chapters).allSatisfy(chapter -> {
            assertThat(chapter.rows()).extracting(Row::id).doesNotHaveDuplicates();
            if (!chapter.chart().isEmpty()) {
                assertThat(chapter.columns()).extracting(Chapter.Column::figure).contains(chapter.chart());
            }
        });
        Set<String> budgets = chapters.stream()
                .flatMap(chapter -> chapter.budgets().stream())
                .map(Budget::id)
                .collect(Collectors.toSet());
        assertThat(budgets).containsExactlyInAnyOrder("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10");
    }

    @Test
    void shouldJudgeEveryBudgetWhenEveryRowHasEveryFigure() {
        for (Chapter chapter : Chapters.all()) {
            Results all = new Results();
            Map<String, Double> figures =
                    chapter.columns().stream().collect(Collectors.toMap(Chapter.Column::figure, column -> 1.0));
            chapter.rows()
                    .forEach(row -> all.add(
                            row, new Measured(new Outcome(figures, List.of(), Optional.empty()), Optional.of(0.0))));

            if (!chapter.rows().isEmpty()) {
                assertThat(chapter.budgets())
                        .allSatisfy(budget -> assertThat(budget.line(all)).doesNotContain("not measured"));
            }
        }
    }

    private static Ratio ours() {
        return new Ratio("ours", "theirs", "figure");
    }

    private void measured(String row, double... values) {
        for (double value : values) {
            Outcome outcome = new Outcome(Map.of("figure", value), List.of(), Optional.empty());
            results.add(row(row), new Measured(outcome, Optional.empty()));
        }
    }

    private static Row row(String id) {
        return new JvmRow(id, id, Probe.class, List.of(), List.of());
    }
}
