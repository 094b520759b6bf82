package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the rows of one chapter found, round after round. */
final class Results {
    private final Map<String, List<Measured>> byRow = new LinkedHashMap<>();

    /** @param others the share of all cores' time that others used meanwhile; empty where that cannot be known */
    record Measured(Outcome outcome, Optional<Double> others) {}

    void add(Row row, Measured measured) {
        byRow.computeIfAbsent(row.id(), key -> new ArrayList<>()).add(measured);
    }

    /** Empty if the row has no such figure, because it failed or was not run. */
    Optional<Spread> spread(String row, String figure) {
        double[] values = of(row).flatMap(measured ->
                        Stream.ofNullable(measured.outcome().figures().get(figure)))
                .mapToDouble(Double::doubleValue)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    Optional<Spread> othersPercent(String row) {
        double[] values = of(row).flatMap(measured -> measured.others().stream())
                .mapToDouble(share -> 100 * share)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    List<String> failures(String row) {
        return of(row).flatMap(measured -> measured.outcome().failure().stream())
                .distinct()
                .toList();
    }

    Stream<List<String>> flags() {
        return byRow.values().stream()
                .flatMap(List::stream)
                .map(measured -> measured.outcome().flags())
                .distinct();
    }

    private Stream<Measured> of(String row) {
        return byRow.getOrDefault(row, List.of()).stream();
    }
}
