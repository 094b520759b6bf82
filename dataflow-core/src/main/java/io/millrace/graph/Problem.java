package io.millrace.graph;

import java.util.Comparator;
import java.util.Locale;

/**
 * One finding about a dataflow: what was found, what was expected and how to mend it, in one sentence.
 *
 * @param message lowercase, values quoted, without severity or location
 */
public record Problem(Severity severity, Location location, String message) {
    private static final int MAX_LENGTH = 2_000;

    /** In the order of the file, errors first where a place has several. */
    public static final Comparator<Problem> BY_LOCATION = (one, other) -> {
        int order = one.location.compareTo(other.location);
        return order != 0 ? order : one.severity.compareTo(other.severity);
    };

    /** Makes the message one printable line of bounded length, whatever a hostile file put into it. */
    public Problem {
        message = printable(message);
    }

    public enum Severity {
        /** The dataflow cannot be used. */
        ERROR,
        /** It can, but probably not as its author meant. */
        WARNING,
        /** Worth knowing. */
        NOTE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The text in quotes, cut short where it is long. */
    public static String quote(String text) {
        int shown = 40;
        int longest = 128;
        return text.length() <= longest ? "'" + text + "'" : "'" + text.substring(0, shown) + "...'";
    }

    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(MAX_LENGTH).forEach(c -> {
            if (isUnprintable(c)) {
                line.append(c == '\n' ? "\\n" : String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return text.length() > MAX_LENGTH ? line.append("...").toString() : line.toString();
    }

    /** Also characters that turn the writing direction, or are half of one. */
    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
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
