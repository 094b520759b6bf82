package io.millrace.remote.wire;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import java.util.Comparator;
import java.util.List;

/**
 * A problem that an executor found.
 *
 * @param machineId empty where it was found by nobody in particular
 */
public record Finding(String machineId, Problem.Severity severity, Location location, String text) {
    private static final int BRIEF_TEXT = 256;
    private static final int PLACE_BYTES = 24; // severity, line and column

    /** The first of them, of too many the errors before all else, each in full as long as all of these have room. */
    public static List<Finding> shortened(List<Finding> all, int maxCount, int maxBytes) {
        List<Finding> ranked = all.size() <= maxCount
                ? all
                : all.stream()
                        .sorted(Comparator.comparing(Finding::isError).reversed())
                        .toList();
        return Shortened.list(ranked, maxCount, maxBytes, Finding::sizeBytes, Finding::brief);
    }

    private boolean isError() {
        return severity == Problem.Severity.ERROR;
    }

    /** What it takes on its way at the most. */
    public int sizeBytes() {
        return Shortened.sizeBytes(machineId)
                + Shortened.sizeBytes(location.file())
                + Shortened.sizeBytes(text)
                + PLACE_BYTES;
    }

    private Finding brief() {
        return new Finding(
                Shortened.text(machineId, BRIEF_TEXT),
                severity,
                new Location(Shortened.text(location.file(), BRIEF_TEXT), location.line(), location.column()),
                Shortened.text(text, BRIEF_TEXT));
    }
}
