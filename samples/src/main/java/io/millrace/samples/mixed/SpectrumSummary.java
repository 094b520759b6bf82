package io.millrace.samples.mixed;

import java.util.List;
import java.util.stream.Collectors;

/** The figures as JSON. */
final class SpectrumSummary {
    /** Digits that count: what is beyond them differs from one library of transforms to the next. */
    private static final int DIGITS = 8;

    private SpectrumSummary() {}

    static String of(List<Signal> signals, boolean isComplete) {
        String figures = signals.stream().map(SpectrumSummary::of).collect(Collectors.joining(",\n"));
        return "{\n" + figures + (isComplete ? "" : ",\n  \"complete\": false") + "\n}\n";
    }

    private static String of(Signal signal) {
        return "  " + JsonText.text(signal.name()) + ": {\n"
                + "    \"unit\": " + JsonText.text(signal.unit()) + ",\n"
                + "    \"spectra\": " + signal.count() + ",\n"
                + figure("mean", signal.mean()) + ",\n"
                + figure("standardDeviation", signal.standardDeviation()) + ",\n"
                + figure("shareSlowerThan60s", signal.shareSlowerThan(60)) + ",\n"
                + figure("shareSlowerThan10s", signal.shareSlowerThan(10)) + ",\n"
                + figure("slope", signal.line().slope()) + "\n  }";
    }

    private static String figure(String name, double value) {
        return "    " + JsonText.text(name) + ": " + JsonText.number(value, DIGITS);
    }
}
