package io.millrace.graph;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a misspelt name was probably meant to be, for error messages. Bounded in time whatever it is given. */
public final class Suggestions {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_CANDIDATES = 500;
    private static final int MAX_LISTED = 20;

    private Suggestions() {}

    /** The candidate nearest to the name, if it is near enough to be a slip; case, {@code -} and {@code _} count for nothing. */
    public static Optional<String> nearest(String name, Collection<String> candidates) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String wanted = simplify(name);
        int allowed = Math.max(1, Math.min(3, name.length() / 3));
        return candidates.stream()
                .limit(MAX_CANDIDATES)
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= allowed)
                .map(candidate -> new Scored(candidate, distance(wanted, simplify(candidate))))
                .filter(scored -> scored.distance <= allowed)
                .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::candidate))
                .map(Scored::candidate);
    }

    /** {@code "; did you mean 'x'?"}, or nothing where no candidate is near. */
    public static String didYouMean(String name, Collection<String> candidates) {
        return sentence(nearest(name, candidates));
    }

    static String sentence(Optional<String> suggestion) {
        return suggestion.map(near -> "; did you mean '" + near + "'?").orElse("");
    }

    /** {@code [a, b, c]}, cut short where there are many or they are long. */
    public static String list(Collection<String> names) {
        String shown = names.stream()
                .limit(MAX_LISTED)
                .map(name -> name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "...")
                .collect(Collectors.joining(", "));
        return names.size() <= MAX_LISTED
                ? "[" + shown + "]"
                : "[" + shown + " and " + (names.size() - MAX_LISTED) + " more]";
    }

    private static String simplify(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** How many letters must be put in, left out, replaced or swapped with their neighbour to turn one word into the other. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }

    private record Scored(String candidate, int distance) {}
}
