package io.millrace.local.program;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What goes wrong again and again, at the will of somebody else: the first of each kind is worth a line in the log, the others are counted. Used by one thread. */
final class FirstOfKind {
    private static final int MOST_KINDS = 32;
    private static final String OTHERS = "others";

    private final Map<String, Long> counts = new LinkedHashMap<>();

    /** Counts one; whether it is the first of its kind. */
    boolean isNew(String kind) {
        String counted = counts.containsKey(kind) || counts.size() < MOST_KINDS ? kind : OTHERS;
        return counts.merge(counted, 1L, Long::sum) == 1;
    }

    /** Those that came more than once, with how often; empty if none did. */
    Optional<String> repeats() {
        String text = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + " times)")
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
