package io.millrace.remote.chaos;

import java.time.Duration;
import java.util.List;

/** What rounds came to, for people. */
final class Table {
    private Table() {}

    static String of(List<Round> rounds, List<String> atEnd, long seed, Duration duration) {
        StringBuilder text = new StringBuilder("\nseed " + seed + ", " + rounds.size() + " rounds, this time "
                + duration.toSeconds() + " s\n\n"
                + "| what | rounds | broken | recovery, median | worst | measured |\n|---|---|---|---|---|---|\n");
        for (Kind kind : Kind.values()) {
            List<Round> ofKind =
                    rounds.stream().filter(round -> round.kind() == kind).toList();
            if (!ofKind.isEmpty()) {
                text.append(row(kind, ofKind));
            }
        }
        rounds.stream()
                .filter(round -> !round.broken().isEmpty())
                .forEach(round -> text.append("\nbroken in round ").append(round.line()));
        atEnd.forEach(each -> text.append("\nat the end: ").append(each));
        return text.append("\n").toString();
    }

    private static String row(Kind kind, List<Round> rounds) {
        long[] sorted = rounds.stream()
                .mapToLong(Round::recoveryMs)
                .filter(ms -> ms >= 0)
                .sorted()
                .toArray();
        long bad = rounds.stream().filter(round -> !round.broken().isEmpty()).count();
        String median = sorted.length == 0 ? "-" : sorted[sorted.length / 2] + " ms";
        String worst = sorted.length == 0 ? "-" : sorted[sorted.length - 1] + " ms";
        return "| " + kind.words() + " | " + rounds.size() + " | " + bad + " | " + median + " | " + worst + " | "
                + kind.measured() + " |\n";
    }
}
