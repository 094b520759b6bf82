package io.millrace.graph;

import java.util.Comparator;

/**
 * One finding about a dataflow: what was found, what was expected and how to mend it, in one sentence.
 *
 * @param message lowercase, values quoted, without severity or location
 */
public record Problem(Severity severity, Location location, String message) {
    /** In the order of the file, errors first where a place has several. */
    public static final Comparator<Problem> BY_LOCATION =
            Comparator.comparing(Problem::location).thenComparing(Problem::severity);

    public enum Severity {
        /** The dataflow cannot be used. */
        ERROR,
        /** It can, but probably not as its author meant. */
        WARNING,
        /** Worth knowing. */
        NOTE;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public static Problem error(Location location, String message) {
        return new Problem(Severity.ERROR, location, message);
    }

    public static Problem warning(Location location, String message) {
        return new Problem(Severity.WARNING, location, message);
    }

    public static Problem note(Location location, String message) {
        return new Problem(Severity.NOTE, location, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code flow.yml:14:7: error: …}; without the location where there is none. */
    @Override
    public String toString() {
        String place = location.toString();
        return place.isEmpty() ? severity + ": " + message : place + ": " + severity + ": " + message;
    }
}
