package io.millrace.remote.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.log.MetadataLog;
import io.millrace.remote.state.ClusterEntry;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportEntriesTest {
    @Test
    void shouldTellOneEntryOfWhatFits() {
        PartReport old = report(1, PartState.RUNNING, List.of(), List.of());
        PartReport fresh = report(2, PartState.ENDED, List.of(failure()), List.of("a"));

        List<List<PartReport>> entries = ReportEntries.of(List.of(old, fresh), report -> report == fresh);

        assertThat(entries).containsExactly(List.of(old.presence(), fresh));
    }

    @Test
    void shouldNameThePartsWhenOnlyOneThatIsNotThereIsNews() {
        PartReport old = report(1, PartState.RUNNING, List.of(), List.of());

        assertThat(ReportEntries.of(List.of(old), report -> false)).containsExactly(List.of(old.presence()));
    }

    @Test
    void shouldTellEveryPartOnceInEntriesThatALogTakes() {
        List<FailureRecord> failures = Collections.nCopies(100, failure());
        List<PartReport> reports = IntStream.range(0, 50)
                .mapToObj(number -> report(number, PartState.ENDED, failures, List.of()))
                .toList();

        List<List<PartReport>> entries = ReportEntries.of(reports, report -> true);

        assertThat(entries).hasSizeGreaterThan(1).allSatisfy(entry -> {
            assertThat(bytes(entry)).isLessThan(MetadataLog.MAX_ENTRY_BYTES);
            assertThat(entry).extracting(PartReport::id).hasSize(50);
        });
        for (int i = 0; i < reports.size(); i++) {
            int part = i;
            assertThat(entries.stream().map(entry -> entry.get(part)))
                    .filteredOn(told -> told.state() == PartState.ENDED)
                    .containsExactly(reports.get(part));
        }
    }

    @Test
    void shouldTellOfManyNodesInPortionsOfWhichTheLastSaysThatTheyHaveEnded() {
        List<String> nodes = IntStream.range(0, 45_000)
                .mapToObj(number -> "a-node-with-a-long-name-" + number)
                .toList();
        PartReport report = report(1, PartState.ENDED, List.of(failure()), nodes);

        List<List<PartReport>> entries = ReportEntries.of(List.of(report), any -> true);

        Set<String> told = new HashSet<>();
        entries.forEach(entry -> told.addAll(entry.get(0).endedNodes()));
        assertThat(entries).allSatisfy(entry -> assertThat(bytes(entry)).isLessThan(MetadataLog.MAX_ENTRY_BYTES));
        assertThat(told.equals(new HashSet<>(nodes))).isTrue(); // compared one by one it takes a minute
        assertThat(entries)
                .extracting(entry -> entry.get(0).state())
                .startsWith(PartState.STOPPING)
                .endsWith(PartState.ENDED)
                .filteredOn(PartState::isFinal)
                .hasSize(1);
        assertThat(entries.get(entries.size() - 1).get(0).failures()).containsExactly(failure());
    }

    private static int bytes(List<PartReport> entry) {
        return ClusterEntry.codec().encode(new ClusterEntry.PartsReported(1, "boat", "boat-1", entry)).length;
    }

    private static PartReport report(int number, PartState state, List<FailureRecord> failures, List<String> ended) {
        return new PartReport(
                new PartId("job", number), 7, state, List.of(), failures, false, Map.of(), ended, Optional.empty());
    }

    private static FailureRecord failure() {
        return new FailureRecord(
                "a", "java.lang.IllegalStateException", "m".repeat(4096), Collections.nCopies(64, "f".repeat(100)));
    }
}
