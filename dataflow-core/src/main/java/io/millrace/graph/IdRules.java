package io.millrace.graph;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an id may look like. */
final class IdRules {
    private static final int MAX_LENGTH = 128;
    private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Set<String> RESERVED = Set.of("dora", "millrace");

    private IdRules() {}

    /** What is wrong with the id, as the end of a sentence that begins with the id; empty if nothing is */
    static Optional<String> complaint(String id) {
        if (id.isEmpty()) {
            return Optional.of("is empty: expected 1 to 128 of A-Z a-z 0-9 _ . -");
        }
        if (id.length() > MAX_LENGTH) {
            return Optional.of("has " + id.length() + " characters: expected at most " + MAX_LENGTH);
        }
        if (!CHARACTERS.matcher(id).matches()) {
            return Optional.of("has characters other than A-Z a-z 0-9 _ . -");
        }
        if (id.startsWith(".")) {
            return Optional.of("begins with a dot");
        }
        return RESERVED.contains(id) ? Optional.of("is reserved for built-in sources") : Optional.empty();
    }

    /** As {@link #complaint}, for an output, whose id may be made of several segments. */
    static Optional<String> outputComplaint(String id) {
        if (!id.contains("/")) {
            return complaint(id);
        }
        if (id.length() > MAX_LENGTH) {
            return complaint(id);
        }
        return Arrays.stream(id.split("/", -1))
                .map(segment -> segment.isEmpty() ? Optional.of("has an empty segment") : complaint(segment))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
