package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Spread;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What was promised, and whether a run holds it. */
record Budget(String id, String what, String limit, Function<Results, Optional<Judgement>> judge) {

    /** @param value what is held against the limit, for people to read */
    record Judgement(String value, boolean holds) {}

    /** The line of the report. */
    String line(Results results) {
        return id + ": " + what + ": "
                + judge.apply(results)
                        .map(found -> found.value() + ", budget " + limit + ", " + (found.holds() ? "holds" : "MISSES"))
                        .orElse("not measured, budget " + limit);
    }

    static Budget atMost(String id, String what, double limit, Ratio ratio) {
        return new Budget(
                id,
                what,
                format("<= %.2f", limit),
                results -> ratio.of(results).map(value -> new Judgement(format("ratio %.2f", value), value <= limit)));
    }

    static Budget atLeast(String id, String what, double limit, Ratio ratio) {
        return new Budget(
                id,
                what,
                format(">= %.2f", limit),
                results -> ratio.of(results).map(value -> new Judgement(format("ratio %.2f", value), value >= limit)));
    }

    /** A figure of one row by itself. */
    static Budget below(String id, String what, double limit, String unit, String row, String figure) {
        return new Budget(
                id,
                what,
                format("< %.1f", limit) + unit,
                results -> median(results, row, figure)
                        .map(value -> new Judgement(format("%.2f", value) + unit, value < limit)));
    }

    /** A figure of one row less the same of another. */
    static Budget beyond(String id, String what, double limit, String unit, Ratio rows) {
        return new Budget(
                id,
                what,
                format("< %.1f", limit) + unit,
                results -> rows.difference(results)
                        .map(value -> new Judgement(format("%.2f", value) + unit, value < limit)));
    }

    /** One row's median beside another's. */
    record Ratio(String measured, String yardstick, String figure) {
        Optional<Double> of(Results results) {
            return median(results, measured, figure)
                    .flatMap(value -> median(results, yardstick, figure).map(beside -> value / beside));
        }

        Optional<Double> difference(Results results) {
            return median(results, measured, figure)
                    .flatMap(value -> median(results, yardstick, figure).map(beside -> value - beside));
        }
    }

    static Optional<Double> median(Results results, String row, String figure) {
        return results.spread(row, figure).map(Spread::median);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
