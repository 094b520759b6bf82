package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportingTest {
    private final List<PartReport> reports =
            IntStream.range(0, 10).mapToObj(ReportingTest::report).toList();

    @Test
    void shouldTellAllInFullWhenItFits() {
        assertThat(new Reporting(1 << 20).of(reports)).isEqualTo(reports);
        assertThat(new Reporting(1 << 20).of(List.of())).isEmpty();
    }

    @Test
    void shouldNameWhatDoesNotFitAndTellItNext() {
        Reporting reporting = new Reporting(3 * reports.get(0).sizeBytes());
        Set<PartReport> told = new HashSet<>();

        for (int i = 0; i < 4; i++) {
            List<PartReport> message = reporting.of(reports);
            assertThat(message).extracting(PartReport::id).containsExactlyElementsOf(ids());
            assertThat(message).filteredOn(reports::contains).hasSize(3);
            message.stream().filter(reports::contains).forEach(told::add);
        }

        assertThat(told).containsExactlyInAnyOrderElementsOf(reports);
    }

    @Test
    void shouldTellOneInFullHoweverLargeItIs() {
        assertThat(new Reporting(1).of(reports)).filteredOn(reports::contains).containsExactly(reports.get(0));
    }

    private List<PartId> ids() {
        return reports.stream().map(PartReport::id).toList();
    }

    private static PartReport report(int number) {
        return new PartReport(
                new PartId("job", number),
                7,
                PartState.RUNNING,
                List.of(),
                List.of(),
                false,
                Map.of(),
                List.of("a", "b"),
                Optional.empty());
    }
}
